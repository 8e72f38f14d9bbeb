//! Whatever can be written in a storming is to be seen on a page: a workspace that uses every key of the notation, each with a value that
//! stands nowhere else.

use super::{
    export::export,
    page::Templates,
    site::{Ask, Shown, Site},
};
use isobar_registry::{Workspace, release};
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

const SETTINGS: &str = r#"workspace: every
doc: DOC-workspace
owner: own-all
schema_base: https://schemas.example/base
compatibility: full
envelope: outer
envelopes:
  outer: { id: PATH-id, type: PATH-type, time: PATH-time, source: PATH-source, aggregate_id: PATH-aggregate, aggregate_type: PATH-kind, sequence: PATH-sequence, schema_version: { path: PATH-version, form: prefixed, default: v1.0 }, schema_url: PATH-url, correlation_id: PATH-correlation, causation_id: PATH-causation, user: PATH-user, data: PATH-data }
  inner: { id: PATH-inner, type: t, schema_version: v, data: d }
tags:
  secret: { doc: DOC-tag, redact: true, shred_by: SHRED-by }
  plain: { doc: DOC-plain }
teams:
  own-all: { name: TEAM-all, doc: DOC-team, email: mail@TEAM, chat: CHAT-team }
  own-context: { name: TEAM-context }
  own-consumer: { name: TEAM-consumer }
lint: { chain-depth: { max: 7531 } }
waivers:
  - { what: consumer-loses, message: ctx.Happened, names: NAMES-waiver, reason: REASON-waiver, owner: own-all, expires: 2999-12-31 }
"#;

const STORM: &str = r#"context: ctx
doc: DOC-context
owner: own-context
envelope: outer
compatibility: backward
actors:
  Person: { kind: person, doc: DOC-actor }
  Machine: { kind: system, doc: DOC-machine }
external_systems:
  Outside: { doc: DOC-external, handles: [Do] }
types:
  Key: id(key_)
  Word: { type: string, doc: DOC-type, example: EXAMPLE-type, tags: [plain], min_length: 2, max_length: 4321, pattern: "^[A-Z]", format: FORMAT-type }
  Count: { type: int, min: 17, max: 9753 }
  Kind: { enum: [VALUE-one, VALUE-two], open: true, doc: DOC-enum }
  Box: { fields: { inside: { type: string, doc: DOC-inside } }, doc: DOC-box }
  Choice: { oneof: { BRANCH-a: Box, BRANCH-b: { fields: { deep: string } } }, tag: TAG-choice, doc: DOC-choice }
aggregates:
  Thing:
    doc: DOC-aggregate
    key: id
    snapshot: { every: 8642 }
    state:
      id: Key
      status: { enum: [STATE-new, STATE-done], default: STATE-new, doc: DOC-state }
      total: int = 0
    invariants: { INVARIANT: self.total >= 0 - 4711 }
    commands:
      Do:
        doc: DOC-command
        by: [Person, Machine]
        uses: View
        creates: true
        fields: { id: Key, amount: { type: int, doc: DOC-given }, pass: { type: string?, tags: [secret], example: NEVER-SEEN } }
        requires: { REQUIREMENT: $amount > 1234 }
        emits: Happened
        fill: { note: FILL-command, kinds: [] }
        deprecated: { since: v1.0, use: Undo, remove_after: 2031-05-06, doc: DOC-deprecated-command }
        wire: WIRE-command
        envelope: inner
      Undo: { fields: {}, emits: Undone }
    events:
      Happened:
        version: v2.0
        doc: DOC-event
        pivotal: true
        wire: WIRE-event
        envelope: inner
        compatibility: forward
        renamed_from: Occurred
        deprecated: { since: v2.0, use: Undone, remove_after: 2032-07-08, doc: DOC-deprecated-event }
        fields:
          id: Key
          amount: int
          note: { type: string, doc: DOC-field, example: EXAMPLE-field, min_length: 3, wire: WIRE-field, deprecated: DEPRECATED-field, tags: [plain] }
          level: int32 = 4242
          hidden: { type: string, tags: [secret], example: NEVER-SEEN-EITHER, default: d }
          maybe: Word?
          count: Count?
          kinds: list<Kind>
          choice: Choice?
        upgrade: { amount: $amount + 3141, note: UPGRADE-note, kinds: [] }
        downgrade: { amount: $amount, old: DOWNGRADE-old }
        removed: [gone]
        apply: { status: STATE-done, total: self.total + 2718 }
        examples: [{ id: key_EXAMPLE, amount: 1, WIRE-field: PAYLOAD-note, level: 1, hidden: NEVER-SEEN, kinds: [VALUE-one] }]
      Undone: { fields: { id: Key }, dropped: false }
    scenarios:
      SCENARIO-name:
        given: [{ Undone: { id: key_GIVEN } }]
        when: { Do: { id: key_GIVEN, amount: 5678 } }
        then: { Happened: { amount: 5678 } }
        state: { total: 2718 }
events:
  Told:
    kind: notification
    from: Happened
    fields: { id: Key, why: string }
    fill: { why: FILL-event }
  Split: { splits_into: [Part], upgrade: { Part: { name: SPLIT-part } }, removed: [rest] }
  Part: { fields: { id: Key, name: string } }
  Small:
  Merged: { fields: { id: Key, less: int }, merged_from: [Small], upgrade: { Small: { less: 5151 } } }
  Over: { dropped: true }
commands:
  Free: { fields: { id: Key, why: string }, emits: Told }
read_models:
  View:
    doc: DOC-view
    key: id
    fields: { id: Key, amount: int, seen: { type: string, doc: DOC-row } }
    from:
      Happened: { upsert: { id: $id, amount: $amount + 1618, seen: SEEN-view } }
      Undone: { delete: true }
    queries: { QUERY: { by: [amount], order: -amount, returns: page } }
policies:
  Then: { doc: DOC-policy, when: Happened, if: $amount > 8080, then: Free, fill: { why: FILL-policy } }
sagas:
  Long:
    doc: DOC-saga
    style: choreographed
    starts: Told
    key: id
    steps:
      - { do: Do, ok: Happened, fail: Undone, undo: Undo, timeout: 97s }
    succeeds: Told
    fails: Undone
hotspots:
  - { at: Happened, note: NOTE-hotspot }
brokers:
  broke: { kind: pulsar, bootstrap: ["BOOT:1", "BOOT:2"] }
topics:
  way: { doc: DOC-topic, broker: broke, carries: [ctx.Thing, ctx.Told], key: aggregate_id, partitions: 1357, replication: 2468, retention: 3d, exchange: fanout, routing_key: ROUTING, headers: { HEADER: correlation_id } }
consumers:
  reader:
    doc: DOC-consumer
    owner: own-consumer
    reads: way
    offset: earliest
    delivery: exactly_once
    idempotent: { by: id, store: STORE }
    retry: { max: 7070, backoff: exponential, first: 61s }
    dlq: LETTERS
    accepts: { ctx.Happened: v1.0..v2.0 }
    needs: { ctx.Happened: [amount] }
"#;

/// What each of these is shown as, where a page says it in other words.
const SAID: &[&str] = &[
    // What stands in no value of its own: flags, kinds and the like.
    "backward",
    "forward",
    "full",
    "prefixed",
    "notification",
    "domain",
    "pivotal",
    "a person",
    "a system",
    "makes a new one",
    "every 8642 events",
    "length from 2",
    "length to 4321",
    "length from 3",
    "at least 17",
    "at most 9753",
    "^[A-Z]",
    "or another",
    "4711",
    "1234",
    "3141",
    "2718",
    "4242",
    "1618",
    "8080",
    "5151",
    "97 seconds",
    "61 seconds",
    "3 days",
    "1357",
    "2468",
    "7070",
    "5678",
    "7531",
    "pulsar",
    "exactly once",
    "earliest",
    "exponential",
    "events alone",
    "a page of rows",
    "the largest first",
    "removes its row",
    "adds or changes its row",
    "key_EXAMPLE",
    "key_GIVEN",
    "v1.0..v2.0",
    "2031-05-06",
    "2032-07-08",
    "2999-12-31",
    "consumer-loses",
    "hidden",
    "https://schemas.example/base",
    "no longer read",
    "Occurred",
    "fanout",
    "mail@TEAM",
    "chain-depth",
];

/// The workspace above, which has no errors.
fn every() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    let before = "context: ctx\ntypes: { Key: id(key_) }\nevents:\n  Occurred: { fields: { id: Key, amount: int, old: string, gone: string? } }\n  \
                  Split: { fields: { id: Key, rest: string } }\n  Small: { fields: { id: Key } }\n  Over: { fields: { id: Key } }\n";
    put("isobar.yaml", "workspace: every\n");
    put("all.storm.yaml", before);
    release(&Workspace::open(folder.path()), &[], false).unwrap();
    put("isobar.yaml", SETTINGS);
    put("all.storm.yaml", STORM);
    let workspace = Workspace::open(folder.path());
    let errors: Vec<String> = workspace
        .findings()
        .iter()
        .filter(|it| it.severity() == isobar_model::Severity::Error)
        .map(|it| it.message.clone())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    Site { workspaces: vec![Shown::new("every", Arc::new(workspace))], ..Site::default() }
}

/// What has a page of its own is found by its kind and its name, and what is found has one.
#[test]
fn everything_with_a_page_is_found() {
    let site = every();
    let files = export(&site, &Templates::new().unwrap()).unwrap();
    let pages = files.keys().filter_map(|path| path.strip_prefix("w/every/")?.strip_suffix(".html"));
    let own =
        |path: &str| path.split_once('/').is_some_and(|(kind, name)| kind != "board" && !name.contains(['/', '@']));
    let pages: BTreeSet<String> = pages.filter(|path| own(path)).map(str::to_owned).collect();
    let kinds: BTreeSet<&str> = pages.iter().filter_map(|path| path.split('/').next()).collect();
    let mut found = BTreeSet::new();
    for kind in &kinds {
        let query = format!("kind:{kind}");
        let page = site.answer(&["search"], &Ask { query: &query, ..Ask::default() }).unwrap();
        let hits = page.data["hits"].as_array().unwrap();
        assert_eq!(page.data["count"], hits.len(), "all on one page");
        for hit in hits {
            assert_eq!(hit["kind"], *kind);
            let path = hit["href"].as_str().unwrap().strip_prefix("/w/every/").unwrap().to_owned();
            assert!(found.insert(path), "{hit} is found twice");
        }
    }
    assert_eq!(found, pages);
    let all = "actor aggregate broker command consumer context event external policy read-model saga team topic type";
    assert_eq!(Vec::from_iter(kinds).join(" "), all);
}

#[test]
fn every_key_of_the_notation_is_on_a_page() {
    let site = every();
    // What the tabs show is the text of its author; it is no page's own word.
    let files = export(&site, &Templates::new().unwrap()).unwrap();
    let seen: Vec<&String> =
        files.iter().filter(|(_, text)| text.contains("NEVER-SEEN")).map(|(path, _)| path).collect();
    assert_eq!(seen, Vec::<&String>::new(), "what is hidden is shown");
    let pages: String = files
        .into_iter()
        .filter(|(path, _)| path.ends_with(".html") && !path.contains("/diff/") && !path.ends_with("/lint.html"))
        .map(|(_, html)| html.split("id=\"made\"").next().unwrap_or_default().to_owned())
        .collect();
    let text = pages.replace("&gt;", ">").replace("&lt;", "<").replace("&#x2F;", "/").replace("&amp;", "&");
    let marked = |word: &&str| {
        word.split('-').next().is_some_and(|first| first.len() > 2 && first.chars().all(|c| c.is_ascii_uppercase()))
    };
    let words: Vec<&str> = [SETTINGS, STORM]
        .iter()
        .flat_map(|it| it.split(|c: char| !(c.is_alphanumeric() || c == '-')))
        .filter(marked)
        .filter(|word| !word.starts_with("NEVER"))
        .chain(SAID.iter().copied())
        .collect();
    let missing: Vec<&str> = words.into_iter().filter(|word| !text.contains(word)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

/// The keys of the table in the notation are all used above, so that a new one is missed here.
#[test]
fn the_workspace_above_uses_every_key() {
    let notation = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/notation.md")).unwrap();
    let table = notation.split("### Every key").nth(1).unwrap().split("\nEnvelope roles").next().unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').nth(1));
    let words = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).flat_map(str::split_whitespace));
    // Values that stand in the table beside their keys.
    let values = [
        "true",
        "person",
        "system",
        "orchestrated",
        "choreographed",
        "insert",
        "update",
        "upsert",
        "delete",
        "kafka",
        "rabbitmq",
        "nats",
        "redis",
        "sns_sqs",
        "pulsar",
        "memory",
    ];
    let missing: Vec<&str> = words
        .filter(|word| !values.contains(word))
        .filter(|word| ![SETTINGS, STORM].iter().any(|text| text.contains(&format!("{word}:"))))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

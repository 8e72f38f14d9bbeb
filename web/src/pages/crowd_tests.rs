//! Pages of a workspace that has much of everything in one place: what is long begins, and the rest can be reached.

use super::site::{Ask, Shown, Site};
use isobar_registry::Workspace;
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Write, sync::Arc};

/// How many steps the story has, and how many consumers there are.
const MANY: usize = 150;

/// A story of commands, events and policies one after the other; all consumers read the first event, which has a draft.
fn crowd() -> Site {
    let mut storm = String::from("context: crowd\ncommands:\n");
    let mut each = |line: &dyn Fn(usize) -> String| (0..MANY).for_each(|at| storm += &line(at));
    each(&|at| format!("  Do{at}: {{ fields: {{ id: string }}, emits: [Did{at}, Heard] }}\n"));
    each(&|at| format!("{}  Did{at}: {{ fields: {{ id: string }} }}\n", if at == 0 { "events:\n" } else { "" }));
    storm += "  Heard: { fields: { id: string, more: string? } }\npolicies:\n";
    let mut each = |line: &dyn Fn(usize) -> String| (0..MANY).for_each(|at| storm += &line(at));
    each(&|at| format!("  Then{at}: {{ when: Did{at}, then: Do{} }}\n", (at + 1) % MANY));
    storm += "sagas:\n  Round:\n    key: id\n    starts: Heard\n    steps:\n";
    (0..MANY).for_each(|at| _ = writeln!(storm, "      - {{ do: Do{at}, ok: Did{at} }}"));
    storm += "read_models:\n  Seen:\n    key: id\n    fields: { id: string, last: string? }\n    from:\n";
    (0..MANY).for_each(|at| _ = writeln!(storm, "      Did{at}: {{ upsert: {{ last: $id }} }}"));
    storm += "topics:\n  heard: { carries: crowd.Heard }\nconsumers:\n";
    (0..MANY).for_each(|at| _ = writeln!(storm, "  reader{at}: {{ reads: heard, accepts: {{ crowd.Heard: v1.0 }} }}"));
    let released = "event: crowd.Heard\nversion: v1.0\nfields: { id: string }\n";
    let files = [
        ("isobar.yaml", "workspace: crowd\n"),
        ("crowd.storm.yaml", &storm),
        ("history/crowd/Heard/v1.0.yaml", released),
    ];
    let files: BTreeMap<String, String> = files.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
    Site { workspaces: vec![Shown::new("crowd", Arc::new(Workspace::of_files(files, None)))], ..Site::default() }
}

fn data(site: &Site, rest: &[&str], number: Option<usize>) -> Value {
    let ask = Ask { number, ..Ask::default() };
    site.answer(&[&["w", "crowd"], rest].concat(), &ask).unwrap_or_else(|| panic!("no page {rest:?}")).data
}

fn len(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

#[test]
fn a_flow_is_followed_in_the_part_that_has_it() {
    let site = crowd();
    let shown = |focus, number| {
        let ask = Ask { focus, number, ..Ask::default() };
        let page = site.answer(&["w", "crowd"], &ask).unwrap();
        (page.data["svg"].as_str().unwrap().contains(">Did120<"), page.listing.unwrap().page, page.query)
    };
    assert!(!shown(Some("crowd.Did0"), None).0);
    let (seen, part, query) = shown(Some("crowd.Did120"), None);
    assert!(seen && part > 1, "{part}");
    // Its other parts go on following it.
    assert_eq!(query, "focus=crowd.Did120");
    assert!(!shown(Some("crowd.Did120"), Some(1)).0);
}

#[test]
fn readers_of_a_draft_begin_on_one_page_and_all_stand_on_another() {
    let site = crowd();
    let begun = &data(&site, &["impact"], None)["drafts"][0];
    assert_eq!((len(&begun["readers"]), &begun["more"]), (20, &(MANY - 20).into()));
    let href = begun["diff"].as_str().unwrap();
    let diff: Vec<&str> = href.trim_start_matches("/w/crowd/").split('/').collect();
    let parts = [1, 2].map(|part| len(&data(&site, &diff, Some(part))["readers"]));
    assert_eq!(parts, [100, MANY - 100]);

    let versions = data(&site, &["event", "crowd.Heard", "versions"], None);
    assert_eq!((len(&versions["readers"]), &versions["more"]), (20, &(MANY - 20).into()));
    assert_eq!((len(&versions["latest"]["readers"]), &versions["latest"]["whole"]), (20, &href.into()));
}

#[test]
fn a_cell_begins_and_what_it_leaves_out_is_listed() {
    let site = crowd();
    let text = |cells: &Value| -> String {
        cells.as_array().unwrap().iter().map(|part| part["text"].as_str().unwrap()).collect()
    };
    let section = |rest: &[&str], title: &str| {
        let sections = data(&site, rest, None)["sections"].as_array().unwrap().clone();
        sections.into_iter().find(|it| it["title"] == title).unwrap()
    };
    let fields = section(&["read-model", "crowd.Seen"], "Where each field comes from");
    let from = text(&fields["rows"][1][3]);
    assert!(from.ends_with(" and 138 more") && from.contains("crowd.Did11 "), "{from}");
    let made = section(&["read-model", "crowd.Seen"], "Made of");
    assert_eq!(made["links"][0]["note"], "adds or changes its row: last");
    assert_eq!(len(&made["links"]), 100);
    let messages = section(&["topic", "heard"], "Messages");
    let writers = text(&messages["rows"][0][2]);
    assert!(writers.starts_with("crowd.Do0, crowd.Do1, ") && writers.ends_with(" and 138 more"), "{writers}");
    // All of them stand with the event.
    let writers = [1, 2].map(|part| len(&data(&site, &["event", "crowd.Heard"], Some(part))["writers"]));
    assert_eq!(writers, [100, MANY - 100]);
}

#[test]
fn a_saga_of_very_many_steps_is_told_and_not_drawn() {
    let site = crowd();
    let told = |part| data(&site, &["saga", "crowd.Round"], Some(part))["sections"].clone();
    let (first, second) = (told(1), told(2));
    assert_eq!((&first[0]["svg"], len(&first[0]["words"])), (&Value::Null, 0));
    assert_eq!(first[0]["lead"], "It has too many steps to be drawn: they are told below.");
    // Each step stands in one part.
    let steps = |part: &Value| len(&part.as_array().unwrap().iter().find(|it| it["title"] == "Steps").unwrap()["rows"]);
    assert_eq!((steps(&first), steps(&second)), (100, MANY - 100));
}

#[test]
fn what_is_in_no_part_has_an_empty_place_and_is_never_shown() {
    let site = crowd();
    let long = [("context", "crowd"), ("topic", "heard"), ("read-model", "crowd.Seen"), ("settings", "")];
    for (kind, name) in long {
        let path: Vec<&str> = [kind, name].into_iter().filter(|it| !it.is_empty()).collect();
        let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for part in [1, 2] {
            for section in data(&site, &path, Some(part))["sections"].as_array().unwrap() {
                for list in ["links", "rows"] {
                    let all = section[list].as_array().unwrap();
                    assert!(
                        all.iter().all(|it| !it.is_null() && len(it) + usize::from(it.is_object()) > 0),
                        "{kind} {all:?}"
                    );
                    lists.entry(format!("{} {list}", section["title"])).or_default().extend(all.iter().cloned());
                }
            }
        }
        let longest = lists.values().map(Vec::len).max();
        assert!(longest >= Some(MANY), "{kind}: all of it is reached, {longest:?}");
        for (list, all) in lists {
            let once: std::collections::BTreeSet<String> = all.iter().map(Value::to_string).collect();
            assert_eq!(once.len(), all.len(), "{kind}, {list}: each of it once");
        }
    }
}

//! Workspaces that have much of everything in one place: thousands of notes in a context, an event of a thousand fields, one of two hundred
//! versions. Made from nothing, the same each time.

use isobar_registry::{Workspace, history};
use std::{collections::BTreeMap, fmt::Write, path::Path};

/// How many steps the long story has; each is a command, an event and a policy.
const STEPS: usize = 3_400;

/// One context of 10,000 notes, which one team owns, one topic carries and one consumer reads.
pub(crate) fn crowd(root: &Path) {
    made(root, "crowd", &[("crowd.storm.yaml", &story(false))]);
    release(root);
    made(root, "crowd", &[("crowd.storm.yaml", &story(true))]);
}

fn story(draft: bool) -> String {
    let mut text = String::from(
        "context: crowd\nowner: team-all\naggregates:\n  All:\n    key: id\n    state: { id: string }\n    commands:\n",
    );
    let each = |text: &mut String, line: &dyn Fn(usize) -> String| (0..STEPS).for_each(|at| *text += &line(at));
    each(&mut text, &|at| format!("      Do{at}: {{ fields: {{ id: string, note: string }}, emits: Did{at} }}\n"));
    text.push_str("    events:\n");
    let more = if draft { ", more: string?" } else { "" };
    each(&mut text, &|at| format!("      Did{at}: {{ fields: {{ id: string, note: string?{more} }} }}\n"));
    text.push_str("policies:\n");
    each(&mut text, &|at| format!("  Then{at}: {{ when: Did{at}, then: Do{} }}\n", (at + 1) % STEPS));
    text.push_str("read_models:\n  Seen:\n    key: id\n    fields: { id: string, note: string? }\n    from:\n");
    each(&mut text, &|at| format!("      Did{at}: {{ upsert: {{ note: $note }} }}\n"));
    text.push_str("topics:\n  everything:\n    carries:\n");
    each(&mut text, &|at| format!("      - crowd.Did{at}\n"));
    text.push_str("consumers:\n  everyone:\n    reads: everything\n    owner: team-all\n    accepts:\n");
    each(&mut text, &|at| format!("      crowd.Did{at}: v1.0\n"));
    text.push_str("    needs:\n");
    each(&mut text, &|at| format!("      crowd.Did{at}: [note]\n"));
    each(&mut text, &|at| format!("  reader{at}: {{ reads: everything, accepts: {{ crowd.Did{}: v1.0 }} }}\n", at % 7));
    text
}

/// An event of a thousand fields, of which as many more are drafted, and one of two hundred versions in twenty majors.
pub(crate) fn long(root: &Path) {
    let wide = |fields: usize| {
        let mut wide =
            String::from("context: wide\nevents:\n  Wide:\n    doc: It carries a thousand things.\n    fields:\n");
        (0..fields).for_each(|at| {
            let doc = format!("What is said about the field number {at}.");
            let _ = writeln!(wide, "      field{at}: {{ type: string?, doc: {doc} }}");
        });
        wide
    };
    let mut last = String::new();
    for version in 0..200 {
        let (major, minor) = (version / 10, version % 10);
        let mut long =
            String::from("context: long\nevents:\n  Long:\n    doc: It has been changed two hundred times.\n");
        if major > 0 {
            let before = major - 1;
            let gone: Vec<String> = (0..9).map(|at| format!("more{before}x{at}")).collect();
            let _ = writeln!(long, "    version: v{}.0\n    upgrade: {{ name{major}: $name{before} }}", major + 1);
            let _ = writeln!(long, "    removed: [{}]", gone.join(", "));
            // A version is only said where it is another one.
            if minor > 0 {
                long = long.replace(&format!("    version: v{}.0\n", major + 1), "");
            }
        }
        let _ = writeln!(long, "    fields:\n      id: string\n      name{major}: string");
        (0..minor).for_each(|at| {
            let _ = writeln!(long, "      more{major}x{at}: string?");
        });
        made(root, "long", &[("long.storm.yaml", &long), ("wide.storm.yaml", &wide(1_000))]);
        release(root);
        last = long;
    }
    made(root, "long", &[("long.storm.yaml", &last), ("wide.storm.yaml", &wide(2_000))]);
}

/// The workspace of one of many teams: a context of fifty commands and events, of which some have a policy.
pub(crate) fn team(number: usize) -> BTreeMap<String, String> {
    let mut text = format!("context: area{number}\nowner: team-{number}\ncommands:\n");
    let each = |text: &mut String, line: &dyn Fn(usize) -> String| (0..50).for_each(|at| *text += &line(at));
    each(&mut text, &|at| format!("  Do{at}: {{ fields: {{ id: string, amount: decimal(2) }}, emits: Did{at} }}\n"));
    text.push_str("events:\n");
    let doc = |at| format!("What team {number} did as its number {at}.");
    each(&mut text, &|at| format!("  Did{at}: {{ doc: {}, fields: {{ id: string, amount: decimal(2) }} }}\n", doc(at)));
    text.push_str("policies:\n");
    (0..20).for_each(|at| text += &format!("  Then{at}: {{ when: Did{at}, then: Do{} }}\n", at + 1));
    let settings = format!("workspace: team{number}\nteams:\n  team-{number}: {{ name: Team {number} }}\n");
    [("isobar.yaml", settings), ("area.storm.yaml", text)].map(|(path, text)| (path.to_owned(), text)).into()
}

fn made(root: &Path, name: &str, files: &[(&str, &str)]) {
    let settings = format!("workspace: {name}\ncompatibility: full\nteams:\n  team-all: {{ name: Everybody }}\n");
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let files: BTreeMap<String, String> = files.chain([("isobar.yaml".to_owned(), settings)]).collect();
    isobar_tests::write(root, &files).expect("files can be written");
}

fn release(root: &Path) {
    let workspace = Workspace::open(root);
    let errors: Vec<_> =
        workspace.findings().into_iter().filter(|it| it.severity() == isobar_model::Severity::Error).collect();
    assert!(errors.is_empty(), "{:?}", errors.first());
    history::release(&workspace, &[], false).expect("it can be released");
}

//! The page of a consumer: whether it is ready for what comes next, and why; what it reads and needs, and how.

use super::{
    Cell, Element, Section, cell, chip, facts, mono, owner, place,
    section::{cells, time},
    table, text,
};
use crate::pages::{listing::Part, message::link, site::Shown};
use isobar_model::model::Consumer;
use isobar_registry::{
    Known,
    impact::{self, Fate, Reader},
};

pub(super) fn consumer(shown: &Shown, name: &str, part: &Part) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.consumers.get(name)?;
    let needs = part.made(&it.needs, |(event, paths)| {
        let paths = paths.iter().map(|path| path.value.clone()).collect::<Vec<_>>().join(", ");
        vec![cell(link(shown, "event", &event.value, None)), mono(paths)]
    });
    let retry = it.retry.as_ref().map(|retry| {
        let how = retry.backoff.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        let first = retry.first.map(|it| format!(", the first after {}", time(it))).unwrap_or_default();
        text(format!("at most {} times{how}{first}", retry.max))
    });
    let known_by = it.idempotent.as_ref().map(|it| {
        let kept = it.store.as_ref().map(|store| [text(", kept in "), mono(store)].concat()).unwrap_or_default();
        [mono(&it.by.value), kept].concat()
    });
    let lost = it.dlq.as_ref().map(|it| match model.topics.get(&it.value) {
        Some(_) => cell(place(shown, "topic", &it.value, None)),
        None => mono(&it.value),
    });
    let sections = vec![
        ready(shown, it, part),
        facts(
            "How it reads",
            [
                ("Reads", Some(cells(it.reads.iter().map(|it| place(shown, "topic", &it.value, None)), ", "))),
                ("Delivery", it.delivery.as_ref().map(|it| text(it.replace('_', " ")))),
                ("Starts at", it.offset.as_ref().map(text)),
                ("Knows a message by", known_by),
                ("Tries again", retry),
                ("What it cannot process goes to", lost),
            ],
        ),
        table("Needs", &["Event", "Fields"], needs),
    ];
    Some(Element {
        kind: "consumer",
        context: None,
        name: name.to_owned(),
        doc: it.doc.clone(),
        owner: it.owner.as_ref().map(|it| owner(shown, &it.value)),
        hotspots: Vec::new(),
        sections,
    })
}

/// Whether it reads the newest version of everything that it reads.
fn ready(shown: &Shown, it: &Consumer, part: &Part) -> Section {
    let workspace = &shown.workspace;
    let fates = impact::of_consumer(&workspace.model, &workspace.evolutions, it);
    let count = |wanted: fn(&Fate) -> bool| fates.iter().filter(|(_, reader)| wanted(&reader.fate)).count();
    let broken = count(|fate| matches!(fate, Fate::Broken { .. }));
    let back = count(|fate| matches!(fate, Fate::Downgraded { .. }));
    let unsaid = count(|fate| matches!(fate, Fate::Unsaid));
    let verdict = match (broken, back, unsaid) {
        _ if fates.is_empty() => "It reads no event of this workspace.".to_owned(),
        (0, 0, 0) => "Yes: it reads the newest version of every event.".to_owned(),
        (0, 0, said) if said == fates.len() => "Nobody knows: it does not say which versions it accepts.".to_owned(),
        (0, 0, _) => "Yes, as far as it says what it accepts.".to_owned(),
        (0, _, _) => "For now: some of what it reads has to be brought back to an older version for it.".to_owned(),
        (count, ..) => format!("No: it cannot read the newest version of {count} of {} events.", fates.len()),
    };
    let row = |(newest, reader): &(&Known, Reader)| -> Vec<Cell> {
        let mut why = text(told(&reader.fate));
        if let Fate::Broken { why: reasons, .. } = &reader.fate {
            why.extend(text(reasons.iter().map(|(_, why)| format!("; {why}")).collect::<String>()));
        }
        let (tone, word) = match &reader.fate {
            Fate::Fine(_) => ("good", "ready"),
            Fate::Downgraded { .. } => ("warn", "through downgrade"),
            Fate::Broken { .. } => ("bad", "not ready"),
            Fate::Unsaid => ("warn", "unknown"),
        };
        let draft = if newest.draft { chip("warn", "draft") } else { Cell::new() };
        vec![
            cell(link(shown, "event", &newest.name, None)),
            text(reader.accepts.map_or_else(|| "does not say".to_owned(), |range| range.to_string())),
            [text(format!("{} ", newest.version)), draft].concat(),
            chip(tone, word),
            why,
        ]
    };
    Section {
        title: "Ready for the next version?".into(),
        lead: Some(verdict),
        head: vec!["Event", "Accepts", "Newest", "Ready", "Why"],
        rows: part.made(&fates, row).collect(),
        ..Section::default()
    }
}

/// What a release means to a reader, in a sentence.
pub(in crate::pages) fn told(fate: &Fate) -> String {
    match fate {
        Fate::Fine(None) => "it goes on reading".into(),
        Fate::Fine(Some(version)) => format!("it goes on reading, as {version}"),
        Fate::Downgraded { to, loses } if loses.is_empty() => format!("it reads it as {to}"),
        Fate::Downgraded { to, loses } => {
            let loses = loses.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(", ");
            format!("it reads it as {to}, without {loses}")
        }
        Fate::Broken { misses, .. } if misses.is_empty() => "it can no longer read it".into(),
        Fate::Broken { misses, .. } => format!("it breaks: it misses {}", misses.join(", ")),
        Fate::Unsaid => "it does not say what it accepts".into(),
    }
}

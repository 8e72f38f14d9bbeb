//! The pages of everything that is no message: aggregates, policies, sagas, read models, topics, consumers, teams. Each is a few sections
//! of facts, links and tables, which one template shows.

use super::{
    fields,
    message::{Link, crumbs, link},
    page::Page,
    site::{Shown, escaped},
};
use isobar_model::{
    Spanned,
    expr::Expr,
    model::{Assignment, Consumer, Context, Name, ProjectionAction, Saga, Team},
};
use isobar_registry::{
    impact::{self, Fate},
    payload::scenarios::{self, Outcome},
};
use serde::Serialize;

/// A part of a page.
#[derive(Debug, Default, Serialize)]
struct Section {
    title: String,
    /// Shown where everything else is empty.
    none: &'static str,
    facts: Vec<(String, String)>,
    links: Vec<Link>,
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
    code: Option<String>,
}

/// A cell of a table.
#[derive(Debug, Default, Serialize)]
struct Cell {
    text: String,
    href: Option<String>,
    mono: bool,
}

#[derive(Debug, Serialize)]
struct Element {
    kind: &'static str,
    context: Option<String>,
    name: String,
    doc: Option<String>,
    sections: Vec<Section>,
}

fn text(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), ..Cell::default() }
}

fn mono(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), mono: true, ..Cell::default() }
}

fn cell(link: Link) -> Cell {
    Cell { text: link.name, href: Some(link.href), mono: false }
}

fn linked(title: &str, none: &'static str, links: Vec<Link>) -> Section {
    Section { title: title.into(), none, links, ..Section::default() }
}

fn table(title: &str, head: &[&'static str], rows: Vec<Vec<Cell>>) -> Section {
    Section { title: title.into(), head: head.to_vec(), rows, ..Section::default() }
}

fn facts(facts: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Section {
    let said = facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Section { title: "In short".into(), facts: said.collect(), ..Section::default() }
}

/// The page of an element of a kind; none where there is no such element.
pub(super) fn page(shown: &Shown, kind: &str, name: &str) -> Option<Page> {
    let model = &shown.workspace.model;
    let element = match kind {
        "topic" => topic(shown, name)?,
        "consumer" => consumer(shown, model.consumers.get(name)?),
        "team" => team(shown, name)?,
        _ => {
            let (context, own) = name.split_once('.')?;
            let it = model.contexts.get(context)?;
            let full = Name { context: context.to_owned(), name: own.to_owned() };
            match kind {
                "aggregate" => aggregate(shown, it, &full)?,
                "policy" => policy(shown, it, &full)?,
                "saga" => saga(shown, it.sagas.get(own)?, &full),
                "read-model" => read_model(shown, it, &full)?,
                _ => return None,
            }
        }
    };
    let title = name.to_owned();
    Some(Page::new("element", title, &element).below(crumbs(shown)))
}

fn element(kind: &'static str, name: &Name, doc: Option<&String>, sections: Vec<Section>) -> Element {
    let sections = sections.into_iter().filter(Section::says_something).collect();
    Element { kind, context: Some(name.context.clone()), name: name.name.clone(), doc: doc.cloned(), sections }
}

impl Section {
    fn says_something(&self) -> bool {
        let full = !self.facts.is_empty() || !self.links.is_empty() || !self.rows.is_empty() || self.code.is_some();
        full || !self.none.is_empty()
    }
}

/// A condition as its author wrote it.
fn written(shown: &Shown, condition: &Spanned<Expr>) -> String {
    shown.workspace.sources.text(condition.value.span).trim().to_owned()
}

fn filled(shown: &Shown, assignments: &[Assignment]) -> Vec<Vec<Cell>> {
    let row = |it: &Assignment| {
        vec![mono(it.target.value.join(".")), mono(shown.workspace.sources.text(it.expr.span).trim())]
    };
    assignments.iter().map(row).collect()
}

fn events<'a>(shown: &Shown, names: impl IntoIterator<Item = &'a Spanned<Name>>, kind: &'static str) -> Vec<Link> {
    names.into_iter().map(|name| link(shown, kind, &name.value, None)).collect()
}

fn aggregate(shown: &Shown, context: &Context, name: &Name) -> Option<Element> {
    let it = context.aggregates.get(&name.name)?;
    let model = &shown.workspace.model;
    let full = |own: &String| Name { context: name.context.clone(), name: own.clone() };
    let fields = fields::rows(model, &model.types, &it.state);
    let state = fields.into_iter().map(|row| vec![mono(row.path), mono(row.of), text(row.doc.unwrap_or_default())]);
    let steps = it.commands.iter().filter_map(|own| context.commands.get(own)).flat_map(|command| {
        let who = link(shown, "command", &full(&command.name.value), None);
        let unless: Vec<String> =
            command.requires.iter().map(|(name, it)| format!("{name}: {}", written(shown, it))).collect();
        let emits = command.emits.iter().map(|event| event.value.name.clone()).collect::<Vec<_>>().join(" or ");
        [vec![cell(who), mono(unless.join("; ")), text(emits)]]
    });
    let changes = it.events.iter().filter_map(|own| context.events.get(own)).map(|event| {
        let applied: Vec<String> = event
            .apply
            .iter()
            .map(|it| format!("{} = {}", it.target.value.join("."), shown.workspace.sources.text(it.expr.span).trim()))
            .collect();
        vec![cell(link(shown, "event", &full(&event.name.value), None)), mono(applied.join(", "))]
    });
    let invariants = it.invariants.iter().map(|(name, it)| vec![text(name), mono(written(shown, it))]);
    let ran = scenarios::run(model);
    let scenarios = it.scenarios.iter().map(|it| {
        let given = it.given.iter().map(|(name, _)| name.value.name.clone()).collect::<Vec<_>>().join(", ");
        let when = it.when.as_ref().map(|(name, _)| name.value.name.clone()).unwrap_or_default();
        let ran = ran.iter().find(|ran| ran.aggregate == *name && ran.scenario == it.name.value);
        let outcome = match ran.map(|ran| &ran.outcome) {
            Some(Outcome::Holds) => "holds".into(),
            Some(Outcome::Fails { expected, found, .. }) => format!("fails: expected {expected}, found {found}"),
            Some(Outcome::Undecided(why)) => format!("undecided: {why}"),
            None => String::new(),
        };
        vec![text(&it.name.value), text(given), text(when), text(outcome)]
    });
    let sections = vec![
        facts([
            ("Identified by", it.key.as_ref().map(|key| key.value.clone())),
            ("Snapshot every", it.snapshot_every.map(|every| format!("{every} events"))),
        ]),
        table("Commands", &["Command", "Refused unless", "Emits"], steps.collect()),
        table("Events", &["Event", "Changes"], changes.collect()),
        table("State", &["Field", "Type", "Means"], state.collect()),
        table("Always true", &["Name", "Condition"], invariants.collect()),
        table("Scenarios", &["Scenario", "Given", "When", "Then"], scenarios.collect()),
    ];
    Some(element("aggregate", name, it.doc.as_ref(), sections))
}

fn policy(shown: &Shown, context: &Context, name: &Name) -> Option<Element> {
    let it = context.policies.get(&name.name)?;
    let sections = vec![
        linked("Whenever", "", events(shown, &it.when, "event")),
        Section {
            title: "Only if".into(),
            code: it.only_if.as_ref().map(|condition| written(shown, condition)),
            ..Section::default()
        },
        linked("Then", "", events(shown, &it.then, "command")),
        table("What the command is given", &["Field", "Value"], filled(shown, &it.fill)),
    ];
    Some(element("policy", name, it.doc.as_ref(), sections))
}

fn saga(shown: &Shown, it: &Saga, name: &Name) -> Element {
    let named = |kind: &'static str, name: &Option<Spanned<Name>>| {
        name.as_ref().map_or_else(Cell::default, |name| cell(link(shown, kind, &name.value, None)))
    };
    let steps = it.steps.iter().enumerate().map(|(number, step)| {
        vec![
            text((number + 1).to_string()),
            cell(link(shown, "command", &step.command.value, None)),
            named("event", &step.ok),
            named("event", &step.fail),
            named("command", &step.undo),
            text(step.timeout.map(|seconds| format!("{seconds} s")).unwrap_or_default()),
        ]
    });
    let ends = [(&it.succeeds, "tells of success"), (&it.fails, "tells of failure")];
    let ends = ends
        .into_iter()
        .filter_map(|(event, note)| event.as_ref().map(|event| link(shown, "event", &event.value, Some(note.into()))));
    let sections = vec![
        facts([
            ("Driven by", Some(format!("{:?}", it.style).to_lowercase())),
            ("Key", it.key.as_ref().map(|key| key.value.clone())),
        ]),
        linked("Begins with", "", events(shown, &it.starts, "event")),
        table("Steps", &["", "Does", "Goes on with", "Turns back with", "Undone by", "Waits"], steps.collect()),
        linked("Ends with", "", ends.collect()),
    ];
    element("saga", name, it.doc.as_ref(), sections)
}

fn read_model(shown: &Shown, context: &Context, name: &Name) -> Option<Element> {
    let it = context.read_models.get(&name.name)?;
    let model = &shown.workspace.model;
    let fields = fields::rows(model, &model.types, &it.fields);
    let lineage = fields.into_iter().map(|row| {
        let from = it.from.iter().filter_map(|made| {
            let (ProjectionAction::Insert(all) | ProjectionAction::Update(all) | ProjectionAction::Upsert(all)) =
                &made.action
            else {
                return None;
            };
            let set = all.iter().find(|set| set.target.value.join(".") == row.path)?;
            Some(format!("{} {}", made.event.value.name, shown.workspace.sources.text(set.expr.span).trim()))
        });
        vec![mono(&row.path), mono(&row.of), text(from.collect::<Vec<_>>().join("; "))]
    });
    let made = it.from.iter().map(|made| {
        let action = match made.action {
            ProjectionAction::Insert(_) => "adds a row",
            ProjectionAction::Update(_) => "changes its row",
            ProjectionAction::Upsert(_) => "adds or changes its row",
            ProjectionAction::Delete => "removes its row",
        };
        link(shown, "event", &made.event.value, Some(action.into()))
    });
    let queries = it.queries.iter().map(|query| {
        let by = query.by.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(", ");
        let order = query
            .order
            .as_ref()
            .map(|(field, down)| format!("{}{}", field.value, if *down { ", newest first" } else { "" }));
        vec![
            mono(&query.name.value),
            text(by),
            text(order.unwrap_or_default()),
            text(format!("{:?}", query.returns).to_lowercase()),
        ]
    });
    let users = model.commands().filter(|(_, command)| command.uses.iter().any(|it| it.value == *name));
    let sections = vec![
        facts([("Key", it.key.as_ref().map(|key| key.value.clone()))]),
        table("Where each field comes from", &["Field", "Type", "From"], lineage.collect()),
        linked("Made of", "Nothing feeds it.", made.collect()),
        table("Questions", &["Query", "By", "Order", "Returns"], queries.collect()),
        linked("Looked at before", "", users.map(|(name, _)| link(shown, "command", &name, None)).collect()),
    ];
    Some(element("read-model", name, it.doc.as_ref(), sections))
}

fn topic(shown: &Shown, name: &str) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.topics.get(name)?;
    let carried = it.carries.iter().map(|carried| {
        let kind = match () {
            () if model.event(&carried.value).is_some() => "event",
            () if model.command(&carried.value).is_some() => "command",
            () => "aggregate",
        };
        link(shown, kind, &carried.value, None)
    });
    let readers = model.consumers.iter().filter(|(_, consumer)| consumer.reads.iter().any(|it| it.value == name));
    let readers = readers.map(|(name, consumer)| reader(shown, name, consumer.delivery.clone()));
    let sections = vec![
        facts([
            ("Broker", it.broker.as_ref().map(|it| it.value.clone())),
            ("Key", it.key.as_ref().map(|it| it.value.clone())),
            ("Partitions", it.partitions.map(|it| it.to_string())),
            ("Copies", it.replication.map(|it| it.to_string())),
            ("Kept for", it.retention.map(days)),
            ("Exchange", it.exchange.clone()),
            ("Routing key", it.routing_key.clone()),
        ]),
        linked("Carries", "It carries nothing yet.", carried.collect()),
        linked("Read by", "Nobody reads it.", readers.collect()),
        table(
            "Headers",
            &["Header", "Envelope"],
            it.headers.iter().map(|(name, role)| vec![mono(name), text(&role.value)]).collect(),
        ),
    ];
    let sections = sections.into_iter().filter(Section::says_something).collect();
    Some(Element { kind: "topic", context: None, name: name.to_owned(), doc: it.doc.clone(), sections })
}

fn days(seconds: u64) -> String {
    match seconds {
        0..3600 => format!("{seconds} s"),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn reader(shown: &Shown, name: &str, note: Option<String>) -> Link {
    Link { kind: "consumer", name: name.to_owned(), href: shown.href(&format!("consumer/{}", escaped(name))), note }
}

fn consumer(shown: &Shown, it: &Consumer) -> Element {
    let workspace = &shown.workspace;
    let accepts = it.accepts.iter().map(|(event, range)| {
        let newest = workspace.evolutions.get(&event.value).and_then(|it| it.newest());
        let ready = newest.map_or("unknown", |newest| if range.value.accepts(newest.version) { "yes" } else { "no" });
        vec![
            cell(link(shown, "event", &event.value, None)),
            text(range.value.to_string()),
            text(newest.map(|it| it.version.to_string()).unwrap_or_default()),
            text(ready),
        ]
    });
    let needs = it.needs.iter().map(|(event, paths)| {
        let paths = paths.iter().map(|path| path.value.clone()).collect::<Vec<_>>().join(", ");
        vec![cell(link(shown, "event", &event.value, None)), mono(paths)]
    });
    let fates = impact::of(&workspace.model, &workspace.evolutions).into_iter().flat_map(|impact| {
        let own: Vec<Vec<Cell>> = impact
            .readers
            .iter()
            .filter(|reader| reader.name == it.name.value)
            .map(|reader| {
                vec![
                    cell(link(shown, "event", &impact.name, None)),
                    text(impact.version.to_string()),
                    text(told(&reader.fate)),
                ]
            })
            .collect();
        own
    });
    let fates: Vec<Vec<Cell>> = fates.collect();
    let retry = it.retry.as_ref().map(|retry| {
        let how = retry.backoff.as_deref().unwrap_or("fixed");
        format!("{} times, {how}", retry.max)
    });
    let sections = vec![
        facts([
            ("Owner", it.owner.as_ref().map(|it| it.value.clone())),
            (
                "Reads",
                Some(it.reads.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(", "))
                    .filter(|it| !it.is_empty()),
            ),
            ("Delivery", it.delivery.clone()),
            ("Starts at", it.offset.clone()),
            ("Knows a message by", it.idempotent.as_ref().map(|it| it.by.value.clone())),
            ("Tries again", retry),
            ("What it cannot process goes to", it.dlq.as_ref().map(|it| it.value.clone())),
        ]),
        table("Accepts", &["Event", "Versions", "Newest", "Reads the newest"], accepts.collect()),
        table("Needs", &["Event", "Fields"], needs.collect()),
        table("The next releases", &["Event", "Version", "Means"], fates),
    ];
    let sections = sections.into_iter().filter(Section::says_something).collect();
    Element { kind: "consumer", context: None, name: it.name.value.clone(), doc: it.doc.clone(), sections }
}

/// What a release means to a reader, in a sentence.
pub(super) fn told(fate: &Fate) -> String {
    match fate {
        Fate::Fine(_) => "it goes on reading".into(),
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

fn team(shown: &Shown, id: &str) -> Option<Element> {
    let model = &shown.workspace.model;
    let it = model.teams.get(id);
    let owns =
        |owner: &Option<Spanned<String>>| owner.as_ref().or(model.owner.as_ref()).is_some_and(|it| it.value == id);
    let messages = model.contexts.iter().filter(|(_, context)| owns(&context.owner)).flat_map(|(context, it)| {
        let full = |name: &String| Name { context: context.clone(), name: name.clone() };
        let events = it.events.keys().map(|name| link(shown, "event", &full(name), None)).collect::<Vec<_>>();
        events
            .into_iter()
            .chain(it.commands.keys().map(|name| link(shown, "command", &full(name), None)).collect::<Vec<_>>())
    });
    let consumers =
        model.consumers.iter().filter(|(_, consumer)| consumer.owner.as_ref().is_some_and(|it| it.value == id));
    // A team that is only named has a page as well.
    let named = model.contexts.values().any(|it| owns(&it.owner)) || model.consumers.values().any(|it| owns(&it.owner));
    if it.is_none() && !named {
        return None;
    }
    let said = |what: fn(&Team) -> &Option<String>| it.and_then(|it| what(it).clone());
    let sections = vec![
        facts([("Mail", said(|it| &it.email)), ("Chat", said(|it| &it.chat))]),
        linked("Messages", "It owns no message.", messages.collect()),
        linked("Consumers", "", consumers.map(|(name, _)| reader(shown, name, None)).collect()),
    ];
    let sections = sections.into_iter().filter(Section::says_something).collect();
    let name = said(|it| &it.name).unwrap_or_else(|| id.to_owned());
    Some(Element { kind: "team", context: None, name, doc: said(|it| &it.doc), sections })
}

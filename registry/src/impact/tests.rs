use super::{human, of, of_consumer};
use crate::{
    Workspace, history,
    testing::{folder, report},
};

const OLD: &str = "{ orderId: string, totalAmount: decimal(2), currency: string, note: string?, \
                   items: { type: list<Item> } }";

/// A workspace with v1.0 of an order, this draft, and one consumer that says this.
fn workspace(draft: &str, consumer: &str) -> Workspace {
    let storm = format!(
        "context: shop\ntypes: {{ Item: {{ fields: {{ sku: string }} }} }}\nevents:\n  Placed:\n    {}\n",
        draft.replace('\n', "\n    ")
    );
    let messaging = format!(
        "topics: {{ orders: {{ carries: shop.Placed }} }}\nconsumers:\n  analytics:\n    owner: team-checkout\n    {}\n",
        consumer.replace('\n', "\n    ")
    );
    let released = format!(
        "event: shop.Placed\nversion: v1.0\ntypes: {{ Item: {{ fields: {{ sku: string }} }} }}\nfields: {OLD}\n"
    );
    let folder = folder(&[
        ("shop.storm.yaml", &storm),
        ("messaging.storm.yaml", &messaging),
        ("history/shop/Placed/v1.0.yaml", &released),
    ]);
    let bare = folder.path().join("messaging.storm.yaml");
    std::fs::write(&bare, "topics: {}\n").unwrap();
    history::adopt(&Workspace::open(folder.path())).unwrap();
    std::fs::write(&bare, messaging).unwrap();
    Workspace::open_on(folder.path(), "2026-11-21")
}

/// The line of the report, and the findings.
fn judged(draft: &str, consumer: &str) -> (String, Vec<String>) {
    let workspace = workspace(draft, consumer);
    let known = |code: &str| matches!(code, "breaks-consumer" | "consumer-loses" | "unknown-field");
    assert!(workspace.diagnostics.iter().all(|it| known(it.code.name)), "{}", report(&workspace));
    let text = human(&of(&workspace.model, &workspace.evolutions));
    let line = text.lines().nth(1).unwrap_or(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    (line, workspace.findings().into_iter().map(|it| it.message).collect())
}

fn same(text: &str) -> String {
    format!("fields: {}", OLD.replacen("{ orderId", text, 1))
}

const MAJOR: &str = "version: v2.0
fields: { orderId: string, pricing: { fields: { total: decimal(2) } }, note: string?, items: list<Item> }
upgrade: { pricing.total: $totalAmount }
removed: [currency]";

#[test]
fn what_becomes_of_a_consumer() {
    let minor = same("{ extra: string?, orderId");
    let back = MAJOR.replace("removed: [currency]", "downgrade: { currency: USD }");
    let optional = same("{ orderId").replace("currency: string", "currency: string?") + "\nversion: v2.0";
    let wire =
        same("{ orderId").replace("currency: string", "currency: { type: string, wire: cur }") + "\nversion: v2.0";
    let typed = same("{ orderId").replace("currency: string", "currency: { enum: [USD], open: true }")
        + "\nversion: v2.0\nupgrade: { currency: USD }\nremoved: [currency]";
    let map = same("{ orderId").replace("{ type: list<Item> }", "map<Item>")
        + "\nversion: v2.0\nupgrade: { items: {} }\nremoved: [items]";
    #[rustfmt::skip]
    let table: [(&str, &str, &str); 16] = [
        // The new version is accepted, or nothing is said of versions: what is needed must stay.
        (&minor, "needs: { shop.Placed: [totalAmount, items.sku] }", "fine analytics reads v1.1 (team-checkout)"),
        (&minor, "accepts: { shop.Placed: v1.0..v1.1 }", "fine analytics reads v1.1 (team-checkout)"),
        (MAJOR, "accepts: { shop.Placed: v1.0..v2.0 }\nneeds: { shop.Placed: [orderId, pricing.total] }", "fine analytics reads v2.0 (team-checkout)"),
        (MAJOR, "needs: { shop.Placed: [orderId, totalAmount] }",
         "broken analytics `totalAmount`: v2.0 no longer writes it: it moved to `pricing.total` (team-checkout)"),
        (MAJOR, "accepts: { shop.Placed: v1.0..v2.0 }\nneeds: { shop.Placed: currency }", "broken analytics `currency`: v2.0 no longer writes it (team-checkout)"),
        (&optional, "needs: { shop.Placed: currency }", "broken analytics `currency`: v2.0 may leave out `currency`, which was always there (team-checkout)"),
        (&optional, "needs: { shop.Placed: note }", "fine analytics reads v2.0 (team-checkout)"),
        (&wire, "needs: { shop.Placed: currency }", "broken analytics `currency`: v2.0 writes it as `cur` (team-checkout)"),
        (&typed, "needs: { shop.Placed: currency }", "fine analytics reads v2.0 (team-checkout)"),
        (&map, "needs: { shop.Placed: items.sku }", "broken analytics `items.sku`: in v2.0 it is in a map and no longer in a list (team-checkout)"),
        // Only an older version is accepted: its reader reads the new data, or it is brought back.
        (&minor, "accepts: { shop.Placed: v1.0 }", "fine analytics reads it as v1.0 (team-checkout)"),
        (&back, "accepts: { shop.Placed: v1.0 }\nneeds: { shop.Placed: totalAmount }", "downgrade analytics gets it as v1.0, by `downgrade` (team-checkout)"),
        (&back, "accepts: { shop.Placed: v1.0..v1.5 }\nneeds: { shop.Placed: [currency, totalAmount] }",
         "downgrade analytics gets it as v1.0, by `downgrade`, without the value of `currency` (team-checkout)"),
        (MAJOR, "accepts: { shop.Placed: v1.0..v1.1 }\nneeds: { shop.Placed: [orderId, totalAmount] }",
         "broken analytics it does not accept v2.0, and there is no way from v2.0 back to v1.0; `totalAmount`: v2.0 no longer writes it: it moved to `pricing.total` (team-checkout)"),
        (MAJOR, "accepts: { shop.Placed: v3.0..v4.0 }", "broken analytics of the versions that there are it accepts none, and not v2.0 (team-checkout)"),
        // It listens and says nothing.
        (MAJOR, "reads: orders", "unknown analytics says neither what it accepts nor what it needs (team-checkout)"),
    ];
    for (draft, consumer, expected) in table {
        let (line, found) = judged(draft, consumer);
        assert_eq!(line, expected, "{draft}\n{consumer}");
        assert_eq!(found.is_empty(), !(line.starts_with("broken") || line.contains("without the value")), "{found:?}");
    }
}

#[test]
fn a_closed_enum_that_grows_breaks_who_does_not_accept_it() {
    let old = "{ enum: [open, shut] }";
    let storm = |values: &str| format!("context: shop\nevents:\n  Moved: {{ fields: {{ state: {values} }} }}\n");
    let released = format!("event: shop.Moved\nversion: v1.0\nfields: {{ state: {old} }}\n");
    let files = |values: &str| {
        let messaging = "consumers: { board: { accepts: { shop.Moved: v1.0 } } }\n";
        let folder = folder(&[("a.storm.yaml", &storm(values)), ("history/shop/Moved/v1.0.yaml", &released)]);
        history::adopt(&Workspace::open(folder.path())).unwrap();
        std::fs::write(folder.path().join("b.storm.yaml"), messaging).unwrap();
        Workspace::open_on(folder.path(), "2026-11-21")
    };
    assert_eq!(report(&files(old)), "");
    let found = files("{ enum: [open, shut, ajar] }").findings();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "releasing `shop.Moved` v1.1 breaks `board` (reads v1.0..v1.0)");
    assert_eq!(found[0].about.as_deref(), Some("shop.Moved"));
}

#[test]
fn the_finding_says_who_and_why() {
    let workspace =
        workspace(MAJOR, "accepts: { shop.Placed: v1.0..v1.1 }\nneeds: { shop.Placed: [orderId, totalAmount] }");
    insta::assert_snapshot!(report(&workspace), @r"
    error[breaks-consumer]: releasing `shop.Placed` v2.0 breaks `analytics` (reads v1.0..v1.1, needs `totalAmount`), owner team-checkout
     --> shop.storm.yaml:4:3
      |
    4 |   Placed:
      |   ^^^^^^ v2.0 is not released yet
      |
     ::: messaging.storm.yaml:5:29
      |
    5 |     accepts: { shop.Placed: v1.0..v1.1 }
      |                             ---------- it does not accept v2.0, and there is no way from v2.0 back to v1.0
    6 |     needs: { shop.Placed: [orderId, totalAmount] }
      |                                     ----------- v2.0 no longer writes it: it moved to `pricing.total`
      |
      = help: talk to its owner, write a `downgrade`, or accept it for a time under `waivers` in `isobar.yaml`
    ");
}

#[test]
fn a_need_that_no_version_has_is_a_mistake() {
    let (_, found) = judged(&same("{ orderId"), "needs: { shop.Placed: [totalAmont, items.sky, note] }");
    assert_eq!(found, ["`shop.Placed` v1.0 has no field `totalAmont`", "`shop.Placed` v1.0 has no field `items.sky`"]);
}

#[test]
fn the_report_is_json_too() {
    let workspace = workspace(MAJOR, "accepts: { shop.Placed: v1.0..v1.1 }\nneeds: { shop.Placed: totalAmount }");
    insta::assert_snapshot!(super::json(&of(&workspace.model, &workspace.evolutions)).pretty(), @r#"
    [
      {
        "event": "shop.Placed",
        "version": "v2.0",
        "consumers": [
          {
            "consumer": "analytics",
            "owner": "team-checkout",
            "accepts": "v1.0..v1.1",
            "needs": ["totalAmount"],
            "fate": "broken",
            "loses": [],
            "why": ["it does not accept v2.0, and there is no way from v2.0 back to v1.0", "`totalAmount`: v2.0 no longer writes it: it moved to `pricing.total`"]
          }
        ]
      }
    ]
    "#);
}

#[test]
fn a_consumer_of_an_event_that_is_over_waits_for_nothing() {
    let storm = "context: shop
events:
  Registered: { splits_into: [Named, Reachable] }
  Named: { fields: { name: string } }
  Reachable: { fields: { email: string } }
  Pinged: { dropped: true }
consumers:
  mail:
    accepts: { shop.Registered: v1.0, shop.Named: v1.0, shop.Pinged: v1.0 }
    needs: { shop.Registered: email }
";
    let released = |name: &str, fields: &str| format!("event: shop.{name}\nversion: v1.0\nfields: {fields}\n");
    let folder = folder(&[
        ("shop.storm.yaml", storm),
        ("history/shop/Registered/v1.0.yaml", &released("Registered", "{ name: string, email: string }")),
        ("history/shop/Pinged/v1.0.yaml", &released("Pinged", "{ id: string }")),
    ]);
    history::adopt(&Workspace::open(folder.path())).unwrap();
    let found = Workspace::open_on(folder.path(), "2026-11-21").findings();
    let told: Vec<(&str, &str)> = found.iter().map(|it| (it.message.as_str(), it.help.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            (
                "`mail` reads `shop.Registered`, which is over",
                "its data becomes `shop.Named`, `shop.Reachable`: say what the consumer reads of that"
            ),
            ("`mail` reads `shop.Pinged`, which is over", "its data is no longer read by anybody: remove it here"),
        ]
    );
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[test]
fn consumers_that_a_registry_knows_count_as_well() {
    let mut workspace = workspace(MAJOR, "accepts: { shop.Placed: v1.0..v2.0 }");
    let stored = |name: &str, accepts: &str, workspace: Option<&str>| crate::store::Consumer {
        name: name.into(),
        context: "shop".into(),
        message: "Placed".into(),
        accepts: accepts.parse().unwrap(),
        owner: None,
        workspace: workspace.map(str::to_owned),
    };
    let own = workspace.model.name.clone();
    let told = [
        // The workspace knows better what `analytics` accepts, and that `mail` is gone.
        stored("analytics", "v1.0", None),
        stored("billing", "v1.0", None),
        stored("mail", "v1.0", Some(&own)),
        stored("search", "v2.0..v3.0", Some("other")),
    ];
    crate::push::join(&mut workspace, &told);
    insta::assert_snapshot!(human(&super::of(&workspace.model, &workspace.evolutions)), @"
    shop.Placed v2.0
      fine       analytics  reads v2.0 (team-checkout)
      broken     billing    it does not accept v2.0, and there is no way from v2.0 back to v1.0
      fine       search     reads v2.0
    ");
}

/// Whether an event is released or not says nothing of who listens.
#[test]
fn who_reads_a_topic_reads_every_event_of_the_aggregates_on_it() {
    let storm = "context: shop\naggregates:\n  Order:\n    events:\n      Placed: { fields: { id: string } }\n";
    let messaging = "topics: { orders: { carries: shop.Order } }\nconsumers: { analytics: { reads: orders } }\n";
    let folder = folder(&[("shop.storm.yaml", storm), ("messaging.storm.yaml", messaging)]);
    let fates = || {
        let workspace = Workspace::open(folder.path());
        let analytics = workspace.model.consumers.get("analytics").unwrap();
        let fates = of_consumer(&workspace.model, &workspace.evolutions, analytics);
        fates
            .iter()
            .map(|(known, reader)| (known.draft, known.name.to_string(), reader.fate.name()))
            .collect::<Vec<_>>()
    };
    assert_eq!(fates(), [(true, "shop.Placed".to_owned(), "unknown")]);
    history::release(&Workspace::open(folder.path()), &[], false).unwrap();
    assert_eq!(fates(), [(false, "shop.Placed".to_owned(), "unknown")]);
}

/// Events that a workspace releases and changes after that: `Own` goes by its name, those of `Both` by an aggregate and by their names,
/// `Lone` goes nowhere. So many read all of it.
fn crowd(events: usize, listeners: usize) -> Workspace {
    let storm = |more: &str| {
        let event = |name: String| format!("{name}: {{ fields: {{ id: string{more} }} }}\n");
        let own: String = (0..events).map(|at| format!("  {}", event(format!("Own{at}")))).collect();
        let both: String = (0..events).map(|at| format!("      {}", event(format!("Both{at}")))).collect();
        format!(
            "context: shop\nevents:\n{own}  {}aggregates:\n  Both:\n    key: id\n    state: {{ id: string }}\n    events:\n{both}",
            event("Lone".into())
        )
    };
    let names = |kind: &str| (0..events).map(|at| format!("shop.{kind}{at}")).collect::<Vec<_>>().join(", ");
    let mut messaging = format!(
        "topics:\n  own: {{ carries: [{}] }}\n  both: {{ carries: [shop.Both] }}\n  again: {{ carries: [{}] }}\n  unread: {{ carries: [shop.Lone] }}\nconsumers:\n",
        names("Own"),
        names("Both"),
    );
    let read = ["own", "both", "again", "[both, again]"];
    for at in 0..listeners {
        let says = ["", ", accepts: { shop.Both1: v1.0 }", ", needs: { shop.Own1: id }"][at % 3];
        messaging += &format!("  reader{at}: {{ reads: {}{says} }}\n", read[at % 4]);
    }
    messaging += "  alone: { accepts: { shop.Lone: v1.0..v1.1 }, needs: { shop.Lone: id, shop.Own0: id } }\n";
    let folder = folder(&[("shop.storm.yaml", &storm("")), ("messaging.storm.yaml", &messaging)]);
    history::release(&Workspace::open(folder.path()), &[], false).unwrap();
    std::fs::write(folder.path().join("shop.storm.yaml"), storm(", more: string?")).unwrap();
    let workspace = Workspace::open(folder.path());
    assert_eq!(report(&workspace), "");
    workspace
}

#[test]
fn what_all_listen_to_is_kept_once() {
    let (events, listeners) = (40, 36);
    let workspace = crowd(events, listeners);
    let impacts = of(&workspace.model, &workspace.evolutions);
    assert_eq!(impacts.len(), 2 * events + 1);
    // All readers of all events are far more than what the model says; that alone is kept for each event.
    let named: usize = workspace.model.consumers.values().map(|it| it.accepts.len().max(it.needs.len())).sum();
    assert_eq!(impacts.iter().map(|it| it.said.len()).sum::<usize>(), named);
    assert!(impacts.iter().map(super::Impact::count).sum::<usize>() > 10 * named);
    let mut lists: Vec<_> = impacts.iter().map(|it| it.listeners.as_ptr()).collect();
    lists.sort_unstable();
    lists.dedup();
    // One of `own`, one of `both` with `again`, and the empty one.
    assert_eq!(lists.len(), 3);
}

#[test]
fn readers_are_found_from_each_side() {
    let workspace = crowd(3, 12);
    let (model, evolutions) = (&workspace.model, &workspace.evolutions);
    let mut pairs = Vec::new();
    for consumer in model.consumers.values() {
        let reads = of_consumer(model, evolutions, consumer);
        pairs.extend(reads.iter().map(|(known, it)| (known.name.clone(), it.name.clone(), format!("{it:?}"))));
    }
    let impacts = of(model, evolutions);
    let place = |text: &str| text.rsplit_once(", place: ").unwrap().0.to_owned();
    let sorted = |mut all: Vec<(isobar_model::model::Name, String, String)>| {
        all.iter_mut().for_each(|it| it.2 = place(&it.2));
        all.sort();
        all
    };
    let all = |readers: &dyn Fn(&super::Impact) -> Vec<super::Reader>| {
        let of = |it: &super::Impact| {
            let told =
                readers(it).into_iter().map(|reader| (it.name.clone(), reader.name.clone(), format!("{reader:?}")));
            told.collect::<Vec<_>>()
        };
        sorted(impacts.iter().flat_map(of).collect())
    };
    let pairs = sorted(pairs);
    assert_eq!(all(&|it| it.readers().cloned().collect()), pairs);
    let version = |it: &super::Impact| {
        let evolution = &evolutions[&it.name];
        super::of_version(model, evolution, evolution.draft().unwrap())
    };
    assert_eq!(all(&version), pairs);
    for it in &impacts {
        assert_eq!((it.count(), version(it).len()), (it.readers().count(), it.count()), "{}", it.name);
    }
    // Three of four listen to `both` or `again`, one of four to `own`; `alone` listens to nothing.
    let count = |name: &str| impacts.iter().find(|it| it.name.name == name).unwrap().count();
    assert_eq!(["Own0", "Own1", "Own2", "Both0", "Both1", "Both2", "Lone"].map(count), [4, 6, 3, 9, 10, 9, 1]);
}

#[test]
fn any_version_means_something_to_readers() {
    let consumers = "accepts: { shop.Placed: v1.0 }\nneeds: { shop.Placed: totalAmount }";
    let mut workspace = workspace(&MAJOR.replace("removed: [currency]", "downgrade: { currency: USD }"), consumers);
    let silent = workspace.model.consumers["analytics"].clone();
    let topic = isobar_model::Spanned::new("orders".to_owned(), silent.name.span);
    let silent = isobar_model::model::Consumer {
        name: isobar_model::Spanned::new("archive".to_owned(), silent.name.span),
        reads: vec![topic],
        accepts: Vec::new(),
        needs: Vec::new(),
        ..silent
    };
    workspace.model.consumers.insert("archive".to_owned(), silent);
    let evolution = workspace.evolution("shop.Placed").unwrap();
    let told = |version: usize| {
        let readers = super::of_version(&workspace.model, evolution, &evolution.versions[version]);
        readers.into_iter().map(|it| format!("{} {}", it.name, it.fate.name())).collect::<Vec<_>>()
    };
    // What it accepts is what was released; of what is drafted it gets the old form back.
    assert_eq!(told(0), ["analytics fine", "archive unknown"]);
    assert_eq!(told(1), ["analytics downgrade", "archive unknown"]);
}

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

//! What versions, differences and the playground say.

use super::{
    page::{Form, Page, Templates},
    playground::Tried,
    site::{Ask, Shown, Site},
};
use isobar_registry::{Workspace, push, store::Consumer};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// An event whose numbers do not follow from its changes: `v1.1` changed what its readers cannot do without, and `v3.0` only adds what every
/// reader leaves aside.
fn sales() -> Shown {
    let net =
        |bound: &str| format!("types:\n  Net: {{ fields: {{ net: {{ type: decimal(2), wire: netto{bound} }} }} }}\n");
    let frozen = |version: &str, types: &str, fields: &str| {
        format!("event: sales.Sold\nversion: {version}\n{types}fields: {{ id: string{fields} }}\n")
    };
    let (from_1, fields) = (net(", min: 1"), ", price: Net, lines: list<Net>");
    let event = format!("events:\n  Sold: {{ version: v3.0, fields: {{ id: string{fields}, extra: string? }} }}\n");
    let files = [
        ("isobar.yaml", "workspace: sales\n".to_owned()),
        ("sales.storm.yaml", format!("context: sales\n{from_1}{event}")),
        ("history/sales/Sold/v1.0.yaml", frozen("v1.0", "", "")),
        ("history/sales/Sold/v1.1.yaml", frozen("v1.1", &net(""), fields)),
        ("history/sales/Sold/v2.0.yaml", frozen("v2.0", &from_1, fields)),
    ];
    let files: BTreeMap<String, String> = files.into_iter().map(|(name, text)| (name.into(), text)).collect();
    Shown::new("sales", Arc::new(Workspace::of_files(files, None)))
}

fn shop() -> Shown {
    Shown::new("shop", Arc::new(Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/shop"))))
}

fn page(shown: Shown, rest: &[&str], tried: Option<&Tried>) -> Page {
    let name = shown.name.clone();
    let site = Site { workspaces: vec![shown], ..Site::default() };
    site.answer(&[&["w", &name, "event"], rest].concat(), &Ask { tried, ..Ask::default() }).unwrap()
}

fn told(shown: Shown, rest: &[&str]) -> String {
    Templates::new().unwrap().write(&page(shown, rest, None), Form::Markdown).unwrap()
}

/// The lines of a page's data that are marked.
fn marked(lines: &serde_json::Value) -> String {
    let lines = lines.as_array().unwrap().iter().filter(|line| line["look"] != "same");
    let each = lines.map(|line| {
        let note = line["note"].as_str().map(|note| format!("  <- {note}")).unwrap_or_default();
        format!("{:5}{}{note}\n", line["look"].as_str().unwrap(), line["text"].as_str().unwrap())
    });
    each.collect()
}

#[test]
fn what_was_declared_stands_beside_what_the_changes_make_it() {
    insta::assert_snapshot!(told(sales(), &["sales.Sold", "versions"]), @"
    # The versions of sales.Sold

    | version | step | its changes make it | reads the one before | the one before reads it | changes |
    |---|---|---|---|---|---|
    | v3.0 (draft, declared as v3.0) | major | minor | yes | yes | 1 |
    | v2.0 | major | major | **no** | yes | 1 |
    | v1.1 | minor | major | **no** | yes | 2 |
    | v1.0 |  |  | yes | yes | 0 |
    ");
}

/// What consumers told a registry stands beside what the workspace says of its own; who only reads the topic does not say which versions.
#[test]
fn consumers_that_told_a_registry_are_with_those_of_the_workspace() {
    let mut workspace = Workspace::clone(&shop().workspace);
    let told_by = |name: &str, message: &str, accepts: &str, owner: Option<&str>| Consumer {
        name: name.into(),
        context: "ordering".into(),
        message: message.into(),
        accepts: accepts.parse().unwrap(),
        owner: owner.map(str::to_owned),
        workspace: None,
    };
    push::join(
        &mut workspace,
        &[
            // What the workspace says of its own consumers holds.
            told_by("analytics-service", "OrderPlaced", "v2.0", None),
            told_by("invoices", "OrderAccepted", "v1.0", None),
            told_by("invoices", "OrderPlaced", "v1.0", Some("team-invoices")),
        ],
    );
    let shown = Shown::new("shop", Arc::new(workspace));
    let readers = |rest: &[&str], title: &str| {
        let text = told(shown.clone(), rest);
        text.split(title).nth(1).unwrap().split("\n\n").nth(1).unwrap().to_owned()
    };
    insta::assert_snapshot!(readers(&["ordering.OrderPlaced", "versions"], "## Who reads what"), @"
    - inventory-service: accepts v1.0..v2.0
    - analytics-service: accepts v1.0..v1.1
    - invoices: accepts v1.0..v1.0
    ");
    insta::assert_snapshot!(readers(&["ordering.OrderPlaced", "diff", "v1.1...v2.0"], "Its consumers:"), @"
    - inventory-service: it goes on reading (accepts v1.0..v2.0)
    - analytics-service: it reads it as v1.1, without currency (accepts v1.0..v1.1)
    - invoices: it reads it as v1.0 (accepts v1.0..v1.0)
    ");
    insta::assert_snapshot!(readers(&["ordering.OrderAccepted", "versions"], "## Who reads what"), @"
    - invoices: accepts v1.0..v1.0
    - inventory-service: does not say which versions
    - analytics-service: does not say which versions
    ");
    let html = Templates::new()
        .unwrap()
        .write(&page(shown.clone(), &["ordering.OrderAccepted", "versions"], None), Form::Html);
    let html = html.unwrap();
    assert_eq!(["not said", "reads it<", "–"].map(|cell| html.matches(&format!(">{cell}")).count()), [4, 1, 1]);
    // Who owns one is said with one event of two.
    let site = Site { workspaces: vec![shown], ..Site::default() };
    let owner = site.answer(&["w", "shop", "consumer", "invoices"], &Ask::default()).unwrap().data["owner"].clone();
    assert_eq!(owner["href"], "/w/shop/team/team-invoices");
    assert!(site.answer(&["w", "shop", "team", "team-invoices"], &Ask::default()).is_some());
}

#[test]
fn a_difference_says_who_can_read_whom_and_what_to_do() {
    insta::assert_snapshot!(told(shop(), &["ordering.OrderPlaced", "diff", "v1.1...v2.0"]), @r#"
    # ordering.OrderPlaced v1.1 to v2.0

    - A service that reads v2.0 gets data of v1.1. It **reads it once it is converted**. Not as it is. The `upgrade` in v2.0 says how data of v1.1 becomes data of v2.0; generated code and the registry apply it by themselves, every other reader has to.
    - A service that still reads v1.1 gets data of v2.0. It **reads it once it is converted**. Not as it is. Somebody has to bring it back first, as the `downgrade` in v2.0 says. On the way `currency` cannot be told and is replaced or left out.

    > Before v2.0 is written, move **analytics-service** to it, or convert its data back: `isobar upcast ordering.OrderPlaced --from v2.0 --to v1.1`.

    | change | field | was | is | v2.0 reads v1.1 | v1.1 reads v2.0 |
    |---|---|---|---|---|---|
    | added | `items` |  | `list<ordering.LineItem>` | **no** | yes |
    | merged | `pricing.subtotal` | `totalAmount, discountAmount` |  | **no** | **no** |
    | added | `pricing.tax` |  |  | **no** | yes |
    | moved | `pricing.discount` | `discountAmount` |  | **no** | yes |
    | moved | `pricing.total` | `totalAmount` |  | **no** | **no** |
    | removed | `currency` | `string = "USD"` |  | yes | yes |

    A reader of v2.0 refuses this payload of v1.1:

    ```json
    {"currency":"AAA","customerId":"customer_a","discountAmount":0,"orderId":"order_a","totalAmount":0}
    ```

    - `items` is missing, but required
    - `pricing` is missing, but required

    A reader of v1.1 refuses this payload of v2.0:

    ```json
    {"customerId":"customer_a","items":[],"orderId":"order_a","pricing":{"discount":0,"subtotal":0,"tax":0,"total":0}}
    ```

    - `totalAmount` is missing, but required

    Its consumers:

    - inventory-service: it goes on reading (accepts v1.0..v2.0)
    - analytics-service: it reads it as v1.1, without currency (accepts v1.0..v1.1)

    v1.1 to v2.0:

    ```yaml
    items: []
    pricing.total: $totalAmount
    pricing.discount: $discountAmount
    pricing.tax: 0
    pricing.subtotal: $totalAmount + $discountAmount
    ```
    "#);
    // Whichever stands first, the older one is told first.
    assert_eq!(
        told(shop(), &["ordering.OrderPlaced", "diff", "v2.0...v1.1"]),
        told(shop(), &["ordering.OrderPlaced", "diff", "v1.1...v2.0"])
    );
    let fine = page(shop(), &["ordering.OrderPlaced", "diff", "v1.0...v1.1"], None).data;
    assert_eq!(fine["todo"], serde_json::json!(["Nothing: readers and writers may move to v1.1 in any order."]));
    let stuck = page(sales(), &["sales.Sold", "diff", "v1.0...v1.1"], None).data;
    assert_eq!(
        (&stuck["verdicts"][0]["answer"], &stuck["verdicts"][1]["answer"]),
        (&"cannot read it".into(), &"reads it".into())
    );
}

#[test]
fn a_place_that_breaks_is_marked_by_its_name_on_the_wire() {
    let breaks = |between: &str| {
        let data = page(sales(), &["sales.Sold", "diff", between], None).data;
        data["broken"].as_array().unwrap().iter().map(|it| marked(&it["lines"])).collect::<String>()
    };
    insta::assert_snapshot!(breaks("v1.0...v1.1"), @r#"
    gap    "price": …  <- is missing, but required
    gap    "lines": …  <- is missing, but required
    "#);
    insta::assert_snapshot!(breaks("v1.1...v2.0"), @r#"mark     "netto": 0  <- can be -99999999999999999999.99, less than the minimum 1"#);
}

#[test]
fn the_playground_marks_what_is_new_what_is_lost_and_what_is_wrong() {
    let tried = |from: &str, to: &str, payload: &str| {
        let tried = Tried { from: from.into(), to: to.into(), payload: payload.into() };
        page(shop(), &["ordering.OrderPlaced", "upcast"], Some(&tried)).data
    };
    let hops = |data: &serde_json::Value| {
        let hops = data["hops"].as_array().unwrap().iter();
        hops.map(|hop| format!("{}\n{}", hop["version"].as_str().unwrap(), marked(&hop["lines"]))).collect::<String>()
    };
    let up = tried("v1.0", "v2.0", r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":9.50}"#);
    insta::assert_snapshot!(hops(&up), @r#"
    v1.0
    v1.1
    plus   "currency": "USD",
    plus   "discountAmount": 0
    v2.0
    plus   "items": [],
    plus   "pricing": {
    plus     "subtotal": 9.5,
    plus     "tax": 0,
    plus     "discount": 0,
    plus     "total": 9.5
    plus   }
    "#);
    let down = r#"{"orderId":"order_1","customerId":"customer_1","items":[{"productId":"product_1","quantity":1,"unitPrice":2}],"pricing":{"subtotal":1,"tax":7,"discount":0,"total":1}}"#;
    let down = tried("v2.0", "v1.1", down);
    insta::assert_snapshot!(hops(&down), @r#"
    v2.0
    lost   "items": [  <- not in v1.1
    lost     {
    lost       "productId": "product_1",
    lost       "quantity": 1,
    lost       "unitPrice": 2
    lost     }
    lost   ],
    lost     "tax": 7,  <- not in v1.1
    v1.1
    plus   "totalAmount": 1,
    plus   "currency": "USD",
    plus   "discountAmount": 0
    "#);
    assert_eq!(down["lost"], serde_json::json!(["items", "pricing.tax"]));
    let wrong = tried(
        "v2.0",
        "v1.1",
        r#"{"orderId":"order_1","customerId":"customer_1","items":[{"productId":"product_1","quantity":0,"unitPrice":2}]}"#,
    );
    insta::assert_snapshot!(marked(&wrong["problem"]["lines"]), @r#"mark       "quantity": 0,  <- 0 is less than the minimum 1"#);
    let missing = tried("v1.0", "v2.0", r#"{"orderId":"order_1","customerId":"customer_1"}"#);
    insta::assert_snapshot!(marked(&missing["problem"]["lines"]), @r#"gap    "totalAmount": …  <- is missing"#);
    let no_json = tried("v1.0", "v2.0", "{\n  \"orderId\": \"order_1\",\n  \"customerId\": oops\n}");
    insta::assert_snapshot!(marked(&no_json["problem"]["lines"]), @r#"mark   "customerId": oops  <- not JSON: expected value at line 3 column 17"#);
}

#[test]
fn the_playground_begins_with_an_example_of_every_version() {
    let data = page(shop(), &["ordering.OrderPlaced", "upcast"], None).data;
    let samples = data["versions"].as_array().unwrap();
    assert!(samples.iter().all(|it| it["sample"].is_string()), "{samples:?}");
    assert_eq!((data["problem"].clone(), data["hops"].as_array().unwrap().len()), (serde_json::Value::Null, 3));
}

use super::*;
use crate::{
    history::FOLDER,
    release,
    testing::{folder, open, put, report},
};
use std::{fs, path::Path};
use tempfile::TempDir;

const PAYMENT: &str = "context: payment
types:
  Money: { fields: { amount: decimal(2), currency: string } }
events:
  Captured: { fields: { order: string, total: Money, note: string? } }
";
const SHOP: &str = "context: shop
commands:
  Ship: { fields: { order: string, value: decimal(2) } }
policies:
  ShipWhenPaid:
    when: payment.Captured
    if: $total.amount > 0
    then: Ship
    fill: { order: $order, value: $total.amount }
read_models:
  Paid:
    key: order
    fields: { order: string, currency: string }
    from: { payment.Captured: { insert: { currency: $total.currency } } }
consumers:
  mailer: { accepts: { payment.Captured: v1.0..v1.1 }, needs: { payment.Captured: [total.currency] } }
";
const TODAY: &str = "2026-11-21";

/// What a registry has of the context.
fn released(text: &str) -> (TempDir, BTreeMap<String, String>) {
    let theirs = folder(&[("isobar.yaml", "workspace: theirs\n"), ("payment.storm.yaml", text)]);
    release(&open(theirs.path()), &[], false).unwrap();
    let files = open(theirs.path()).texts().into_iter();
    let below = |path: String| path.strip_prefix(&format!("{FOLDER}/")).filter(|it| *it != LOCK).map(str::to_owned);
    let files = files.filter_map(|(path, text)| Some((below(path)?, text))).collect();
    (theirs, files)
}

fn pull(root: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    write(&Workspace::open(root), "payment", files)
        .map_err(|it| isobar_model::diag::render(&it.diagnostics.sorted(&it.sources), &it.sources, false))
}

#[test]
fn what_others_released_can_be_read_and_is_left_alone() {
    let (_theirs, files) = released(PAYMENT);
    let ours = folder(&[("isobar.yaml", "workspace: ours\n"), ("shop.storm.yaml", SHOP)]);
    let lost = Workspace::open(ours.path());
    assert!(
        report(&lost).contains("if it is another workspace's, `isobar pull payment` brings it here"),
        "{}",
        report(&lost)
    );
    assert_eq!(pull(ours.path(), &files).unwrap(), ["payment/Captured/v1.0.yaml"]);
    assert_eq!(pull(ours.path(), &files).unwrap(), [""; 0], "nothing is new");
    let workspace = Workspace::open_on(ours.path(), TODAY);
    assert_eq!(report(&workspace), "");
    assert_eq!(workspace.model.pulled.len(), 1);
    assert_eq!(workspace.model.events().count() + workspace.evolutions.len(), 0, "nothing of it is ours");
    assert_eq!(release(&workspace, &[], false).unwrap(), []);
    assert!(!ours.path().join("history/payment").exists());
    let sent = Workspace::of_files(workspace.texts(), Some(TODAY));
    assert_eq!((report(&sent), sent.texts()), (String::new(), workspace.texts()));
}

#[test]
fn what_they_lack_is_found() {
    let (_theirs, files) = released(PAYMENT);
    let wrong = SHOP
        .replace("$total.amount > 0", "$total.cents > 0")
        .replace("needs: { payment.Captured: [total.currency] }", "needs: { payment.Captured: [currency] }")
        .replace("read_models:", "events: { Shipped: { from: payment.Capture, fields: {} } }\nread_models:")
        .replace("order: string, value: decimal(2) }", "order: string, value: decimal(2) }, emits: payment.Captured");
    let ours = folder(&[("isobar.yaml", "workspace: ours\n"), ("shop.storm.yaml", &wrong)]);
    pull(ours.path(), &files).unwrap();
    let workspace = Workspace::open_on(ours.path(), TODAY);
    let found: Vec<String> =
        workspace.findings().into_iter().map(|it| format!("{}: {}", it.code.name, it.message)).collect();
    assert_eq!(
        found,
        [
            "unknown-name: the context `payment` is another workspace's",
            "unknown-field: `$total` has no field `cents`",
            "unknown-name: the pulled context `payment` has no event `Capture`",
        ]
    );
    let needs = SHOP.replace("[total.currency]", "[currency]");
    put(ours.path(), &[("shop.storm.yaml", &needs)]);
    assert!(
        report(&Workspace::open_on(ours.path(), TODAY)).contains("`payment.Captured` v1.0 has no field `currency`")
    );
}

#[test]
fn what_was_pulled_is_under_lock() {
    let (_theirs, files) = released(PAYMENT);
    let ours = folder(&[("isobar.yaml", "workspace: ours\n"), ("shop.storm.yaml", SHOP)]);
    pull(ours.path(), &files).unwrap();
    let file = ours.path().join(PULLED).join("payment/Captured/v1.0.yaml");
    fs::write(&file, fs::read_to_string(&file).unwrap() + "# mine\n").unwrap();
    let found = report(&Workspace::open(ours.path()));
    assert!(found.contains("`history/.pulled/payment/Captured/v1.0.yaml` was changed after its release"), "{found}");
    fs::remove_file(&file).unwrap();
    assert!(report(&Workspace::open(ours.path())).contains("was released and is gone"));
    assert_eq!(pull(ours.path(), &files).unwrap().len(), 1, "pulling restores it");
    open(ours.path());
    put(ours.path(), &[("payment.storm.yaml", "context: payment\nevents: [Captured]\n")]);
    let found = report(&Workspace::open(ours.path()));
    assert!(found.contains("the context `payment` is pulled, and so another workspace's"), "{found}");
    assert!(pull(ours.path(), &files).unwrap_err().contains("the context `payment` is the workspace's own"));
}

#[test]
fn a_registry_that_sends_something_else_is_refused() {
    let (_theirs, files) = released(PAYMENT);
    let ours = folder(&[("shop.storm.yaml", "context: shop\nevents: [Paid]\n")]);
    let text = files.values().next().unwrap();
    for (path, text) in [
        ("payment/../../../x.yaml", text.as_str()),
        ("shop/Captured/v1.0.yaml", text),
        ("payment/Other/v1.0.yaml", text),
        ("payment/Captured/v1.0.yaml", "event: [\n"),
        ("payment/readme.md", "hello"),
    ] {
        let files = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        assert!(pull(ours.path(), &files).is_err(), "{path}");
        assert!(!ours.path().join(FOLDER).exists(), "{path}");
    }
}

//! Workspaces come into a store as they are, and only on top of what was pushed before.

use isobar_model::{Version, diag};
use isobar_registry::{
    Workspace,
    history::{FOLDER, LOCK, PULLED},
    pulled,
    push::{self, Refused, push},
    release,
    store::{Action, Deleted, Page, Pushed, Store, subject_of},
};
use isobar_store_tests::Kind;
use std::{collections::BTreeMap, fs, path::Path};
use tempfile::TempDir;

/// What the shop is found by, and where that stands.
const WORDS: [(&str, &str); 5] =
    [("orderplaced", "name"), ("pii", "tag"), ("zipcode", "field"), ("lineitem", "type"), ("gold", "value")];
const TODAY: &str = "2026-11-21";

/// A workspace in a folder of its own, in which everything is released.
fn workspace(name: &str, context: &str, fields: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("isobar.yaml"), format!("workspace: {name}\nowner: team\n")).unwrap();
    freeze(folder.path(), context, fields);
    folder
}

/// Releases the event `Paid` with these fields.
fn freeze(root: &Path, context: &str, fields: &str) {
    let storm = format!("context: {context}\nevents:\n  Paid: {{ fields: {{ {fields} }} }}\n");
    fs::write(root.join(format!("{context}.storm.yaml")), storm).unwrap();
    let workspace = Workspace::open(root);
    release(&workspace, &[], false).unwrap_or_else(|_| panic!("{}", report(&workspace)));
}

fn report(workspace: &Workspace) -> String {
    diag::render(&workspace.findings(), &workspace.sources, false)
}

/// As a server does: from texts.
async fn pushed(store: &Store, root: &Path) -> Result<Pushed, String> {
    let workspace = Workspace::of_files(Workspace::open(root).texts(), Some(TODAY));
    push(store, "t", &workspace).await.map_err(|refused| match refused {
        Refused::Findings(workspace) => report(&workspace),
        Refused::Store(error) => panic!("{error}"),
    })
}

#[tokio::test]
async fn a_workspace_is_kept_as_it_is() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/shop");
    let workspace = Workspace::open_on(&shop, TODAY);
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        let first = pushed(&store, &shop).await.unwrap();
        let released: usize = workspace.history.events.values().map(Vec::len).sum();
        assert_eq!((first.new.len(), first.known), (released, 0));
        assert_eq!(store.workspace_files("shop").await.unwrap(), workspace.texts());
        for (name, releases) in &workspace.history.events {
            let history = store.history(&name.context, &name.name).await.unwrap();
            assert_eq!(history.len(), releases.len());
            for (frozen, release) in history.iter().zip(releases) {
                assert_eq!(frozen.yaml, fs::read_to_string(shop.join(FOLDER).join(&release.path)).unwrap());
                assert_eq!(frozen.at.hash, workspace.history.lock.0[&release.path].to_string());
                let schema = store.schema(frozen.at.schema).await.unwrap();
                let json: serde_json::Value = serde_json::from_str(&schema.schema.text).unwrap();
                assert_eq!(json["$id"], frozen.at.url.as_str());
                assert_eq!(json["x-isobar-version"], release.version.to_string());
            }
            let subject = subject_of(&name.context, &name.name);
            assert_eq!(store.versions(&subject, Deleted::Without).await.unwrap().len(), releases.len());
        }
        let messages = store.messages(None, Page::ALL).await.unwrap();
        assert!(messages.iter().any(|it| it.kind == "command") && messages.iter().all(|it| it.owner.is_some()));
        let contexts = store.contexts(Some("shop")).await.unwrap();
        assert_eq!(contexts.len(), workspace.model.contexts.len());
        for (word, place) in WORDS {
            let hits = store.search(word, 50).await.unwrap();
            assert!(hits.iter().any(|hit| hit.place == place), "{word}: {hits:?}");
        }
        let before = store.last_change().await.unwrap();
        let again = pushed(&store, &shop).await.unwrap();
        assert_eq!((again.new.len(), again.known), (0, released));
        assert_eq!(store.last_change().await.unwrap(), before, "nothing happened");
    }
}

#[tokio::test]
async fn what_was_pushed_is_only_built_upon() {
    let store = Kind::Memory.place().open().await;
    let here = workspace("shop", "sales", "n: int");
    pushed(&store, here.path()).await.unwrap();
    let there = tempfile::tempdir().unwrap();
    for (path, text) in Workspace::open(here.path()).texts() {
        let path = there.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // A draft is nothing that is released.
    fs::write(here.path().join("more.storm.yaml"), "context: sales\nevents: { Sent: { fields: { n: int } } }\n")
        .unwrap();
    assert_eq!(pushed(&store, here.path()).await.unwrap().new, []);
    assert!(store.history("sales", "Sent").await.unwrap().is_empty());
    // What is only told in other words takes the place of what was told before.
    freeze(here.path(), "sales", "n: { type: int, doc: how many }");
    let told = pushed(&store, here.path()).await.unwrap();
    assert_eq!((told.new.len(), told.known), (1, 1), "`Sent` was released with it");
    let history = store.history("sales", "Paid").await.unwrap();
    assert!(history.len() == 1 && history[0].yaml.contains("how many"));
    assert!(store.changes(0, 99).await.unwrap().iter().any(|change| change.action == Action::Revised));
    freeze(here.path(), "sales", "n: int, m: int?");
    let more = pushed(&store, here.path()).await.unwrap();
    assert_eq!((more.new[0].1, more.known), (Version::new(1, 1), 2));

    let before = store.last_change().await.unwrap();
    let missing = pushed(&store, there.path()).await.unwrap_err();
    for part in [
        "error[base-missing]: v1.1 of `sales.Paid` was released on the registry and is not here",
        "error[base-missing]: v1.0 of `sales.Sent` was released on the registry and is not here",
        "--> sales.storm.yaml:3:3",
        "::: history/sales/Paid/v1.1.yaml@registry:1:8",
        "help: merge the branch that was pushed; if the file was deleted here, restore it: bring \
         history/sales/Paid/v1.1.yaml and history/isobar.lock over from the branch that was pushed",
    ] {
        assert!(missing.contains(part), "{part}\n{missing}");
    }
    freeze(there.path(), "sales", "n: int, k: string?");
    let clash = pushed(&store, there.path()).await.unwrap_err();
    for part in [
        "error[base-clash]: v1.1 of `sales.Paid` is another one than on the registry",
        "--> history/sales/Paid/v1.1.yaml:1:8",
        "if both sides released it, run `isobar release` again, and what is yours becomes the next version",
    ] {
        assert!(clash.contains(part), "{part}\n{clash}");
    }
    assert_eq!(store.last_change().await.unwrap(), before, "nothing is kept of what is refused");
}

#[tokio::test]
async fn versions_come_in_their_order() {
    let store = Kind::Memory.place().open().await;
    let here = workspace("shop", "sales", "n: int");
    freeze(here.path(), "sales", "n: int, m: int?");
    let whole = Workspace::open(here.path()).texts();
    let major = "context: sales\nevents:\n  Paid: { fields: { n: int, k: int }, upgrade: { k: 0 }, downgrade: {} }\n";
    fs::write(here.path().join("sales.storm.yaml"), major).unwrap();
    // Released beside v1.1, as if that was not there.
    let hidden = here.path().join(FOLDER).join("sales/Paid/v1.1.yaml");
    let minor = fs::read_to_string(&hidden).unwrap();
    fs::remove_file(&hidden).unwrap();
    let lock = here.path().join(FOLDER).join(LOCK);
    let lines = fs::read_to_string(&lock).unwrap();
    fs::write(
        &lock,
        lines.lines().filter(|line| !line.contains("v1.1")).map(|line| format!("{line}\n")).collect::<String>(),
    )
    .unwrap();
    let opened = Workspace::open(here.path());
    release(&opened, &[], false).unwrap_or_else(|_| panic!("{}", report(&opened)));
    pushed(&store, here.path()).await.unwrap();
    // Both are brought together.
    fs::write(&hidden, minor).unwrap();
    let line = lines.lines().find(|line| line.contains("v1.1")).unwrap();
    fs::write(&lock, format!("{}{line}\n", fs::read_to_string(&lock).unwrap())).unwrap();
    let late = pushed(&store, here.path()).await.unwrap_err();
    for part in [
        "error[base-passed]: the registry has v2.0 of `sales.Paid` and no v1.1",
        "--> history/sales/Paid/v1.1.yaml:1:8",
        "help: remove the file and its line in the lock, and release what it changed on top of the newest version",
    ] {
        assert!(late.contains(part), "{part}\n{late}");
    }
    assert!(whole.contains_key("history/sales/Paid/v1.1.yaml"));
}

#[tokio::test]
async fn what_is_wrong_or_anothers_is_refused() {
    let store = Kind::Memory.place().open().await;
    let first = workspace("shop", "sales", "n: int");
    pushed(&store, first.path()).await.unwrap();
    let thief = workspace("thief", "sales", "n: int");
    let owned = pushed(&store, thief.path()).await.unwrap_err();
    for part in [
        "error[context-owned]: the context `sales` belongs to the workspace `shop`",
        "--> sales.storm.yaml:1:10",
        "help: give this one another name; to read the events of that one, remove this one and run `isobar pull sales`",
    ] {
        assert!(owned.contains(part), "{part}\n{owned}");
    }
    fs::write(first.path().join("wrong.storm.yaml"), "context: sales\nevents: { Lost: { fields: { n: nothing } } }\n")
        .unwrap();
    assert!(pushed(&store, first.path()).await.unwrap_err().starts_with("error[bad-type]"));
    let nameless = workspace("x", "other", "n: int");
    fs::remove_file(nameless.path().join("isobar.yaml")).unwrap();
    let refused = pushed(&store, nameless.path()).await.unwrap_err();
    assert!(refused.contains("error[missing-key]: a workspace that is pushed has an `isobar.yaml`"), "{refused}");
    assert_eq!(store.workspaces().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_pulled_is_read_and_not_released() {
    let store = Kind::Memory.place().open().await;
    let theirs = workspace("money", "payment", "order: string, total: decimal(2)");
    pushed(&store, theirs.path()).await.unwrap();
    let ours = workspace("shop", "sales", "n: int");
    let files = push::pulled(&store.context_history("payment", Page::ALL).await.unwrap());
    pulled::write(&Workspace::open(ours.path()), "payment", &files).unwrap();
    let policy = "context: sales\ncommands: { Ship: { fields: { order: string } } }\n\
                  policies: { Go: { when: payment.Paid, if: $total > 0, then: Ship, fill: { order: $order } } }\n";
    fs::write(ours.path().join("ship.storm.yaml"), policy).unwrap();
    let done = pushed(&store, ours.path()).await.unwrap();
    assert_eq!(done.new.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["sales.Paid"]);
    assert_eq!(store.contexts(Some("shop")).await.unwrap().len(), 1);
    let kept = Workspace::of_files(store.workspace_files("shop").await.unwrap(), Some(TODAY));
    assert_eq!(report(&kept), "", "the files that are kept are a workspace");
    // Somebody pulled from elsewhere.
    let other = workspace("money", "payment", "order: string, total: decimal(2), more: int");
    let files: BTreeMap<String, String> = Workspace::open(other.path())
        .texts()
        .into_iter()
        .filter_map(|(path, text)| {
            Some((path.strip_prefix("history/payment/").map(|it| format!("payment/{it}"))?, text))
        })
        .collect();
    fs::remove_dir_all(ours.path().join(PULLED)).unwrap();
    pulled::write(&Workspace::open(ours.path()), "payment", &files).unwrap();
    let refused = pushed(&store, ours.path()).await.unwrap_err();
    for part in [
        "error[base-clash]: v1.0 of `payment.Paid`, as it was pulled, is another one than on the registry",
        "--> history/.pulled/payment/Paid/v1.0.yaml:1:8",
        "help: run `isobar pull payment` again",
    ] {
        assert!(refused.contains(part), "{part}\n{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_sees_the_other() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        let first = workspace("shop", "sales", "n: int");
        pushed(&store, first.path()).await.unwrap();
        let root = |field: &str| {
            let folder = workspace("shop", "sales", "n: int");
            freeze(folder.path(), "sales", &format!("n: int, {field}: int?"));
            folder
        };
        let (a, b) = (root("a"), root("b"));
        let (one, two) = tokio::join!(pushed(&store, a.path()), pushed(&store, b.path()));
        let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
        assert_eq!(refused.len(), 1, "{kind:?}");
        assert!(refused[0].contains("error[base-clash]: v1.1 of `sales.Paid`"), "{}", refused[0]);
    }
}

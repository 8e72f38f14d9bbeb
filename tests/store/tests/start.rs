//! Stores start: new, again, several at once, and never on what a newer program wrote.

use isobar_registry::store::{Deleted, Error, Push, Schema, Store};
use isobar_store_tests::{Kind, register, schema, subject};
use std::{collections::BTreeMap, time::Duration};
use tokio::{task::JoinSet, time::timeout};

#[tokio::test(flavor = "multi_thread")]
async fn several_that_start_at_once_find_one_layout() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let mut starts = JoinSet::new();
        for number in 0..8 {
            let url = place.url.clone();
            starts.spawn(async move {
                let store = Store::open(&url).await.unwrap();
                register(&store, &subject(&format!("s{number}")), schema(number)).await.unwrap().id
            });
        }
        let mut ids = starts.join_all().await;
        ids.sort_unstable();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6, 7, 8], "{kind:?}");
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        register(&store, &subject("a"), schema(1)).await.unwrap();
        drop(store);
        let store = place.open().await;
        assert_eq!(store.versions(&subject("a"), Deleted::Without).await.unwrap().len(), 1);
        assert_eq!(register(&store, &subject("a"), schema(2)).await.unwrap().id, 2);
    }
}

/// What is written goes into a log first, which is not let grow for ever.
#[tokio::test]
async fn a_long_log_is_copied_into_the_file_while_it_is_open() {
    let place = Kind::File.place();
    let store = place.open().await;
    let file = place.url.strip_prefix("sqlite:").unwrap();
    let length = || std::fs::metadata(file).unwrap().len();
    register(&store, &subject("a"), schema(1)).await.unwrap();
    let before = length();
    let text = format!(r#""{}""#, "x".repeat(20 << 20));
    register(&store, &subject("b"), Schema { text, ..schema(2) }).await.unwrap();
    let copied = async {
        while length() < before + (20 << 20) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), copied).await.expect("the file has it");
    assert_eq!(register(&store, &subject("c"), schema(3)).await.unwrap().id, 3);
}

/// Runs a statement behind the store's back.
fn execute(url: &str, statement: &str) {
    match url.strip_prefix("sqlite:") {
        Some(path) => rusqlite::Connection::open(path).unwrap().execute_batch(statement).unwrap(),
        None => isobar_store_tests::cluster::execute(url, statement),
    }
}

#[tokio::test]
async fn a_database_of_layout_1_is_brought_up_to_date() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        register(&store, &subject("a"), schema(1)).await.unwrap();
        let push = Push { workspace: "shop".into(), ..Push::default() };
        store.push("t", push.clone()).await.unwrap();
        drop(store);
        // All that later layouts have more.
        let older = "DROP TABLE sources; ALTER TABLE consumers DROP COLUMN workspace; DROP INDEX schemas_hash; \
                     UPDATE layout SET version = 1 WHERE one = 1";
        execute(&place.url, older);
        if matches!(kind, Kind::Postgres) {
            execute(&place.url, "ALTER TABLE schemas ADD CONSTRAINT schemas_hash_twin_key UNIQUE (hash, twin)");
        }
        let mut starts = JoinSet::new();
        for _ in 0..4 {
            let url = place.url.clone();
            starts.spawn(async move { Store::open(&url).await.unwrap() });
        }
        let store = starts.join_all().await.remove(0);
        assert_eq!(store.versions(&subject("a"), Deleted::Without).await.unwrap().len(), 1, "{kind:?}");
        assert!(store.workspace_files("shop").await.unwrap().is_empty(), "they come with the next push");
        let files = BTreeMap::from([("isobar.yaml".to_owned(), "workspace: shop\n".to_owned())]);
        store.push("t", Push { files: files.clone(), ..push }).await.unwrap();
        assert_eq!(store.workspace_files("shop").await.unwrap(), files);
    }
}

/// Every row of a file, but for its layout.
fn rows(path: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let broken = connection.prepare("PRAGMA foreign_key_check").unwrap().query_map([], |_| Ok(())).unwrap().count();
    assert_eq!(broken, 0, "a row refers to nothing");
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'layout' ORDER BY name";
    let mut tables = connection.prepare(select).unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for table in tables {
        let mut select = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = select.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let cells: Vec<rusqlite::types::Value> = (0..columns).map(|at| row.get(at).unwrap()).collect();
            Ok(format!("{table} {cells:?}"))
        };
        rows.extend(select.query_map([], row).unwrap().map(Result::unwrap));
    }
    rows
}

#[tokio::test]
async fn a_file_of_layout_3_keeps_all_it_has() {
    let place = Kind::File.place();
    let path = place.url.strip_prefix("sqlite:").unwrap();
    execute(&place.url, include_str!("layout-3.sql"));
    let before = rows(path);
    assert_eq!(before.len(), 20, "{before:#?}");
    let store = place.open().await;
    assert_eq!(rows(path), before);
    let money = Schema::json(r#"{"type":"integer"}"#);
    assert_eq!(store.ids_of(&money).await.unwrap(), [1, 40]);
    assert_eq!(store.ids_of_guid(&money.guid()).await.unwrap(), [1, 40]);
    assert_eq!(store.referring(&subject("money"), 1, Deleted::Without).await.unwrap(), [2]);
    assert_eq!(register(&store, &subject("other"), money).await.unwrap().id, 1, "the one that it has");
    assert_eq!(register(&store, &subject("other"), schema(1)).await.unwrap().id, 41);
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let newer = "UPDATE layout SET version = 99 WHERE one = 1";
    let file = Kind::File.place();
    drop(file.open().await);
    execute(&file.url, newer);
    let postgres = Kind::Postgres.place();
    drop(postgres.open().await);
    execute(&postgres.url, newer);
    for place in [file, postgres] {
        let refused = Store::open(&place.url).await.unwrap_err();
        assert_eq!(refused, Error::Newer { found: 99, known: 4 });
        assert!(refused.to_string().contains("start the newer program"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_no_store_is_said_without_secrets() {
    for url in ["mysql://me:secret@host/db", "secret", "", "sqlite:", "postgres://me:secret@host:port/db"] {
        let refused = Store::open(url).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
        assert!(url.is_empty() || url == "secret" || !refused.to_string().contains("secret"), "{refused}");
    }
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Store::open(&format!("sqlite:{}/no/such/store.db", folder.path().display())).await.unwrap_err();
    assert!(matches!(nowhere, Error::Unavailable(_)), "{nowhere:?}");
    let text = folder.path().join("text");
    std::fs::write(&text, "This is a letter, and no database at all. ".repeat(100)).unwrap();
    let wrong = Store::open(&format!("sqlite:{}", text.display())).await.unwrap_err();
    assert!(matches!(wrong, Error::Corrupt(_)), "{wrong:?}");
}

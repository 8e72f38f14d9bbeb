//! Everything moves from any kind of store to any other, under its own ids; what is damaged moves nowhere.

use isobar_registry::store::{
    Config, Conflict, Deletion, Error, Level, Mode, Push, Reference, Role, Schema, Scope, Store, Subject,
};
use isobar_store_tests::{Kind, register, schema, subject};
use std::{
    io::{Cursor, Write},
    sync::{Arc, Mutex},
};

/// What was exported, to be read when the store is done with it.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn export(store: &Store) -> Vec<u8> {
    let sink = Sink::default();
    store.export(sink.clone()).await.expect("it can be exported");
    sink.0.lock().expect("nobody panicked").clone()
}

async fn import(store: &Store, bytes: &[u8]) -> Result<u64, Error> {
    store.import(Cursor::new(bytes.to_vec())).await
}

async fn filled() -> Store {
    let store = Kind::Memory.place().open().await;
    for number in 0..1_200 {
        let it = Subject::new(if number % 3 == 0 { "x" } else { "." }, format!("s{}", number % 400));
        register(&store, &it, schema(number)).await.unwrap();
    }
    let references = vec![Reference { name: "b".into(), subject: subject("s1"), version: 1 }];
    register(&store, &subject("ä \"quoted\"\n"), Schema { references, ..schema(2_000) }).await.unwrap();
    store.delete_version("t", &subject("s1"), 2, Deletion::Soft).await.unwrap();
    store.delete_subject("t", &subject("s2"), Deletion::Soft).await.unwrap();
    store.delete_subject("t", &subject("s2"), Deletion::Hard).await.unwrap();
    store.set_config("t", Scope::Global, Config { level: Some(Level::Full), ..Config::default() }).await.unwrap();
    store.set_mode("t", Scope::Subject(subject("m")), Some(Mode::Import)).await.unwrap();
    let reading = store.read(&subject("m")).await.unwrap();
    store.register("t", reading.import(schema(1), 5_000, Some(9)).unwrap()).await.unwrap();
    store.make_token("t", "ci", &"ab".repeat(32), Role::Admin, "").await.unwrap();
    let files = [("isobar.yaml".to_owned(), "workspace: shop\n".to_owned())].into();
    store.push("t", Push { workspace: "shop".into(), files, ..Push::default() }).await.unwrap();
    store
}

#[tokio::test]
async fn everything_moves_from_kind_to_kind() {
    let first = filled().await;
    let exported = export(&first).await;
    let mut lines = exported.split(|byte| *byte == b'\n');
    assert_eq!(lines.next().unwrap(), br#"{"isobar_store":{"form":1,"layout":4}}"#);
    let mut bytes = exported.clone();
    for kind in [Kind::Postgres, Kind::File, Kind::Memory] {
        let place = kind.place();
        let store = place.open().await;
        let rows = import(&store, &bytes).await.unwrap();
        assert!(rows > 3_600, "{rows}");
        bytes = export(&store).await;
        assert!(bytes == exported, "an export of {kind:?} is another");
        assert_eq!(import(&store, &bytes).await.unwrap_err(), Error::Conflict(Conflict::NotEmpty));
        assert_eq!(store.workspace_files("shop").await.unwrap()["isobar.yaml"], "workspace: shop\n");
        // It goes on where the other stopped, and has not forgotten which version numbers were given: `s2` had 2 and 802.
        let next = register(&store, &subject("s2"), schema(9_999)).await.unwrap();
        assert_eq!((next.id, next.version), (5_001, 3));
        assert_eq!(register(&store, &subject("n"), schema(1)).await.unwrap().id, 2);
        assert_eq!(store.last_change().await.unwrap(), first.last_change().await.unwrap() + 2);
    }
}

#[tokio::test]
async fn what_is_damaged_is_refused_as_a_whole() {
    let store = Kind::Memory.place().open().await;
    register(&store, &subject("a"), schema(1)).await.unwrap();
    let text = String::from_utf8(export(&store).await).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |index: usize| -> String {
        lines.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, line)| format!("{line}\n")).collect()
    };
    let damaged = [
        String::new(),
        without(0),
        without(1),
        without(2),
        without(lines.len() - 1),
        text.replace("\"layout\":4", "\"layout\":1"),
        text.replace("\"form\":1", "\"form\":2"),
        text.replace("[\"schemas\",[1,", "[\"schemas\",[\"1\","),
        text.replace("[\"schemas\",[1,", "[\"schemas\",[null,"),
        text.replace("[\"schemas\",[1,", "[\"schemas\",["),
        text.replace("[\"clock\",[1,1,1]]", "[\"clock\",[1,0,1]]"),
        text.replace("[\"schemas\"", "[\"sqlite_schema\""),
        text[..text.len() / 2].to_owned(),
        format!("{text}{text}").replacen("{\"end\"", "{\"fin\"", 1),
    ];
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let target = place.open().await;
        for text in &damaged {
            let refused = import(&target, text.as_bytes()).await;
            assert!(matches!(refused, Err(Error::Corrupt(_) | Error::Refused(_))), "{kind:?}: {refused:?} for {text}");
        }
        let newer = text.replace("\"layout\":4", "\"layout\":5");
        assert_eq!(import(&target, newer.as_bytes()).await.unwrap_err(), Error::Newer { found: 5, known: 4 });
        assert_eq!(target.last_id().await.unwrap(), 0);
        assert_eq!(import(&target, text.as_bytes()).await.unwrap() as usize, lines.len() - 2, "still empty");
    }
}

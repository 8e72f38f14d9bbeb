//! What every store does, held against every kind of store.

use isobar_model::Version;
use isobar_registry::store::{
    Action, Config, Conflict, Consumer, Deleted, Deletion, Error, Level, Mode, Page, Push, PushedContext,
    PushedMessage, PushedVersion, Reference, Role, Schema, Scope, Store, Subject, What, Word, subject_of,
};
use isobar_store_tests::{Kind, register, schema, subject};
use std::collections::BTreeMap;

macro_rules! suite {
    (each $($case:ident)*) => {
        suite!(on memory Memory $($case)*);
        suite!(on file File $($case)*);
        suite!(on postgres Postgres $($case)*);
    };
    (on $module:ident $kind:ident $($case:ident)*) => {
        mod $module {
            $(#[tokio::test]
            async fn $case() {
                let place = super::Kind::$kind.place();
                super::$case(place.open().await).await;
            })*
        }
    };
}

suite! { each
    ids_are_dense_and_a_schema_has_one
    a_registration_rests_on_what_was_read
    a_registration_rests_on_what_was_read_among_many_settings
    a_deletion_is_in_two_steps_and_numbers_are_not_given_again
    a_subject_is_deleted_as_a_whole
    references_must_be_there_and_hold_what_they_need
    a_read_only_subject_stays_as_it_is
    ids_of_another_registry_are_taken_in
    the_nearest_setting_applies
    lists_are_sorted_by_bytes_and_come_in_pages
    texts_come_back_as_they_were
    a_schema_has_other_names
    a_push_is_idempotent_and_extends_history
    a_push_keeps_the_files_of_the_workspace
    a_version_may_be_told_in_other_words
    a_push_that_fails_leaves_nothing
    released_subjects_are_extended_by_pushes_only
    consumers_say_what_they_accept
    what_a_consumer_accepts_is_said_by_one
    messages_are_found_by_all_their_words
    tokens_are_kept_as_hashes
    every_write_is_in_the_feed
}

fn conflict<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Conflict {
    match outcome {
        Err(Error::Conflict(conflict)) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

async fn ids_are_dense_and_a_schema_has_one(store: Store) {
    for number in 1..=5 {
        let registered = register(&store, &subject("a"), schema(number)).await.unwrap();
        assert_eq!((registered.id, registered.version, registered.new), (number as i64, number as i64, true));
    }
    let again = register(&store, &subject("a"), schema(2)).await.unwrap();
    assert_eq!((again.id, again.version, again.new), (2, 2, false));
    let elsewhere = register(&store, &Subject::new("other", "a"), schema(4)).await.unwrap();
    assert_eq!((elsewhere.id, elsewhere.version, elsewhere.new), (4, 1, true));
    assert_eq!(store.last_id().await.unwrap(), 5);
    assert_eq!(store.count().await.unwrap(), 6);
    assert_eq!(store.schema(4).await.unwrap().schema, schema(4));
    assert_eq!(store.schema(6).await.unwrap_err(), Error::Missing(What::Schema));
    let uses = store.uses(4, Deleted::Without).await.unwrap();
    let uses: Vec<(&str, i64)> = uses.iter().map(|(subject, held)| (subject.context.as_str(), held.version)).collect();
    assert_eq!(uses, [(".", 4), ("other", 1)]);
}

async fn a_registration_rests_on_what_was_read_among_many_settings(store: Store) {
    for number in 0..70 {
        let config = Config { normalize: Some(true), ..Config::default() };
        store.set_config("t", Scope::Subject(subject(&format!("other-{number}"))), config).await.unwrap();
    }
    a_registration_rests_on_what_was_read(store).await;
}

async fn a_registration_rests_on_what_was_read(store: Store) {
    let it = subject("a");
    register(&store, &it, schema(1)).await.unwrap();
    let level = |level| Config { level: Some(level), ..Config::default() };
    for change in 0..7 {
        let reading = store.read(&it).await.unwrap();
        match change {
            0 => drop(register(&store, &it, schema(2)).await.unwrap()),
            1 => store.delete_version("t", &it, 1, Deletion::Soft).await.unwrap(),
            2 => store.set_config("t", Scope::Subject(it.clone()), level(Level::Full)).await.unwrap(),
            3 => store.set_config("t", Scope::Context(".".into()), level(Level::None)).await.unwrap(),
            4 => store.set_config("t", Scope::Global, level(Level::Forward)).await.unwrap(),
            5 => store.set_mode("t", Scope::Global, Some(Mode::ReadOnly)).await.unwrap(),
            _ => store.set_mode("t", Scope::Global, None).await.unwrap(),
        }
        if change == 6 {
            assert_eq!(conflict(reading.propose(schema(9))), Conflict::ReadOnly);
            continue;
        }
        let moved = store.register("t", reading.propose(schema(9)).unwrap()).await;
        assert_eq!(moved.unwrap_err(), Error::Moved, "change {change}");
        let known = store.register("t", reading.propose(schema(2)).unwrap()).await;
        assert_eq!(known.unwrap().version, 2, "what is there is answered whatever changed ({change})");
    }
    // What does not concern the subject does not move it.
    let reading = store.read(&it).await.unwrap();
    register(&store, &subject("b"), schema(3)).await.unwrap();
    store.set_config("t", Scope::Subject(subject("b")), level(Level::None)).await.unwrap();
    store.set_config("t", Scope::Context("other".into()), level(Level::None)).await.unwrap();
    let registered = store.register("t", reading.propose(schema(9)).unwrap()).await.unwrap();
    assert_eq!((registered.id, registered.version), (4, 3));
}

async fn a_deletion_is_in_two_steps_and_numbers_are_not_given_again(store: Store) {
    let it = subject("a");
    let delete = |version, how| store.delete_version("t", &it, version, how);
    assert_eq!(delete(1, Deletion::Soft).await.unwrap_err(), Error::Missing(What::Subject));
    register(&store, &it, schema(1)).await.unwrap();
    register(&store, &it, schema(2)).await.unwrap();
    assert_eq!(delete(3, Deletion::Soft).await.unwrap_err(), Error::Missing(What::Version));
    assert_eq!(conflict(delete(2, Deletion::Hard).await), Conflict::NotYetDeleted);
    delete(2, Deletion::Soft).await.unwrap();
    assert_eq!(conflict(delete(2, Deletion::Soft).await), Conflict::AlreadyDeleted);
    let numbers = async |deleted| -> Vec<i64> {
        store.versions(&it, deleted).await.unwrap().iter().map(|held| held.version).collect()
    };
    assert_eq!(numbers(Deleted::Without).await, [1]);
    assert_eq!(numbers(Deleted::With).await, [1, 2]);
    assert_eq!(numbers(Deleted::Only).await, [2]);
    assert_eq!(store.find(&it, &schema(2), Deleted::Without).await.unwrap(), None);
    assert_eq!(store.find(&it, &schema(2), Deleted::With).await.unwrap().map(|held| held.version), Some(2));
    // The same schema again is a new version, with its old id.
    let again = register(&store, &it, schema(2)).await.unwrap();
    assert_eq!((again.id, again.version), (2, 3));
    delete(2, Deletion::Hard).await.unwrap();
    delete(3, Deletion::Soft).await.unwrap();
    delete(3, Deletion::Hard).await.unwrap();
    assert_eq!(delete(3, Deletion::Hard).await.unwrap_err(), Error::Missing(What::Version));
    assert_eq!(numbers(Deleted::With).await, [1]);
    assert!(store.uses(2, Deleted::With).await.unwrap().is_empty());
    assert_eq!(store.schema(2).await.unwrap().schema, schema(2), "records written with it can still be read");
    let next = register(&store, &it, schema(3)).await.unwrap();
    assert_eq!((next.id, next.version), (3, 4));
}

async fn a_subject_is_deleted_as_a_whole(store: Store) {
    let it = subject("a");
    assert_eq!(store.delete_subject("t", &it, Deletion::Soft).await.unwrap_err(), Error::Missing(What::Subject));
    for number in 1..=3 {
        register(&store, &it, schema(number)).await.unwrap();
    }
    store.set_mode("t", Scope::Subject(it.clone()), Some(Mode::Import)).await.unwrap();
    store.delete_version("t", &it, 2, Deletion::Soft).await.unwrap();
    assert_eq!(conflict(store.delete_subject("t", &it, Deletion::Hard).await), Conflict::NotYetDeleted);
    assert_eq!(store.delete_subject("t", &it, Deletion::Soft).await.unwrap(), [1, 3]);
    assert_eq!(conflict(store.delete_subject("t", &it, Deletion::Soft).await), Conflict::AlreadyDeleted);
    assert_eq!(store.setting(Scope::Subject(it.clone())).await.unwrap(), (Config::default(), None));
    assert!(store.subjects(None, "", Deleted::Without, Page::ALL).await.unwrap().is_empty());
    assert!(store.registered().await.unwrap().is_empty());
    assert_eq!(store.subjects(None, "", Deleted::Only, Page::ALL).await.unwrap(), std::slice::from_ref(&it));
    assert_eq!(store.delete_subject("t", &it, Deletion::Hard).await.unwrap(), [1, 2, 3]);
    assert_eq!(store.delete_subject("t", &it, Deletion::Hard).await.unwrap_err(), Error::Missing(What::Subject));
    assert!(store.subjects(None, "", Deleted::With, Page::ALL).await.unwrap().is_empty());
    assert_eq!(register(&store, &it, schema(1)).await.unwrap().version, 4);
}

async fn references_must_be_there_and_hold_what_they_need(store: Store) {
    let refers = |version| Schema {
        references: vec![Reference { name: "base.json".into(), subject: subject("base"), version }],
        ..schema(7)
    };
    let missing = register(&store, &subject("a"), refers(1)).await;
    assert_eq!(missing.unwrap_err(), Error::Missing(What::Reference));
    register(&store, &subject("base"), schema(1)).await.unwrap();
    register(&store, &subject("base"), schema(2)).await.unwrap();
    let user = register(&store, &subject("a"), refers(1)).await.unwrap();
    let other = register(&store, &subject("a"), refers(2)).await.unwrap();
    assert_ne!(user.id, other.id, "references are part of a schema");
    assert_eq!(store.schema(user.id).await.unwrap().schema, refers(1));
    assert_eq!(store.referring(&subject("base"), 1, Deleted::Without).await.unwrap(), [user.id]);
    let base = subject("base");
    let referrers = async |version| -> Vec<(String, i64, i64)> {
        let all = store.referrers(&base, version, Deleted::Without).await.unwrap();
        all.into_iter().map(|(subject, held)| (subject.name, held.version, held.id)).collect()
    };
    assert_eq!(referrers(1).await, [("a".to_owned(), 1, user.id)]);
    assert_eq!(referrers(2).await, [("a".to_owned(), 2, other.id)]);
    assert_eq!(conflict(store.delete_version("t", &base, 1, Deletion::Soft).await), Conflict::Referenced);
    assert_eq!(conflict(store.delete_subject("t", &base, Deletion::Soft).await), Conflict::Referenced);
    assert_eq!(store.versions(&base, Deleted::Only).await.unwrap(), [], "a refused deletion deletes nothing");
    store.delete_version("t", &subject("a"), 1, Deletion::Soft).await.unwrap();
    store.delete_version("t", &base, 1, Deletion::Soft).await.unwrap();
    let hard = store.delete_version("t", &base, 1, Deletion::Hard).await;
    assert_eq!(conflict(hard), Conflict::Referenced, "what is only hidden may come back");
    store.delete_version("t", &subject("a"), 1, Deletion::Hard).await.unwrap();
    store.delete_version("t", &base, 1, Deletion::Hard).await.unwrap();
}

async fn a_read_only_subject_stays_as_it_is(store: Store) {
    let it = subject("a");
    register(&store, &it, schema(1)).await.unwrap();
    for mode in [Mode::ReadOnly, Mode::ReadOnlyOverride] {
        store.set_mode("t", Scope::Global, Some(mode)).await.unwrap();
        assert_eq!(conflict(register(&store, &it, schema(2)).await), Conflict::ReadOnly);
        assert_eq!(conflict(store.delete_version("t", &it, 1, Deletion::Soft).await), Conflict::ReadOnly);
        assert_eq!(conflict(store.delete_subject("t", &it, Deletion::Soft).await), Conflict::ReadOnly);
    }
    store.set_mode("t", Scope::Subject(it.clone()), Some(Mode::ReadWrite)).await.unwrap();
    assert_eq!(conflict(register(&store, &it, schema(2)).await), Conflict::ReadOnly, "overridden");
    store.set_mode("t", Scope::Global, Some(Mode::ReadOnly)).await.unwrap();
    assert_eq!(register(&store, &it, schema(2)).await.unwrap().version, 2, "the subject's own is nearer");
}

async fn ids_of_another_registry_are_taken_in(store: Store) {
    let it = subject("a");
    register(&store, &subject("b"), schema(1)).await.unwrap();
    let reading = store.read(&it).await.unwrap();
    assert_eq!(conflict(reading.import(schema(2), 40, None)), Conflict::NotImporting);
    store.set_mode("t", Scope::Subject(it.clone()), Some(Mode::Import)).await.unwrap();
    let import = async |number, id, version| {
        let registration = store.read(&it).await.unwrap().import(schema(number), id, version)?;
        store.register("t", registration).await
    };
    assert!(matches!(import(2, 0, None).await, Err(Error::Refused(_))));
    assert!(matches!(import(2, i64::from(i32::MAX), None).await, Err(Error::Refused(_))));
    let first = import(2, 40, Some(7)).await.unwrap();
    assert_eq!((first.id, first.version, first.new), (40, 7, true));
    let again = import(2, 40, Some(7)).await.unwrap();
    assert_eq!((again.id, again.version, again.new), (40, 7, false));
    assert_eq!(conflict(import(3, 40, None).await), Conflict::IdTaken(40));
    assert_eq!(conflict(import(3, 41, Some(7)).await), Conflict::VersionTaken(7));
    assert_eq!(import(3, 41, Some(3)).await.unwrap().version, 3, "in any order");
    assert_eq!(import(1, 50, None).await.unwrap().id, 50, "one that has an id here keeps the other's as well");
    assert_eq!(store.ids_of(&schema(1)).await.unwrap(), [1, 50]);
    assert_eq!(register(&store, &subject("c"), schema(1)).await.unwrap().id, 1);
    let next = register(&store, &subject("b"), schema(9)).await.unwrap();
    assert_eq!(next.id, 51, "ids go on after the highest");
    assert_eq!(register(&store, &it, schema(9)).await.unwrap().version, 9);
}

async fn the_nearest_setting_applies(store: Store) {
    let (here, there) = (subject("a"), Subject::new("x", "a"));
    let applied = async |it: &Subject| {
        let applied = store.applied(it).await.unwrap();
        (applied.level, applied.normalize, applied.mode)
    };
    assert_eq!(applied(&here).await, (Level::Backward, false, Mode::ReadWrite));
    let set = async |scope, level, normalize, more: &str| {
        store.set_config("t", scope, Config { level, normalize, more: Some(more.into()) }).await.unwrap();
    };
    set(Scope::Global, Some(Level::None), Some(true), "everything").await;
    set(Scope::Context("x".into()), Some(Level::Full), None, "context").await;
    set(Scope::Subject(there.clone()), None, Some(false), "subject").await;
    store.set_mode("t", Scope::Context("x".into()), Some(Mode::Import)).await.unwrap();
    assert_eq!(applied(&here).await, (Level::None, true, Mode::ReadWrite));
    assert_eq!(applied(&there).await, (Level::Full, false, Mode::Import));
    let (config, mode) = store.setting(Scope::Subject(there.clone())).await.unwrap();
    assert_eq!((config.level, config.normalize, mode), (None, Some(false), None));
    assert_eq!(config.more.as_deref(), Some("subject"));
    assert_eq!(store.applied(&there).await.unwrap().more, ["subject", "context", "everything"]);
    assert_eq!(store.read(&there).await.unwrap().applied.more, ["subject", "context", "everything"]);
    assert_eq!(store.read(&here).await.unwrap().applied.more, ["everything"]);
    assert_eq!(store.subject_contexts().await.unwrap(), ["x"]);
    store.set_config("t", Scope::Subject(there.clone()), Config::default()).await.unwrap();
    assert_eq!(applied(&there).await, (Level::Full, true, Mode::Import));
}

async fn lists_are_sorted_by_bytes_and_come_in_pages(store: Store) {
    let names = ["B", "a", "a-b", "a.b", "a_b", "ab", "b", "é", "日", "𝄞"];
    for (number, name) in names.iter().rev().enumerate() {
        register(&store, &subject(name), schema(number)).await.unwrap();
    }
    register(&store, &Subject::new("z", "a%"), schema(1)).await.unwrap();
    register(&store, &subject("ab"), schema(77)).await.unwrap();
    let list = async |context, prefix: &str, page| -> Vec<String> {
        let subjects = store.subjects(context, prefix, Deleted::Without, page).await.unwrap();
        subjects.into_iter().map(|subject| subject.name).collect()
    };
    assert_eq!(list(Some("."), "", Page::ALL).await, names);
    let registered = store.registered().await.unwrap().into_iter().map(|subject| subject.name);
    assert_eq!(registered.collect::<Vec<_>>(), [&names[..], &["a%"]].concat());
    assert_eq!(list(None, "", Page::ALL).await.len(), names.len() + 1);
    assert_eq!(list(Some("."), "a", Page::ALL).await, ["a", "a-b", "a.b", "a_b", "ab"]);
    assert_eq!(list(None, "a_", Page::ALL).await, ["a_b"]);
    assert_eq!(list(None, "a%", Page::ALL).await, ["a%"]);
    assert_eq!(list(Some("."), "", Page { offset: 8, limit: 5 }).await, ["日", "𝄞"]);
    let all = async |newest| -> Vec<(String, i64)> {
        let listed = store.all_versions(Some("."), "ab", Deleted::Without, newest, Page::ALL).await.unwrap();
        listed.into_iter().map(|(subject, held)| (subject.name, held.version)).collect()
    };
    assert_eq!(all(false).await, [("ab".to_owned(), 1), ("ab".to_owned(), 2)]);
    assert_eq!(all(true).await, [("ab".to_owned(), 2)]);
}

async fn texts_come_back_as_they_were(store: Store) {
    let long = "x".repeat(1 << 20);
    let name = |text: &str| subject(text.get(..512).unwrap_or(text));
    for text in ["", " ", "'; DROP TABLE schemas; --", "$1 ?1 %s", "\u{10FFFF}\u{7f}\u{1}", "a\r\nb\\", "Ünï", &long]
    {
        let registered = register(&store, &name(text), Schema::json(text)).await.unwrap();
        assert_eq!(store.schema(registered.id).await.unwrap().schema.text, text);
        assert_eq!(store.uses(registered.id, Deleted::Without).await.unwrap()[0].0, name(text));
    }
    let before = store.last_change().await.unwrap();
    for (name, text) in [("a\0b", "{}"), ("a", "\0"), (&long[..513], "{}")] {
        let refused = register(&store, &subject(name), Schema::json(text)).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    assert_eq!(store.last_change().await.unwrap(), before);
    let rich = Schema { metadata: Some("{\"owner\":\"me\"}".into()), rules: Some("[]".into()), ..schema(3) };
    let id = register(&store, &subject("rich"), rich.clone()).await.unwrap().id;
    assert_eq!(store.schema(id).await.unwrap().schema, rich);
}

async fn a_schema_has_other_names(store: Store) {
    let id = register(&store, &subject("a"), schema(1)).await.unwrap().id;
    let stored = store.schema(id).await.unwrap();
    assert_eq!(store.ids_of_guid(&stored.guid).await.unwrap(), [id]);
    assert_eq!(store.ids_of(&stored.schema).await.unwrap(), [id]);
    assert!(store.ids_of(&schema(2)).await.unwrap().is_empty());
    assert!(store.ids_of_guid("").await.unwrap().is_empty());
}

fn version(major: u32, minor: u32) -> PushedVersion {
    let number = Version::new(major, minor);
    let url = format!("https://example.org/sales/Paid/{number}");
    PushedVersion {
        version: number,
        yaml: format!("event: Paid # {number}"),
        hash: format!("hash of {number}"),
        schema: Schema::json(format!("{{\"$id\":\"{url}\"}}")),
        url,
        revises: None,
    }
}

fn paid(versions: &[(u32, u32)]) -> Push {
    let word = |place: &str, text: &str| Word { place: place.into(), text: text.into() };
    let message = PushedMessage {
        context: "sales".into(),
        name: "Paid".into(),
        kind: "event".into(),
        doc: Some(format!("{} versions", versions.len())),
        owner: Some("team".into()),
        versions: versions.iter().map(|&(major, minor)| version(major, minor)).collect(),
        words: vec![word("name", "Paid"), word("field", "amount"), word("doc", "A customer PAID an Ünit_100%")],
    };
    let context = PushedContext { name: "sales".into(), doc: None, owner: None };
    let files = BTreeMap::from([("sales.storm.yaml".to_owned(), format!("{versions:?}"))]);
    Push { workspace: "shop".into(), contexts: vec![context], messages: vec![message], files, ..Push::default() }
}

async fn a_push_is_idempotent_and_extends_history(store: Store) {
    let pushed = store.push("t", paid(&[(1, 0), (1, 1)])).await.unwrap();
    let name = "sales.Paid".to_owned();
    assert_eq!(pushed.new, [(name.clone(), Version::new(1, 0), 1), (name.clone(), Version::new(1, 1), 2)]);
    let (before, workspaces) = (store.last_change().await.unwrap(), store.workspaces().await.unwrap());
    let again = store.push("t", paid(&[(1, 0), (1, 1)])).await.unwrap();
    assert_eq!((again.new.len(), again.known), (0, 2));
    assert_eq!(store.last_change().await.unwrap(), before, "nothing happened");
    assert_eq!(store.workspaces().await.unwrap(), workspaces);
    let more = store.push("t", paid(&[(1, 0), (1, 1), (2, 0)])).await.unwrap();
    assert_eq!((more.new, more.known), (vec![(name, Version::new(2, 0), 3)], 2));
    // A clone that is behind takes nothing back.
    let behind = store.push("t", paid(&[(1, 0)])).await.unwrap();
    assert_eq!((behind.new.len(), behind.known), (0, 1));
    assert_eq!(store.message("sales", "Paid").await.unwrap().doc.as_deref(), Some("3 versions"));
    let history = store.history("sales", "Paid").await.unwrap();
    let versions: Vec<String> = history.iter().map(|frozen| frozen.at.version.to_string()).collect();
    assert_eq!(versions, ["v1.0", "v1.1", "v2.0"]);
    assert_eq!(history[2].yaml, version(2, 0).yaml);
    assert_eq!(store.context_history("sales", Page { offset: 1, limit: 1 }).await.unwrap(), history[1..2]);
    assert_eq!(store.frozen("sales", "Paid", Version::new(1, 1)).await.unwrap(), history[1]);
    assert_eq!(store.frozen_by_url(&history[1].at.url).await.unwrap(), history[1..2]);
    assert_eq!(store.frozen_by_hash("hash of v2.0").await.unwrap(), history[2..]);
    let released = store.released("shop").await.unwrap();
    let pushes: Vec<i64> =
        store.changes(0, 100).await.unwrap().iter().filter(|it| it.action == Action::Pushed).map(|it| it.at).collect();
    let told: Vec<_> =
        released.iter().map(|(context, name, version, at)| format!("{context}.{name} {version} {at}")).collect();
    let [first, second, _] = pushes[..] else { panic!("three pushes were noted: {pushes:?}") };
    let expected = [("v1.0", first), ("v1.1", first), ("v2.0", second)];
    assert_eq!(told, expected.map(|(version, at)| format!("sales.Paid {version} {at}")));
    assert!(store.released("other").await.unwrap().is_empty());
    let missing = store.frozen("sales", "Paid", Version::new(3, 0)).await;
    assert_eq!(missing.unwrap_err(), Error::Missing(What::Message));
    let held = store.versions(&subject_of("sales", "Paid"), Deleted::Without).await.unwrap();
    assert_eq!(held.iter().map(|held| (held.version, held.id)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(store.contexts(Some("shop")).await.unwrap()[0].name, "sales");
    assert_eq!(store.messages(Some("sales"), Page::ALL).await.unwrap().len(), 1);
    assert!(store.messages(Some("other"), Page::ALL).await.unwrap().is_empty());
}

async fn a_push_keeps_the_files_of_the_workspace(store: Store) {
    assert_eq!(store.workspace_files("shop").await.unwrap_err(), Error::Missing(What::Workspace));
    let mut push = paid(&[(1, 0)]);
    push.files.insert("isobar.yaml".into(), "workspace: shop\r\n".into());
    push.messages.push(PushedMessage { name: "Pay".into(), versions: vec![], ..push.messages[0].clone() });
    store.push("t", push.clone()).await.unwrap();
    assert_eq!(store.workspace_files("shop").await.unwrap(), push.files);
    let before = store.last_change().await.unwrap();
    store.push("t", push.clone()).await.unwrap();
    assert_eq!(store.last_change().await.unwrap(), before, "nothing happened");
    // The next push has other files, and one message less, which was never released.
    let next = paid(&[(1, 0)]);
    store.push("t", next.clone()).await.unwrap();
    assert_eq!(store.workspace_files("shop").await.unwrap(), next.files);
    assert_eq!(store.last_change().await.unwrap(), before + 1);
    assert_eq!(store.message("sales", "Pay").await.unwrap_err(), Error::Missing(What::Message));
    assert_eq!(store.search("amount", 9).await.unwrap().len(), 1);
    let released = Push { messages: vec![], ..next.clone() };
    store.push("t", released).await.unwrap();
    assert_eq!(store.message("sales", "Paid").await.unwrap().name, "Paid", "what was released stays");
    let empty = Push { files: BTreeMap::new(), ..next };
    store.push("t", empty).await.unwrap();
    assert!(store.workspace_files("shop").await.unwrap().is_empty());
    let long = BTreeMap::from([("a".repeat(513), String::new())]);
    let refused = store.push("t", Push { files: long, ..paid(&[(1, 0)]) }).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
}

async fn a_version_may_be_told_in_other_words(store: Store) {
    store.push("t", paid(&[(1, 0), (1, 1)])).await.unwrap();
    let told = |revises: &str| {
        let mut push = paid(&[(1, 0), (1, 1)]);
        let version = &mut push.messages[0].versions[0];
        version.yaml.push_str(", told better");
        version.hash.push_str(", told better");
        version.schema.text.push(' ');
        version.revises = Some(revises.to_owned());
        push
    };
    assert_eq!(conflict(store.push("t", told("another hash")).await), Conflict::Edited("sales.Paid@v1.0".into()));
    let pushed = store.push("t", told("hash of v1.0")).await.unwrap();
    assert_eq!((pushed.new.len(), pushed.known), (0, 2));
    let history = store.history("sales", "Paid").await.unwrap();
    assert_eq!((history[0].at.schema, history[0].at.subject_version, history[1].at.schema), (3, 3, 2));
    assert!(history[0].yaml.ends_with(", told better") && history[0].at.hash.ends_with(", told better"));
    assert_eq!(store.schema(1).await.unwrap().schema, version(1, 0).schema, "what an id stands for stays");
    let last = store.changes(0, 100).await.unwrap().into_iter().rev().nth(1).unwrap();
    assert_eq!((last.action, last.version.as_deref()), (Action::Revised, Some("v1.0")));
}

async fn a_push_that_fails_leaves_nothing(store: Store) {
    store.push("t", paid(&[(1, 0), (2, 0)])).await.unwrap();
    let before = store.last_change().await.unwrap();
    let mut edited = paid(&[(1, 0), (2, 0), (2, 1)]);
    edited.messages[0].versions[1].yaml.push('!');
    assert_eq!(conflict(store.push("t", edited).await), Conflict::Edited("sales.Paid@v2.0".into()));
    let between = store.push("t", paid(&[(1, 0), (1, 1), (2, 0)])).await;
    assert_eq!(conflict(between), Conflict::NotNewer("sales.Paid@v1.1".into()));
    let mut late = paid(&[(1, 0), (2, 0), (2, 1)]);
    late.contexts.push(PushedContext { name: "new".into(), ..PushedContext::default() });
    late.messages.push(PushedMessage { versions: vec![version(9, 0), version(8, 0)], ..late.messages[0].clone() });
    assert!(matches!(conflict(store.push("t", late).await), Conflict::NotNewer(_)));
    let stolen = Push { workspace: "thief".into(), ..paid(&[(1, 0)]) };
    assert_eq!(conflict(store.push("t", stolen).await), Conflict::Owned("shop".into()));
    assert_eq!(store.last_change().await.unwrap(), before);
    assert_eq!(store.last_id().await.unwrap(), 2);
    assert_eq!(store.workspaces().await.unwrap().len(), 1);
    assert_eq!(store.contexts(None).await.unwrap().len(), 1);
    assert_eq!(store.history("sales", "Paid").await.unwrap().len(), 2);
    assert_eq!(store.push("t", paid(&[(1, 0), (2, 0), (2, 1)])).await.unwrap().new[0].2, 3, "ids stay dense");
}

async fn released_subjects_are_extended_by_pushes_only(store: Store) {
    let it = subject_of("sales", "Paid");
    register(&store, &it, schema(1)).await.unwrap();
    store.push("t", paid(&[(1, 0)])).await.unwrap();
    assert!(store.read(&it).await.unwrap().released);
    assert_eq!(conflict(register(&store, &it, schema(2)).await), Conflict::Released);
    assert_eq!(conflict(store.delete_version("t", &it, 1, Deletion::Soft).await), Conflict::Released);
    assert_eq!(conflict(store.delete_subject("t", &it, Deletion::Soft).await), Conflict::Released);
    assert_eq!(store.history("sales", "Paid").await.unwrap()[0].at.subject_version, 2);
    store.set_mode("t", Scope::Global, Some(Mode::ReadOnly)).await.unwrap();
    assert_eq!(conflict(store.push("t", paid(&[(1, 0), (1, 1)])).await), Conflict::ReadOnly);
}

async fn consumers_say_what_they_accept(store: Store) {
    let consumer = |name: &str, accepts: &str| Consumer {
        name: name.into(),
        context: "sales".into(),
        message: "Paid".into(),
        accepts: accepts.parse().unwrap(),
        owner: None,
        workspace: None,
    };
    let missing = store.accept("t", consumer("bank", "v1.0..v1.1")).await;
    assert_eq!(missing.unwrap_err(), Error::Missing(What::Message));
    store.push("t", paid(&[(1, 0)])).await.unwrap();
    store.accept("t", consumer("bank", "v1.0..v1.1")).await.unwrap();
    store.accept("t", consumer("audit", "v1.0")).await.unwrap();
    store.accept("t", consumer("bank", "v1.1..v10.0")).await.unwrap();
    let consumers = store.consumers("sales", "Paid").await.unwrap();
    assert_eq!(consumers, [consumer("audit", "v1.0"), consumer("bank", "v1.1..v10.0")]);
    assert_eq!(store.accepted(Some("bank")).await.unwrap(), [consumer("bank", "v1.1..v10.0")]);
    store.leave("t", "bank", "sales", "Paid").await.unwrap();
    let left = store.leave("t", "bank", "sales", "Paid").await;
    assert_eq!(left.unwrap_err(), Error::Missing(What::Consumer));
    assert_eq!(store.accepted(None).await.unwrap(), [consumer("audit", "v1.0")]);
}

async fn what_a_consumer_accepts_is_said_by_one(store: Store) {
    let consumer = |name: &str, accepts: &str, workspace: Option<&str>| Consumer {
        name: name.into(),
        context: "sales".into(),
        message: "Paid".into(),
        accepts: accepts.parse().unwrap(),
        owner: None,
        workspace: workspace.map(str::to_owned),
    };
    let said = async |push: Push, named: &[Consumer]| {
        store.push("t", Push { consumers: named.to_vec(), ..push }).await.map(|_| ())
    };
    let other = || Push { workspace: "other".into(), ..Push::default() };
    said(paid(&[(1, 0)]), &[]).await.unwrap();
    assert!(store.registered().await.unwrap().is_empty(), "it was released");
    store.accept("t", consumer("bank", "v1.0", None)).await.unwrap();
    // Other workspaces say it of who did not say it; the one that has the message says it of everybody.
    let taken = said(other(), &[consumer("bank", "v1.1", Some("other"))]).await;
    let by = |workspace: Option<&str>| Conflict::Said {
        consumer: "bank".into(),
        message: "sales.Paid".into(),
        workspace: workspace.map(str::to_owned),
    };
    assert_eq!(conflict(taken), by(None));
    said(other(), &[consumer("audit", "v1.0", Some("other"))]).await.unwrap();
    let told = [consumer("audit", "v1.0", Some("other")), consumer("bank", "v1.0", None)];
    let of_shop: std::collections::BTreeMap<String, Vec<Consumer>> = [("shop".to_owned(), told.to_vec())].into();
    assert_eq!(store.told(Some("shop")).await.unwrap(), of_shop);
    assert_eq!(store.told(None).await.unwrap(), of_shop);
    assert_eq!(store.told(Some("other")).await.unwrap(), Default::default());
    let own = consumer("bank", "v1.0..v2.0", Some("shop"));
    said(paid(&[(1, 0)]), std::slice::from_ref(&own)).await.unwrap();
    assert_eq!(store.accepted(Some("bank")).await.unwrap(), [own]);
    assert_eq!(conflict(store.accept("t", consumer("bank", "v1.0", None)).await), by(Some("shop")));
    assert_eq!(conflict(store.leave("t", "bank", "sales", "Paid").await), by(Some("shop")));
    // The same push again changes nothing; what is no longer named is gone, and what others say stays.
    let before = store.last_change().await.unwrap();
    said(other(), &[consumer("audit", "v1.0", Some("other"))]).await.unwrap();
    assert_eq!(store.last_change().await.unwrap(), before);
    said(paid(&[(1, 0)]), &[]).await.unwrap();
    assert_eq!(store.accepted(None).await.unwrap(), [consumer("audit", "v1.0", Some("other"))]);
    let actions = store.changes(before, 9).await.unwrap().into_iter().map(|it| (it.action, it.name));
    assert_eq!(actions.collect::<Vec<_>>(), [(Action::Left, "bank".into()), (Action::Pushed, "shop".into())]);
}

async fn messages_are_found_by_all_their_words(store: Store) {
    let mut push = paid(&[(1, 0)]);
    let mut other = push.messages[0].clone();
    other.name = "Amount".into();
    other.versions.clear();
    other.words = vec![Word { place: "name".into(), text: "Amount".into() }];
    push.messages.push(other);
    store.push("t", push).await.unwrap();
    let found = async |query: &str| -> Vec<String> {
        let hits = store.search(query, 10).await.unwrap();
        hits.into_iter().map(|hit| format!("{} {}:{}", hit.message, hit.place, hit.text)).collect()
    };
    assert_eq!(found("AMOUNT").await, ["Amount name:Amount", "Paid field:amount"]);
    assert_eq!(found("amount paid").await, ["Paid name:Paid"]);
    assert_eq!(found("ünit_100%").await, ["Paid doc:A customer PAID an Ünit_100%"]);
    assert_eq!(found("t_1").await.len(), 1);
    assert!(found("r_p").await.is_empty(), "an underscore is no wildcard");
    assert!(found("%a").await.is_empty());
    assert!(found("amount nothing").await.is_empty());
    assert!(found("  ").await.is_empty());
    assert_eq!(store.search("a", 1).await.unwrap().len(), 1);
}

async fn tokens_are_kept_as_hashes(store: Store) {
    let hash = "0123456789abcdef".repeat(4);
    assert!(matches!(store.make_token("t", "ci", "secret", Role::Reader, "").await, Err(Error::Refused(_))));
    let id = store.make_token("t", "ci", &hash, Role::Writer, "sales").await.unwrap();
    assert!(matches!(store.make_token("t", "two", &hash, Role::Admin, "").await, Err(Error::Refused(_))));
    let token = store.token(&hash).await.unwrap().unwrap();
    assert_eq!((token.id, token.name.as_str(), token.role, token.prefix.as_str()), (id, "ci", Role::Writer, "sales"));
    assert_eq!(token.revoked, None);
    store.revoke_token("t", id).await.unwrap();
    let revoked = store.token(&hash).await.unwrap().unwrap().revoked;
    assert!(revoked.is_some());
    store.revoke_token("t", id).await.unwrap();
    assert_eq!(store.tokens().await.unwrap()[0].revoked, revoked, "once");
    assert_eq!(store.revoke_token("t", 999).await.unwrap_err(), Error::Missing(What::Token));
    assert_eq!(store.token(&"0".repeat(64)).await.unwrap(), None);
}

async fn every_write_is_in_the_feed(store: Store) {
    let it = subject("a");
    register(&store, &it, schema(1)).await.unwrap();
    register(&store, &it, schema(1)).await.unwrap();
    store.set_config("admin", Scope::Global, Config::default()).await.unwrap();
    store.delete_version("admin", &it, 1, Deletion::Soft).await.unwrap();
    store.delete_version("admin", &it, 1, Deletion::Hard).await.unwrap();
    store.note("server", "", "", "started").await.unwrap();
    let changes = store.changes(0, 100).await.unwrap();
    assert_eq!(changes.iter().map(|change| change.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let actions: Vec<Action> = changes.iter().map(|change| change.action).collect();
    use Action::{Configured, Noted, Registered, VersionDeleted, VersionPurged};
    assert_eq!(actions, [Registered, Configured, VersionDeleted, VersionPurged, Noted]);
    let first = &changes[0];
    assert_eq!((first.by.as_str(), first.context.as_str(), first.name.as_str()), ("test", ".", "a"));
    assert_eq!((first.version.as_deref(), first.detail.as_deref()), (Some("1"), Some("1")));
    assert_eq!(store.changes(3, 1).await.unwrap(), changes[3..4]);
    assert_eq!(store.last_change().await.unwrap(), 5);
}

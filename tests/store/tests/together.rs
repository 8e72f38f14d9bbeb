//! Many write at once, through one store and through several over one database.

use isobar_registry::store::{
    Action, Change, Conflict, Deleted, Deletion, Error, Page, Reference, Schema, Store, What,
};
use isobar_store_tests::{Dice, Kind, Place, register, schema, subject};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use tokio::{runtime::Runtime, task::JoinSet};

const TASKS: usize = 16;
const EACH: usize = 12;

/// Every id stands for one schema, ids are dense, and so are the versions of every subject and the numbers of the feed.
async fn assert_whole(store: &Store, answers: &[(String, usize, i64, i64)]) {
    let mut ids: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
    for (name, number, id, version) in answers {
        ids.entry(*number).or_default().insert(*id);
        let held = store.versions(&subject(name), Deleted::Without).await.unwrap();
        assert!(held.iter().any(|held| (held.version, held.id) == (*version, *id)), "{name} lost version {version}");
        assert_eq!(store.schema(*id).await.unwrap().schema, schema(*number));
    }
    assert!(ids.values().all(|ids| ids.len() == 1), "a schema has two ids: {ids:?}");
    let mut every: Vec<i64> = ids.values().flatten().copied().collect();
    every.sort_unstable();
    assert_eq!(every, (1..=store.last_id().await.unwrap()).collect::<Vec<_>>(), "ids are unique and dense");
    for it in store.subjects(None, "", Deleted::With, Page::ALL).await.unwrap() {
        let held = store.versions(&it, Deleted::With).await.unwrap();
        let versions: Vec<i64> = held.iter().map(|held| held.version).collect();
        assert_eq!(versions, (1..=held.len() as i64).collect::<Vec<_>>(), "versions of {it:?}");
        let ids: BTreeSet<i64> = held.iter().map(|held| held.id).collect();
        assert_eq!(ids.len(), held.len(), "{it:?} has a schema twice");
    }
    let changes = store.changes(0, i64::MAX).await.unwrap();
    let numbers: Vec<i64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (1..=changes.len() as i64).collect::<Vec<_>>());
}

/// Those that ask at once are written together: each has its own answer, and what is refused takes nothing with it.
#[tokio::test]
async fn who_is_refused_is_refused_alone() {
    for kind in [Kind::Memory, Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        let mut tasks = JoinSet::new();
        for number in 0..300 {
            let store = store.clone();
            tasks.spawn(async move {
                let missing = Reference { name: "r".into(), subject: subject("nobody"), version: 1 };
                let (name, schema) = match number % 6 {
                    0 => (format!("s{number}"), Schema { metadata: Some("\0".into()), ..schema(number) }),
                    1 => (format!("s{number}"), Schema { references: vec![missing], ..schema(number) }),
                    2 => ("n".repeat(600), schema(number)),
                    // The same subject, and the same schemas.
                    3 => ("all".to_owned(), schema(number)),
                    4 => (format!("s{number}"), schema(4)),
                    _ => (format!("s{number}"), schema(number)),
                };
                (number % 6, register(&store, &subject(&name), schema).await)
            });
        }
        let mut answers = Vec::new();
        for (case, answer) in tasks.join_all().await {
            match (case, answer) {
                (0 | 2, Err(Error::Refused(_))) | (1, Err(Error::Missing(What::Reference))) => {}
                (3..=5, Ok(registered)) => answers.push((case, registered)),
                (case, answer) => panic!("{kind:?}: {answer:?} in case {case}"),
            }
        }
        let ids = |case: usize| -> BTreeSet<i64> {
            answers.iter().filter(|(it, _)| *it == case).map(|(_, registered)| registered.id).collect()
        };
        assert_eq!((ids(3).len(), ids(4).len(), ids(5).len()), (50, 1, 50), "{kind:?}");
        assert_eq!(store.versions(&subject("all"), Deleted::Without).await.unwrap().len(), 50);
        assert_eq!((store.last_id().await.unwrap(), store.last_change().await.unwrap()), (101, 150), "{kind:?}");
    }
}

async fn hammer(stores: &[Store]) -> Vec<(String, usize, i64, i64)> {
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let store = stores[task % stores.len()].clone();
        tasks.spawn(async move {
            let mut dice = Dice::new(task as u64 + 1);
            let mut answers = Vec::new();
            for turn in 0..EACH {
                // Some schemas are everybody's, some are nobody else's; so are the subjects.
                let number = if turn % 2 == 0 { dice.below(8) } else { 100 + task * EACH + turn };
                let name = format!("s{}", dice.below(5));
                let registered = register(&store, &subject(&name), schema(number)).await.unwrap();
                answers.push((name, number, registered.id, registered.version));
            }
            answers
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_register_the_same_and_others() {
    for kind in [Kind::Memory, Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        let answers = hammer(std::slice::from_ref(&store)).await;
        assert_eq!(answers.len(), TASKS * EACH);
        assert_whole(&store, &answers).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_over_one_database_are_one() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let stores = [place.open().await, place.open().await];
        let answers = hammer(&stores).await;
        for store in &stores {
            assert_whole(store, &answers).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_schema_at_the_same_moment_has_one_id_and_one_version() {
    for kind in [Kind::Memory, Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        for round in 0..5 {
            let mut tasks = JoinSet::new();
            for _ in 0..TASKS {
                let store = store.clone();
                tasks.spawn(async move { register(&store, &subject("a"), schema(round)).await.unwrap() });
            }
            let answers = tasks.join_all().await;
            let expected = round as i64 + 1;
            assert!(answers.iter().all(|it| (it.id, it.version) == (expected, expected)), "{kind:?}: {answers:?}");
            assert_eq!(answers.iter().filter(|it| it.new).count(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_in_the_middle_takes_nothing_with_it() {
    for kind in [Kind::Memory, Kind::File, Kind::Postgres] {
        let place = kind.place();
        let store = place.open().await;
        register(&store, &subject("a"), schema(0)).await.unwrap();
        let references = vec![Reference { name: "a".into(), subject: subject("a"), version: 1 }];
        register(&store, &subject("b"), Schema { references, ..schema(1) }).await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let store = store.clone();
            tasks.spawn(async move {
                for turn in 0..EACH {
                    if task % 4 == 0 {
                        // Its change is written when it is found that it must not be.
                        let deleted = store.delete_version("t", &subject("a"), 1, Deletion::Soft).await;
                        assert_eq!(deleted.unwrap_err(), Error::Conflict(Conflict::Referenced));
                    } else {
                        let number = 2 + task * EACH + turn;
                        register(&store, &subject(&format!("s{number}")), schema(number)).await.unwrap();
                    }
                }
            });
        }
        tasks.join_all().await;
        let (made, changes) = (2 + TASKS / 4 * 3 * EACH, store.changes(0, i64::MAX).await.unwrap());
        assert_eq!(changes.iter().map(|it| it.seq).collect::<Vec<_>>(), (1..=made as i64).collect::<Vec<_>>());
        assert!(changes.iter().all(|it| it.action == Action::Registered), "{kind:?}");
        assert_eq!(store.last_id().await.unwrap(), made as i64);
        assert_eq!(store.count().await.unwrap(), made as i64);
    }
}

type Writing = std::thread::JoinHandle<Vec<(String, usize, i64, i64)>>;

/// Writes through a store of its own until it is stopped, and says what was acknowledged.
fn writing(place: &Place, task: usize, stop: &Arc<AtomicBool>, made: &Arc<AtomicUsize>) -> Writing {
    let (url, stop, made) = (place.url.clone(), stop.clone(), made.clone());
    std::thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        let answers = runtime.block_on(async {
            let store = Store::open(&url).await.unwrap();
            let (mut answers, mut turn) = (Vec::new(), 0);
            while !stop.load(Ordering::Relaxed) {
                let (name, number) =
                    (format!("s{}", turn % 3), if turn % 2 == 0 { turn } else { task * 10_000 + turn });
                match register(&store, &subject(&name), schema(number)).await {
                    Ok(it) => {
                        answers.push((name, number, it.id, it.version));
                        made.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(Error::Unavailable(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                turn += 1;
            }
            // Half-way through something that nobody waits for any more.
            let late = async { register(&store, &subject("late"), schema(90_000 + task)).await };
            drop(tokio::time::timeout(std::time::Duration::from_micros(300), late).await);
            answers
        });
        // Everything that still runs is dropped where it stands.
        runtime.shutdown_background();
        answers
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_dropped_takes_nothing_with_it() {
    let place = Kind::Postgres.place();
    let survivor = place.open().await;
    let (first, second) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let made = Arc::new(AtomicUsize::new(0));
    let (one, two) = (writing(&place, 1, &first, &made), writing(&place, 2, &second, &made));
    let until = async |count| {
        while made.load(Ordering::Relaxed) < count {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    until(60).await;
    first.store(true, Ordering::Relaxed);
    let mut answers = one.join().unwrap();
    until(made.load(Ordering::Relaxed) + 30).await;
    second.store(true, Ordering::Relaxed);
    answers.extend(two.join().unwrap());
    for number in 90_001..=90_002 {
        // Whether the late ones made it is theirs to know; they are made now, so that every id is accounted for.
        let it = register(&survivor, &subject("late"), schema(number)).await.unwrap();
        answers.push(("late".into(), number, it.id, it.version));
    }
    assert_whole(&survivor, &answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_made_anew() {
    let place = Kind::Postgres.place();
    let store = place.open().await;
    let (done, broken) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (url, stop, count) = (place.url.clone(), done.clone(), broken.clone());
    let breaker = std::thread::spawn(move || {
        let everyone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
        while !stop.load(Ordering::Relaxed) {
            isobar_store_tests::cluster::execute(&url, everyone);
            count.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    });
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (store, broken) = (store.clone(), broken.clone());
        tasks.spawn(async move {
            let mut answers = Vec::new();
            // As long as the connections have to be broken often enough to tell, however fast the machine is.
            for turn in (0..).take_while(|turn| *turn < EACH || broken.load(Ordering::Relaxed) < 3) {
                let (name, number) = (format!("s{}", turn % 5), task * (turn % 2) * EACH + turn);
                // A commit whose answer was lost is asked for again, and answered with what it made.
                let it = loop {
                    match register(&store, &subject(&name), schema(number)).await {
                        Err(Error::Unavailable(_)) => {}
                        done => break done.unwrap(),
                    }
                };
                answers.push((name, number, it.id, it.version));
            }
            answers
        });
    }
    let answers: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    done.store(true, Ordering::Relaxed);
    breaker.join().unwrap();
    assert!(broken.load(Ordering::Relaxed) >= 3, "the connections were not broken often enough to tell");
    assert_whole(&place.open().await, &answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_feed_never_misses_a_change() {
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let stores = [place.open().await, place.open().await, place.open().await];
        let done = Arc::new(AtomicBool::new(false));
        let (reader, finished) = (stores[2].clone(), done.clone());
        let follower = tokio::spawn(async move {
            let mut seen: Vec<Change> = Vec::new();
            loop {
                let last = finished.load(Ordering::Relaxed);
                let after = seen.last().map_or(0, |change| change.seq);
                seen.extend(reader.changes(after, 7).await.unwrap());
                let now = seen.last().map_or(0, |change| change.seq);
                assert_eq!(now, seen.len() as i64, "{kind:?}: a gap was visible");
                if last && now == after {
                    return seen;
                }
            }
        });
        hammer(&stores[..2]).await;
        done.store(true, Ordering::Relaxed);
        let seen = follower.await.unwrap();
        assert_eq!(seen, stores[0].changes(0, i64::MAX).await.unwrap());
    }
}

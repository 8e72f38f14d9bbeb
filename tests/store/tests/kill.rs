//! What was acknowledged survives: a process that writes is killed again and again, without warning. `ISOBAR_KILLS=200` kills it
//! more often.

use isobar_registry::store::{Deleted, Page, Store};
use isobar_store_tests::{Dice, Kind, schema, subject};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

fn kills() -> u64 {
    env::var("ISOBAR_KILLS").map_or(20, |kills| kills.parse().expect("ISOBAR_KILLS is a number"))
}

/// The lines that were acknowledged before a process was killed: some time after it said the first `lines`.
fn killed_after(url: &str, seed: u64, lines: usize, time: Duration) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_store-writer"))
        .args([url, "8", &seed.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the writer starts");
    let mut said = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut acknowledged: Vec<String> = said.by_ref().take(lines).map(|line| line.expect("it says text")).collect();
    let rest = thread::spawn(move || said.map(|line| line.expect("it says text")).collect::<Vec<_>>());
    thread::sleep(time);
    child.kill().expect("it can be killed");
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "it did not run until it was killed: {errors}");
    acknowledged.extend(rest.join().expect("nobody panicked"));
    acknowledged
}

async fn assert_there(store: &Store, acknowledged: &[String]) {
    let mut ids: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
    let mut held: BTreeMap<&str, BTreeSet<(i64, i64)>> = BTreeMap::new();
    for line in acknowledged {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, number, id, version] = words.as_slice() else { panic!("half a line: {line}") };
        let (number, id, version): (usize, i64, i64) =
            (number.parse().unwrap(), id.parse().unwrap(), version.parse().unwrap());
        ids.entry(number).or_default().insert(id);
        if !held.contains_key(name) {
            let versions = store.versions(&subject(name), Deleted::With).await.unwrap();
            held.insert(name, versions.iter().map(|held| (held.version, held.id)).collect());
        }
        assert!(held[name].contains(&(version, id)), "acknowledged and lost: {line}");
    }
    assert!(ids.values().all(|ids| ids.len() == 1), "a schema has two ids: {ids:?}");
    for (number, ids) in ids {
        for id in ids {
            assert_eq!(store.schema(id).await.unwrap().schema, schema(number));
        }
    }
    // What nobody was told of may be there as well, but whole.
    let last = store.last_id().await.unwrap();
    let mut used = BTreeSet::new();
    for (it, held) in store.all_versions(None, "", Deleted::With, false, Page::ALL).await.unwrap() {
        assert!((1..=last).contains(&held.id), "{it:?} has an id that was never given: {held:?}");
        used.insert(held.id);
    }
    assert_eq!(used.len() as i64, last, "ids are dense");
    let changes = store.changes(0, i64::MAX).await.unwrap();
    assert_eq!(changes.last().map_or(0, |change| change.seq), changes.len() as i64);
}

async fn kill_again_and_again(kind: Kind) {
    let place = kind.place();
    let mut dice = Dice::new(20_261_121);
    let mut acknowledged = Vec::new();
    for round in 0..kills() {
        // Most are killed while they write, some while they start.
        let lines = if round % 4 == 3 { 0 } else { 1 + dice.below(60) };
        let time = Duration::from_micros(dice.below(40_000) as u64);
        acknowledged.extend(killed_after(&place.url, round, lines, time));
        if round % 5 == 4 {
            assert_there(&place.open().await, &acknowledged).await;
        }
    }
    assert_there(&place.open().await, &acknowledged).await;
    assert!(acknowledged.len() as u64 > kills() / 2, "only {} were acknowledged", acknowledged.len());
}

#[tokio::test]
async fn a_file_keeps_what_was_acknowledged() {
    kill_again_and_again(Kind::File).await;
}

#[tokio::test]
async fn postgres_keeps_what_was_acknowledged() {
    kill_again_and_again(Kind::Postgres).await;
}

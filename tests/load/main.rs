//! Nothing that was acknowledged is lost and no id is given twice: under a mixed load of reads and writes, with servers that are killed
//! without warning, on SQLite and with several servers over one PostgreSQL. `ISOBAR_REQUESTS=1000000` and `ISOBAR_KILLS=200` make it long.

mod client;
mod together;

use client::{Answer, Connection, get, post};
use isobar_store_tests::{Dice, Kind, Server, serving};
use std::{
    collections::BTreeMap,
    env,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinSet;

/// A server of ours over a store, that anyone may write to.
fn start(store: &str) -> Server {
    Server::start(serving(env!("CARGO_BIN_EXE_isobar"), store).arg("--insecure"))
}

/// A number from the environment.
fn wanted(name: &str, otherwise: usize) -> usize {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// The `version`th schema of a subject: each has one optional property more, so that it is compatible with those before.
fn schema(subject: usize, version: usize) -> String {
    let properties: Vec<String> = (0..version).map(|at| format!(r#""f{at}_{subject}":{{"type":"string"}}"#)).collect();
    format!(r#"{{"type":"object","properties":{{{}}}}}"#, properties.join(","))
}

fn registration(subject: usize, version: usize) -> Vec<u8> {
    let schema = serde_json::to_string(&schema(subject, version)).unwrap();
    post(&format!("/subjects/s{subject}/versions"), &format!(r#"{{"schemaType":"JSON","schema":{schema}}}"#))
}

/// What was acknowledged: subject, number of the schema in it, id.
type Acknowledged = Arc<Mutex<Vec<(usize, usize, i64)>>>;

/// One client of a mixed load. It ends when its requests are done or its server is gone.
async fn client(address: String, seed: u64, requests: usize, subjects: usize, acknowledged: Acknowledged) -> usize {
    let Ok(mut connection) = Connection::open(&address).await else { return 0 };
    let mut dice = Dice::new(seed);
    for done in 0..requests {
        let subject = dice.below(subjects);
        let answer: Answer = if dice.below(4) == 0 {
            // Several clients register the same at the same time, and what was registered before.
            let version = 1 + dice.below(12);
            let Ok(answer) = connection.ask(&registration(subject, version)).await else { return done };
            if answer.status == 200 {
                let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
                let id = body["id"].as_i64().expect("an id");
                acknowledged.lock().unwrap().push((subject, version, id));
            }
            answer
        } else {
            let known = {
                let acknowledged = acknowledged.lock().unwrap();
                (!acknowledged.is_empty()).then(|| acknowledged[dice.below(acknowledged.len())])
            };
            let Some((subject, _, id)) = known else { continue };
            let path = match dice.below(4) {
                0 => format!("/subjects/s{subject}/versions"),
                1 => format!("/subjects/s{subject}/versions/latest"),
                _ => format!("/schemas/ids/{id}"),
            };
            let Ok(answer) = connection.ask(&get(&path)).await else { return done };
            answer
        };
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    requests
}

/// Everything that was acknowledged is there, once.
async fn verify(address: &str, acknowledged: &[(usize, usize, i64)]) {
    let mut ids: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for &(subject, version, id) in acknowledged {
        let first = *ids.entry((subject, version)).or_insert(id);
        assert_eq!(first, id, "schema {version} of subject {subject} has two ids");
    }
    let mut owners: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    let mut connection = Connection::open(address).await.unwrap();
    for (&owner, &id) in &ids {
        assert_eq!(owners.insert(id, owner), None, "id {id} was given twice");
        let answer = connection.ask(&get(&format!("/schemas/ids/{id}"))).await.unwrap();
        let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        let text = value["schema"].as_str().unwrap_or_else(|| panic!("schema {id} is lost: {}", answer.text()));
        let (found, sent): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(&schema(owner.0, owner.1)).unwrap());
        assert_eq!(found, sent, "id {id}");
        let answer = connection.ask(&get(&format!("/schemas/ids/{id}/versions"))).await.unwrap();
        assert!(answer.text().contains(&format!("\"s{}\"", owner.0)), "id {id}: {}", answer.text());
    }
    // The versions of each subject are numbered without a gap.
    let subjects: std::collections::BTreeSet<usize> = ids.keys().map(|(subject, _)| *subject).collect();
    for subject in subjects {
        let answer = connection.ask(&get(&format!("/subjects/s{subject}/versions"))).await.unwrap();
        let versions: Vec<usize> = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(versions, (1..=versions.len()).collect::<Vec<_>>(), "subject {subject}");
    }
}

/// Kills a server without warning.
fn kill(mut server: Server) {
    server.kill();
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn a_mixed_load_loses_nothing() {
    let requests = wanted("ISOBAR_REQUESTS", 20_000);
    for kind in [Kind::File, Kind::Postgres] {
        let place = kind.place();
        let server = start(&place.url);
        let acknowledged = Acknowledged::default();
        runtime().block_on(async {
            let mut clients = JoinSet::new();
            for seed in 0..16 {
                let (address, acknowledged) = (server.address().to_owned(), Arc::clone(&acknowledged));
                clients.spawn(client(address, seed + 1, requests / 16, 200, acknowledged));
            }
            let done: usize = clients.join_all().await.into_iter().sum();
            assert_eq!(done, requests / 16 * 16, "all were answered");
            let acknowledged = acknowledged.lock().unwrap().clone();
            verify(server.address(), &acknowledged).await;
        });
        println!("{kind:?}: {requests} requests, {} writes acknowledged", acknowledged.lock().unwrap().len());
    }
}

#[test]
fn a_server_that_is_killed_loses_nothing() {
    let place = Kind::File.place();
    let acknowledged = Acknowledged::default();
    let runtime = runtime();
    let mut dice = Dice::new(7);
    for round in 0..wanted("ISOBAR_KILLS", 10) {
        let server = start(&place.url);
        runtime.block_on(async {
            let before = acknowledged.lock().unwrap().clone();
            let sample: Vec<_> = before.iter().rev().take(200).copied().collect();
            verify(server.address(), &sample).await;
            let mut clients = JoinSet::new();
            for seed in 0..8 {
                let (address, acknowledged) = (server.address().to_owned(), Arc::clone(&acknowledged));
                clients.spawn(client(address, (round * 8 + seed + 1) as u64, usize::MAX, 2_000, acknowledged));
            }
            tokio::time::sleep(Duration::from_millis(100 + dice.below(300) as u64)).await;
            kill(server);
            clients.join_all().await;
        });
    }
    let server = start(&place.url);
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(!acknowledged.is_empty());
    runtime.block_on(verify(server.address(), &acknowledged));
    println!("{} writes were acknowledged, all are there", acknowledged.len());
}

//! Servers that do the least that can be done, to measure ours beside: one answers the same bytes from memory, one inserts what it is
//! sent into SQLite, commits in groups with full sync, and answers a number.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    routing::{get, post},
};
use rusqlite::Connection;
use std::{collections::HashMap, sync::Arc};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
};

/// Runs one of them until it is killed. `argument` is a body for `reads` and a file for `writes`.
pub(crate) fn run(kind: &str, argument: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let router = match kind {
        "reads" => reads(argument.to_owned()),
        _ => writes(argument),
    };
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        println!("http://{}", listener.local_addr().expect("it has an address"));
        axum::serve(listener, router).await.expect("it serves");
    });
}

fn reads(body: String) -> Router {
    let known: HashMap<i64, String> = (1..=10_000).map(|id| (id, body.replace("\"#\"", &id.to_string()))).collect();
    let answer = async |State(known): State<Arc<HashMap<i64, String>>>, Path(id): Path<i64>| match known.get(&id) {
        Some(body) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, "application/vnd.schemaregistry.v1+json")], body.clone())
        }
        None => (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain")], String::new()),
    };
    Router::new().route("/schemas/ids/{id}", get(answer)).with_state(Arc::new(known))
}

type Write = (Bytes, oneshot::Sender<i64>);

fn writes(file: &str) -> Router {
    let connection = Connection::open(file).expect("the file opens");
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE schemas (id INTEGER PRIMARY KEY, body TEXT)")
        .expect("a table is made");
    let (sender, mut receiver) = mpsc::unbounded_channel::<Write>();
    std::thread::spawn(move || {
        while let Some(first) = receiver.blocking_recv() {
            let mut answers = Vec::new();
            connection.execute_batch("BEGIN IMMEDIATE").expect("it begins");
            let mut next = Some(first);
            while let Some((body, answer)) = next {
                let mut insert =
                    connection.prepare_cached("INSERT INTO schemas (body) VALUES (?1)").expect("it is SQL");
                let text = std::str::from_utf8(&body).expect("it is text");
                answers.push((answer, insert.insert([text]).expect("it inserts")));
                next = if answers.len() < 256 { receiver.try_recv().ok() } else { None };
            }
            connection.execute_batch("COMMIT").expect("it commits");
            for (answer, id) in answers {
                // Whoever asked may be gone.
                let _ = answer.send(id);
            }
        }
    });
    let register = async |State(sender): State<mpsc::UnboundedSender<Write>>, body: Bytes| {
        let (answer, answered) = oneshot::channel();
        sender.send((body, answer)).expect("the writer is there");
        format!("{{\"id\":{}}}", answered.await.expect("it answers"))
    };
    Router::new().route("/subjects/{subject}/versions", post(register)).with_state(sender)
}

//! What the stores cost: durable registrations a second, beside a loop that does nothing but insert and commit in groups on the
//! same disk; and the start and the memory of a store with ten thousand schemas.
//! `cargo bench -p isobar-store-tests --bench store`

use isobar_registry::store::Store;
use isobar_store_tests::{Kind, register, schema, seconds, subject};
use rusqlite::Connection;
use std::{
    env, fs,
    process::Command,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Instant,
};
use tokio::{runtime::Runtime, sync::oneshot, task::JoinSet};

/// Who asks at the same time.
const CLIENTS: usize = 64;
const REGISTRATIONS: usize = 6_400;
const ROUNDS: usize = 5;
const MANY: usize = 10_000;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--open") {
        return open(&arguments[at + 1]);
    }
    let runtime = Runtime::new().expect("a runtime starts");
    println!("durable registrations, {CLIENTS} clients, {ROUNDS} rounds in turn, best of each:");
    println!("a second, and microseconds of this process's CPU for each");
    let [mut bare, mut file, mut postgres] = [(0.0_f64, f64::MAX); 3];
    for _ in 0..ROUNDS {
        bare = better(bare, runtime.block_on(bare_loop()));
        file = better(file, runtime.block_on(registrations(Kind::File)));
        postgres = better(postgres, runtime.block_on(registrations(Kind::Postgres)));
    }
    println!("  bare SQLite loop {:>9.0} {:>7.0} us", bare.0, bare.1);
    println!("  SQLite store     {:>9.0} {:>7.0} us   {:.2} of the bare loop", file.0, file.1, file.0 / bare.0);
    println!("  PostgreSQL store {:>9.0} {:>7.0} us", postgres.0, postgres.1);

    let place = Kind::File.place();
    runtime.block_on(async {
        let store = place.open().await;
        fill(&store, MANY).await;
    });
    println!("a store of {MANY} schemas, opened by a new process");
    let this = env::current_exe().expect("a program knows where it is");
    let output = Command::new(this).args(["--open", &place.url]).output().expect("it runs again");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

type Figures = (f64, f64);

fn better(one: Figures, other: Figures) -> Figures {
    (one.0.max(other.0), one.1.min(other.1))
}

/// Registrations a second, and the CPU of each in microseconds.
async fn figures(work: impl Future<Output = ()>) -> Figures {
    let before = cpu();
    let (seconds, ()) = seconds(work).await;
    (REGISTRATIONS as f64 / seconds, (cpu() - before) * 1e6 / REGISTRATIONS as f64)
}

/// Seconds of CPU that this process has used.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    // User and system time, in hundredths of a second.
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Opens a store and reads every schema, and says what that took.
fn open(url: &str) {
    let runtime = Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let since = Instant::now();
        let store = Store::open(url).await.expect("it opens");
        let last = store.last_id().await.expect("it answers");
        println!("  ready in {:.1} ms, {} MB resident", since.elapsed().as_secs_f64() * 1e3, resident());
        let since = Instant::now();
        for id in 1..=last {
            store.schema(id).await.expect("it is there");
        }
        let micros = since.elapsed().as_secs_f64() * 1e6 / last as f64;
        println!("  every schema read once, {micros:.1} us each, {} MB resident", resident());
        let (seconds, ()) = seconds(async {
            for _ in 0..1_000_000 {
                store.schema(last).await.expect("it is there");
            }
        })
        .await;
        println!("  a schema that is in use, {:.2} us", seconds);
    });
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

async fn fill(store: &Store, count: usize) {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let store = store.clone();
        clients.spawn(async move {
            for number in (client..count).step_by(CLIENTS) {
                register(&store, &subject(&format!("subject-{number}")), schema(number)).await.expect("it registers");
            }
        });
    }
    clients.join_all().await;
}

async fn registrations(kind: Kind) -> Figures {
    let place = kind.place();
    let store = place.open().await;
    let figures = figures(fill(&store, REGISTRATIONS)).await;
    assert_eq!(store.last_id().await.expect("it answers"), REGISTRATIONS as i64);
    figures
}

type Insert = (String, oneshot::Sender<i64>);

/// The least that a durable registration can be: look whether it is there, insert it, and answer after the commit.
fn insert_in_groups(path: &str, jobs: &Receiver<Insert>) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE schemas (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE)")?;
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Insert> = std::iter::once(first).chain(jobs.try_iter().take(255)).collect();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let mut done = Vec::new();
        for (body, reply) in batch {
            connection.prepare_cached("INSERT INTO schemas (body) VALUES (?1)")?.execute([&body])?;
            done.push((connection.last_insert_rowid(), reply));
        }
        connection.execute_batch("COMMIT")?;
        for (id, reply) in done {
            let _ = reply.send(id);
        }
    }
    Ok(())
}

async fn bare_loop() -> Figures {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("bare.db").display().to_string();
    let (send, jobs): (Sender<Insert>, Receiver<Insert>) = channel();
    let writer = thread::spawn(move || insert_in_groups(&path, &jobs));
    let figures = figures(async {
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let send = send.clone();
            clients.spawn(async move {
                for number in (client..REGISTRATIONS).step_by(CLIENTS) {
                    let (reply, answer) = oneshot::channel();
                    send.send((schema(number).text, reply)).expect("the writer runs");
                    answer.await.expect("it is written");
                }
            });
        }
        clients.join_all().await;
    })
    .await;
    drop(send);
    writer.join().expect("nobody panicked").expect("SQLite works");
    figures
}

//! What the server costs, beside bare ones under the same load in the same run: reads by id, durable registrations, the start,
//! the memory, and what a hostile check does to others.
//! `cargo bench -p isobar-cli --bench load`

#[path = "bare.rs"]
mod bare;
#[path = "client.rs"]
mod client;

use client::{Connection, get, post};
use isobar_store_tests::{Server, serving};
use std::{
    env, fs,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const CLIENTS: usize = 64;
const ROUNDS: usize = 5;
const READS: usize = 100_000;
const WRITES: usize = 12_800;
const MANY: usize = 10_000;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--bare") {
        return bare::run(&arguments[at + 1], &arguments[at + 2]);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    // `-- writes` leaves the rest out.
    let only_writes = arguments.iter().any(|argument| argument == "writes");
    runtime.block_on(async {
        if !only_writes {
            let folder = tempfile::tempdir().expect("a folder can be made");
            let store = format!("sqlite:{}", folder.path().join("store.db").display());
            filled(&store).await;
            reads(&store).await;
            hostile(&store).await;
        }
        writes().await;
    });
}

/// One of many schemas, of the size of a small event.
fn schema(number: usize) -> String {
    format!(
        r#"{{"type":"object","properties":{{"orderId":{{"type":"string","format":"uuid"}},"field_{number}":{{"type":"integer"}}}},"required":["orderId"]}}"#
    )
}

fn registration(number: usize) -> Vec<u8> {
    let schema = serde_json::to_string(&schema(number)).expect("a text is JSON");
    post(&format!("/subjects/subject-{number}/versions"), &format!(r#"{{"schemaType":"JSON","schema":{schema}}}"#))
}

/// A server of ours over a store, that anyone may write to.
fn start(store: &str) -> Server {
    Server::start(serving(env!("CARGO_BIN_EXE_isobar"), store).arg("--insecure"))
}

/// A bare server of a kind, as a process of its own.
fn bare_server(kind: &str, argument: &str) -> Server {
    let mut command = Command::new(env::current_exe().expect("a program knows where it is"));
    command.args(["--bare", kind, argument]);
    Server::start(&mut command)
}

/// What the system says of a process.
fn said_of(server: &Server, file: &str) -> String {
    fs::read_to_string(format!("/proc/{}/{file}", server.process.id())).expect("it runs")
}

/// The resident memory of a server in megabytes.
fn resident(server: &Server) -> f64 {
    let status = said_of(server, "status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// The CPU that a server has used, in seconds.
fn cpu(server: &Server) -> f64 {
    let stat = said_of(server, "stat");
    let after = stat.rsplit(')').next().unwrap_or_default();
    // User and system time, in hundredths of a second.
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// What a load came to.
#[derive(Clone, Copy, Debug)]
struct Figures {
    /// Answers a second.
    rate: f64,
    /// Microseconds that all but the slowest hundredth stayed below.
    p99: f64,
    /// Microseconds of the server's CPU for each answer.
    cpu: f64,
}

impl Figures {
    fn better(self, other: Figures) -> Figures {
        Figures { rate: self.rate.max(other.rate), p99: self.p99.min(other.p99), cpu: self.cpu.min(other.cpu) }
    }
}

/// Sends requests from many connections at once and waits for all answers, which must be good.
async fn load(server: &Server, requests: Vec<Vec<u8>>) -> Figures {
    let (count, before, requests) = (requests.len(), cpu(server), Arc::new(requests));
    let since = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (address, requests) = (server.address().to_owned(), Arc::clone(&requests));
        clients.spawn(async move {
            let mut connection = Connection::open(&address).await.expect("it takes connections");
            let mut times = Vec::with_capacity(requests.len() / CLIENTS + 1);
            for request in requests.iter().skip(client).step_by(CLIENTS) {
                let since = Instant::now();
                let answer = connection.ask(request).await.expect("it answers");
                times.push(since.elapsed());
                assert_eq!(answer.status, 200, "{}", answer.text());
            }
            times
        });
    }
    let mut times = clients.join_all().await.concat();
    let rate = count as f64 / since.elapsed().as_secs_f64();
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100].as_secs_f64() * 1e6;
    Figures { rate, p99, cpu: (cpu(server) - before) * 1e6 / count as f64 }
}

async fn filled(store: &str) {
    let server = start(store);
    load(&server, (1..=MANY).map(registration).collect()).await;
    drop(server);
    let since = Instant::now();
    let server = start(store);
    let mut connection = Connection::open(server.address()).await.expect("it listens");
    let ready = connection.ask(&get("/readyz")).await.expect("it answers");
    assert_eq!(ready.status, 200, "{}", ready.text());
    let took = since.elapsed();
    println!("a registry of {MANY} schemas: ready after {:.0} ms, {:.1} MB resident", ms(took), resident(&server));
    load(&server, (1..=MANY).map(|id| get(&format!("/schemas/ids/{id}"))).collect()).await;
    println!("  after every one was read: {:.1} MB resident", resident(&server));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn told(name: &str, figures: Figures) {
    println!(
        "  {name:<8} {:>8.0} a second   p99 {:>6.0} us   {:>5.1} us CPU each",
        figures.rate, figures.p99, figures.cpu
    );
}

async fn reads(store: &str) {
    let ours = start(store);
    let answer = Connection::open(ours.address()).await.expect("it opens").ask(&get("/schemas/ids/1")).await;
    let body = answer.expect("it answers").text();
    let theirs = bare_server("reads", &body);
    let requests = || (0..READS).map(|number| get(&format!("/schemas/ids/{}", number * 7919 % 1000 + 1))).collect();
    let (mut bare, mut own) = (load(&theirs, requests()).await, load(&ours, requests()).await);
    for _ in 1..ROUNDS {
        bare = bare.better(load(&theirs, requests()).await);
        own = own.better(load(&ours, requests()).await);
    }
    println!("reads by id, {CLIENTS} connections, {ROUNDS} rounds of {READS} in turn, best of each");
    told("bare", bare);
    told("isobar", own);
    println!("  {:.2} of the bare rate, p99 {:.2} of the bare one", own.rate / bare.rate, own.p99 / bare.p99);
}

async fn writes() {
    let (mut bare, mut own) = (None::<Figures>, None::<Figures>);
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = |name: &str| folder.path().join(name).display().to_string();
        let theirs = bare_server("writes", &file("bare.db"));
        let figures = load(&theirs, (1..=WRITES).map(registration).collect()).await;
        bare = Some(bare.map_or(figures, |best| best.better(figures)));
        drop(theirs);
        let ours = start(&format!("sqlite:{}", file("own.db")));
        let figures = load(&ours, (1..=WRITES).map(registration).collect()).await;
        own = Some(own.map_or(figures, |best| best.better(figures)));
    }
    let (Some(bare), Some(own)) = (bare, own) else { return };
    println!("durable registrations, {CLIENTS} connections, {ROUNDS} rounds of {WRITES} in turn, best of each");
    told("bare", bare);
    told("isobar", own);
    println!("  {:.2} of the bare rate", own.rate / bare.rate);
}

/// Reads go on while schemas that are made to take long are checked: how long does the slowest wait?
async fn hostile(store: &str) {
    let server = start(store);
    let wall = nested(6, 5);
    let text = serde_json::to_string(&wall).expect("a text is JSON");
    let body = format!(r#"{{"schemaType":"JSON","schema":{text}}}"#);
    let mut connection = Connection::open(server.address()).await.expect("it opens");
    let first = connection.ask(&post("/subjects/wall/versions", &body)).await.expect("it answers");
    assert_eq!(first.status, 200, "{}", first.text());
    let other = serde_json::to_string(&wall.replace("\"k5\"", "\"k6\"")).expect("a text is JSON");
    let check =
        post("/compatibility/subjects/wall/versions/latest", &format!(r#"{{"schemaType":"JSON","schema":{other}}}"#));
    for hostile in [false, true] {
        let done = Arc::new(AtomicBool::new(!hostile));
        let mut checks = JoinSet::new();
        for _ in 0..4 {
            let (address, check, done) = (server.address().to_owned(), check.clone(), Arc::clone(&done));
            checks.spawn(async move {
                let mut connection = Connection::open(&address).await.expect("it opens");
                while !done.load(Ordering::Relaxed) {
                    let answer = connection.ask(&check).await.expect("it answers");
                    assert_eq!(answer.status, 200, "{}", answer.text());
                }
            });
        }
        let (mut slowest, since) = (Duration::ZERO, Instant::now());
        while since.elapsed() < Duration::from_secs(5) {
            let asked = Instant::now();
            connection.ask(&get("/schemas/ids/1")).await.expect("it answers");
            slowest = slowest.max(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        done.store(true, Ordering::Relaxed);
        checks.join_all().await;
        let beside = if hostile { "beside four that check walls of `oneOf`" } else { "with nobody beside" };
        println!("the slowest of the reads of five seconds, {beside}: {:.1} ms", ms(slowest));
    }
}

/// `oneOf` so many wide and deep.
fn nested(wide: usize, deep: usize) -> String {
    if deep == 0 {
        return r#"{"type":"integer"}"#.into();
    }
    let below = nested(wide, deep - 1);
    let branch = |number: usize| {
        format!(
            r#"{{"type":"object","properties":{{"t":{{"const":"k{number}"}},"v":{below}}},"required":["t","v"],"additionalProperties":false}}"#
        )
    };
    format!(r#"{{"oneOf":[{}]}}"#, (0..wide).map(branch).collect::<Vec<_>>().join(","))
}

//! What the pages cost on a workspace of 10,000 events: the start, the memory, and of each kind of page how large it is and how long the
//! server takes, first and later. Then the same pages of workspaces that have much of everything in one place, and of hundreds of teams. At
//! last, when a browser first paints the board of the shop.
//! `cargo bench -p isobar-cli --bench pages`, with `-- crowd` one of them alone, with `-- teams` the teams, with `-- paint` the browser.

#[allow(dead_code, reason = "the tests read more of what it says")]
mod browser;
#[path = "../load/client.rs"]
#[allow(dead_code, reason = "the other benches post")]
mod client;
mod stuffed;

use client::{Connection, get};
use isobar_store_tests::{Server, serving};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
    time::{Duration, Instant},
};

const EVENTS: usize = 10_000;
/// How many teams there are, each with a workspace.
const TEAMS: usize = 200;
/// How many pages of each kind are looked at.
const EACH: usize = 40;
/// What is looked for.
const SEARCHES: [&str; 4] =
    ["thing77", "kind:event+field:field3+type:decimal", "something+happened", "tag:pii+thing9+nothing"];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|it| it == name);
    let large: fn(&Path) = |root| isobar_tests::released(root, EVENTS);
    runtime.block_on(async {
        for (name, make) in [("large", large), ("crowd", stuffed::crowd), ("long", stuffed::long)] {
            if !runs(name) {
                continue;
            }
            let root = folder.path().join(name);
            make(&root);
            for round in ["the first start, which pushes", "the second start"] {
                let (server, took) = started(Some(&root), &folder.path().join(format!("{name}.db"))).await;
                println!("{name}, {round}: {}", started_as(&server, took));
                crawl(&server).await;
                println!("  after that: {:.0} MB resident\n", resident(&server));
            }
        }
        if runs("teams") {
            teams(&folder.path().join("teams.db")).await;
        }
        if runs("paint") {
            let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/shop");
            let (server, _) = started(Some(&shop), &folder.path().join("shop.db")).await;
            paint(&server);
        }
    });
}

/// When browsers first paint the board of the shop, each of them with nothing kept from before, counted from when they ask for it.
fn paint(server: &Server) {
    for (width, scheme) in [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")] {
        let mut times: Vec<f64> = (0..9).map(|_| first_paint(server, width, scheme)).collect();
        times.sort_unstable_by(f64::total_cmp);
        let [first, .., last] = times.as_slice() else { continue };
        println!(
            "the board of the shop, {width} pixels, {scheme}: first paint after {first:.0} to {last:.0} ms, median {:.0}",
            times[times.len() / 2]
        );
    }
}

fn first_paint(server: &Server, width: u32, scheme: &str) -> f64 {
    let mut browser = browser::Browser::start(width, true);
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.ask("Emulation.setEmulatedMedia", media);
    browser.open(&format!("{}/w/shop", server.url.trim_end_matches('/')));
    let painted = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
    browser.wait(&format!("({painted}) !== null"));
    browser.say(painted).as_f64().expect("it is a number")
}

/// Serves the workspaces of many teams, as they are pushed and once more.
async fn teams(store: &Path) {
    let (server, _) = started(None, store).await;
    let mut connection = Connection::open(server.address()).await.expect("it listens");
    let since = Instant::now();
    for number in 0..TEAMS {
        let body = json!({ "files": stuffed::team(number) }).to_string();
        let request = client::sent("PUT", &format!("/api/v1/workspaces/team{number}"), &body);
        let answer = connection.ask(&request).await.expect("it answers");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    println!("{TEAMS} teams, pushed in {:.2} s", since.elapsed().as_secs_f64());
    crawl(&server).await;
    drop(server);
    let (server, took) = started(None, store).await;
    println!("{TEAMS} teams, the second start: {}", started_as(&server, took));
    crawl(&server).await;
    println!("  after that: {:.0} MB resident\n", resident(&server));
}

/// Serves a workspace, or what a store has; how long it took until it was ready.
async fn started(dir: Option<&Path>, store: &Path) -> (Server, Duration) {
    let since = Instant::now();
    let store = format!("sqlite:{}", store.display());
    let server = Server::start(serving(env!("CARGO_BIN_EXE_isobar"), &store).arg("--insecure").args(dir));
    let mut connection = Connection::open(server.address()).await.expect("it listens");
    let ready = connection.ask(&get("/readyz")).await.expect("it answers");
    assert_eq!(ready.status, 200, "{}", ready.text());
    (server, since.elapsed())
}

/// The resident memory of a server in megabytes.
fn resident(server: &Server) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.process.id())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// How a server started.
fn started_as(server: &Server, took: Duration) -> String {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.process.id())).expect("it runs");
    // User and system time, in hundredths of a second.
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let cpu = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0;
    format!("ready after {:.2} s ({cpu:.2} s CPU), {:.0} MB resident", took.as_secs_f64(), resident(server))
}

/// The CPU time that the threads of a server have taken, which other programs on the machine do not add to.
fn cpu(server: &Server) -> Duration {
    let threads = fs::read_dir(format!("/proc/{}/task", server.process.id())).expect("it runs");
    // A thread may have ended since.
    let stats = threads.filter_map(|it| fs::read_to_string(it.ok()?.path().join("schedstat")).ok());
    Duration::from_nanos(stats.filter_map(|it| it.split(' ').next()?.parse::<u64>().ok()).sum())
}

/// What the pages of a kind came to.
#[derive(Default)]
struct Kind {
    times: Vec<Duration>,
    cpu: Vec<Duration>,
    largest: (usize, String),
    slowest: (Duration, String),
}

/// What kind of page an address is: its words without the names in it.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').map_or((address, ""), |(path, query)| (path, query));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let further = if query.contains("page=") { " (a further page)" } else { "" };
    let name = match parts.as_slice() {
        [] => "home".into(),
        ["w", _] => "board".into(),
        ["w", _, "board", "all", ..] => "board, all of it".into(),
        ["w", _, "board", "release", name] if name.ends_with(".svg") => "board of a release, drawn".into(),
        ["w", _, "board", "release", _] => "board of a release".into(),
        ["w", _, "board", _] => "board of a context".into(),
        ["w", _, "event", name] if name.contains('@') => "event in a version".into(),
        ["w", _, kind, _, rest @ ..] => [&[*kind], &rest[..rest.len().min(1)]].concat().join(", "),
        ["w", _, kind] => (*kind).into(),
        [kind, ..] => (*kind).into(),
    };
    name + further
}

/// Looks at some pages of each kind that links lead to, and searches.
async fn crawl(server: &Server) {
    let mut connection = Connection::open(server.address()).await.expect("it listens");
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    let (mut known, mut todo) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
    let (mut taken, mut wrong): (BTreeMap<String, usize>, BTreeMap<String, _>) = Default::default();
    todo.extend(SEARCHES.map(|words| format!("/search?q={words}")));
    while let Some(address) = todo.pop_front() {
        let kind = kinds.entry(kind(&address)).or_default();
        let mut text = String::new();
        // The pages that links lead to first are seen once more later, so that there is more than one time of each kind.
        for _ in 0..3 {
            let request = format!("GET {address} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n");
            let (since, before) = (Instant::now(), cpu(server));
            let answer = connection.ask(request.as_bytes()).await.expect("it answers");
            let (took, busy) = (since.elapsed(), cpu(server).saturating_sub(before));
            text = answer.text();
            if answer.status != 200 {
                wrong.insert(address.clone(), answer.status);
            }
            kind.times.push(took);
            kind.cpu.push(busy);
            if busy > kind.slowest.0 {
                kind.slowest = (busy, address.clone());
            }
        }
        if text.len() > kind.largest.0 {
            kind.largest = (text.len(), address.clone());
        }
        for link in text.split(" href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next()) {
            let link = link.replace("&amp;", "&");
            let ours = link.starts_with('/') && !["/assets/", "/api/"].iter().any(|begin| link.starts_with(begin));
            let count = taken.entry(self::kind(&link)).or_default();
            if ours && *count < EACH && known.insert(link.clone()) {
                *count += 1;
                todo.push_back(link);
            }
        }
    }
    let pages: usize = kinds.values().map(|kind| kind.times.len()).sum();
    println!(
        "  {:<36} {:>5} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        format!("{pages} pages"),
        "many",
        "largest",
        "first",
        "median",
        "slowest",
        "CPU",
        "most"
    );
    for (name, mut kind) in kinds {
        let first = kind.times[0];
        kind.times.sort_unstable();
        kind.cpu.sort_unstable();
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let median = |times: &[Duration]| ms(times[times.len() / 2]);
        let last = |times: &[Duration]| ms(times[times.len() - 1]);
        println!(
            "  {name:<36} {:>5} {:>6.1} kB {:>9} {:>9} {:>9} {:>9} {:>9}  {}",
            kind.times.len() / 3,
            kind.largest.0 as f64 / 1e3,
            ms(first),
            median(&kind.times),
            last(&kind.times),
            median(&kind.cpu),
            last(&kind.cpu),
            if kind.largest.0 > 200_000 {
                &kind.largest.1
            } else if kind.slowest.0.as_millis() > 50 {
                &kind.slowest.1
            } else {
                ""
            }
        );
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

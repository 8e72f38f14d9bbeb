//! A folder that is watched, as the person sees it who works on it: real files, a real browser.

use crate::{
    browser::Browser,
    server::{example, get},
};
use isobar_store_tests::{Kind, Place, Server, serving};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const ISOBAR: &str = env!("CARGO_BIN_EXE_isobar");

/// A copy of the shop, and the server that watches it.
struct Watched {
    server: Server,
    place: Place,
    folder: TempDir,
}

impl Watched {
    fn start() -> Watched {
        let (place, folder) = (Kind::File.place(), tempfile::tempdir().unwrap());
        for (path, text) in example("shop") {
            save(&folder.path().join("shop").join(path), &text);
        }
        let server = Server::start(&mut Watched::command(&place, &folder));
        Watched { server, place, folder }
    }

    fn command(place: &Place, folder: &TempDir) -> Command {
        let mut command = serving(ISOBAR, &place.url);
        command.current_dir(folder.path()).args(["--watch", "--insecure", "shop"]);
        command
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("shop").join(path)
    }

    /// Replaces text in a file.
    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} holds no {from:?}");
        fs::write(self.path(path), text.replacen(from, to, 1)).unwrap();
    }

    fn open(&self, browser: &mut Browser, page: &str) {
        browser.open(&format!("{}{page}", self.server.url));
        browser.say("window.kept = true");
    }

    /// What the store has recorded.
    fn changes(&self) -> usize {
        let answer: Value = serde_json::from_str(&get(&self.server, "/api/v1/changes?limit=1000")).unwrap();
        answer["items"].as_array().unwrap().len()
    }

    /// The resident memory of the server in KiB.
    fn resident(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

fn save(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Waits until a script says `true`, and holds that it took no longer than somebody who saves a file would wait.
fn soon(browser: &mut Browser, script: &str) {
    let since = Instant::now();
    browser.wait(script);
    assert!(since.elapsed() < Duration::from_secs(2), "{script}: {:?}", since.elapsed());
    assert_eq!(browser.say("window.kept ?? false"), json!(true), "the page was not loaded again");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

const NO_REPORT: &str = "document.querySelector('.watch-report').hidden";
const REPORT: &str = "document.querySelector('.watch-report').innerText";
const NOTICE: &str = "document.querySelector('.watch-notice').textContent";

#[test]
fn what_is_saved_is_shown_and_what_is_wrong_lies_over_it() {
    let watched = Watched::start();
    let recorded = watched.changes();
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/w/shop/event/ordering.OrderPlaced");
    browser.say("document.querySelector('details').open = true; scrollTo(0, 120)");
    let file = "ordering.storm.yaml";
    let doc = fs::read_to_string(watched.path(file)).unwrap();
    let placed = doc.find("OrderPlaced:").unwrap();
    let line = doc[placed..].find("doc: ").map(|at| placed + at + 5).unwrap();
    let end = line + doc[line..].find('\n').unwrap();
    let changed = format!("{}Written anew a moment ago.{}", &doc[..line], &doc[end..]);
    fs::write(watched.path(file), &changed).unwrap();
    soon(&mut browser, "document.querySelector('main').innerText.includes('Written anew a moment ago.')");
    assert_eq!(browser.say(NOTICE), json!("OrderPlaced changed"));
    assert_eq!(browser.say("document.querySelector('main details').open"), json!(true), "what was open stays open");
    assert_eq!(browser.say("scrollY"), json!(120));
    let marked = "[...document.querySelectorAll('main .fresh')].map(it => it.textContent.trim())";
    let marked = browser.say(marked);
    assert_eq!(marked[0], json!("Written anew a moment ago."));
    assert_eq!(marked.as_array().unwrap().len(), 2, "it, and the Rust that says so: {marked}");

    // As many editors save: into another file, which then takes the name.
    let broken = changed.replacen("context: ordering", "context: ordering\nnonsense: 1", 1);
    save(&watched.path(".ordering.storm.yaml.tmp"), &broken);
    fs::rename(watched.path(".ordering.storm.yaml.tmp"), watched.path(file)).unwrap();
    soon(&mut browser, &format!("!{NO_REPORT}"));
    let report = browser.say(REPORT).as_str().unwrap().to_owned();
    let checked = Command::new(ISOBAR).current_dir(watched.folder.path()).args(["check", "shop"]).output().unwrap();
    let checked = String::from_utf8(checked.stderr).unwrap();
    let (finding, _) = checked.split_once("\nchecked ").unwrap();
    assert!(report.contains(finding), "{finding}\nis not in\n{report}");
    assert!(report.contains("--> shop/ordering.storm.yaml:3:1") && report.contains("nonsense: 1"), "{report}");
    assert!(browser.say("document.querySelector('main').innerText").as_str().unwrap().contains("a moment ago."));
    // It stays, also on other pages, until it is mended.
    watched.open(&mut browser, "/w/shop/lint");
    soon(&mut browser, &format!("!{NO_REPORT}"));
    fs::write(watched.path(file), &changed).unwrap();
    soon(&mut browser, NO_REPORT);

    // A file that is new, and one that is gone.
    watched.open(&mut browser, "/w/shop/messages");
    let returns = watched.path("returns.storm.yaml");
    save(&returns, "context: returns\nevents: { ParcelReturned: { fields: { order: string } } }\n");
    soon(&mut browser, "document.querySelector('main').innerText.includes('ParcelReturned')");
    assert_eq!(browser.say(NOTICE), json!("returns and ParcelReturned added"));
    fs::remove_file(&returns).unwrap();
    soon(&mut browser, "!document.querySelector('main').innerText.includes('ParcelReturned')");
    assert_eq!(watched.changes(), recorded, "the store hears of none of it");
}

#[test]
fn the_board_stays_where_it_is() {
    let watched = Watched::start();
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/w/shop");
    browser.say("document.querySelector('[data-board=in]').click(); document.querySelector('.frame').scrollTo(90, 60)");
    let stands = "(() => { const f = document.querySelector('.frame'); return [f.scrollLeft, f.scrollTop, \
                  document.querySelector('svg.board').getBoundingClientRect().width / document.querySelector('svg.board').viewBox.baseVal.width] })()";
    let before = browser.say(stands);
    watched.edit("customer.storm.yaml", "\nevents:\n", "\nevents:\n  CustomerAsked: { fields: { why: string } }\n");
    soon(&mut browser, "document.querySelector('[data-name=\"customer.CustomerAsked\"]') !== null");
    assert_eq!(browser.say(stands), before);
    let marked = "document.querySelector('[data-name=\"customer.CustomerAsked\"]').classList.contains('fresh')";
    assert_eq!(browser.say(marked), json!(true));
    browser.say("document.querySelector('[data-board=fit]').click()");
    assert_ne!(browser.say(stands), before, "its buttons work");
}

#[test]
fn a_release_is_shown_and_pushed() {
    let watched = Watched::start();
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/w/shop/event/payment.PaymentFailed/versions");
    let fields = "fields: { orderId: ordering.OrderId, reason: string }";
    watched.edit("payment.storm.yaml", fields, "fields: { orderId: ordering.OrderId, reason: string, code: string? }");
    soon(&mut browser, "document.querySelector('main').innerText.includes('v1.1')");
    let released = Command::new(ISOBAR).args(["release"]).arg(watched.path("")).status().unwrap();
    assert!(released.success());
    soon(&mut browser, &format!("{NOTICE} === 'PaymentFailed v1.1 released'"));
    let versions = get(&watched.server, "/api/v1/messages/payment.PaymentFailed/versions");
    assert!(versions.contains("v1.1"), "{versions}");
}

#[test]
fn a_folder_that_goes_and_a_server_that_starts_again() {
    let mut watched = Watched::start();
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/w/shop/messages");
    let (here, there) = (watched.path(""), watched.folder.path().join("elsewhere"));
    fs::rename(&here, &there).unwrap();
    soon(&mut browser, &format!("!{NO_REPORT}"));
    assert!(browser.say("document.querySelector('main').innerText").as_str().unwrap().contains("OrderPlaced"));
    fs::rename(&there, &here).unwrap();
    soon(&mut browser, NO_REPORT);
    watched.edit("customer.storm.yaml", "\nevents:\n", "\nevents:\n  CustomerAsked: { fields: { why: string } }\n");
    soon(&mut browser, "document.querySelector('main').innerText.includes('CustomerAsked')");

    // Another server at the same place: the page is loaded again.
    let address = watched.server.address().to_owned();
    watched.server.kill();
    watched.server = Server::start(Watched::command(&watched.place, &watched.folder).args(["--listen", &address]));
    browser.wait("window.kept === undefined && document.documentElement?.dataset.number === '1'");

    let nowhere = Command::new(ISOBAR).args(["serve", "nowhere", "--watch"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert_eq!(String::from_utf8(nowhere.stderr).unwrap(), "error: `nowhere` is not a folder\n");
}

#[test]
fn a_workspace_that_is_broken_at_first_is_mended_before_our_eyes() {
    let (place, folder) = (Kind::Memory.place(), tempfile::tempdir().unwrap());
    save(&folder.path().join("shop/isobar.yaml"), "workspace: small\n");
    save(&folder.path().join("shop/a.storm.yaml"), "context: a\nevents: { One: { fields: { x: nothing } } }\n");
    let server = Server::start(&mut Watched::command(&place, &folder));
    let watched = Watched { server, place, folder };
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/");
    soon(&mut browser, &format!("{REPORT}.includes('shop/a.storm.yaml:2:31')"));
    watched.edit("a.storm.yaml", "nothing", "int");
    soon(&mut browser, &format!("{NO_REPORT} && document.querySelector('main a[href=\"/w/small\"]') !== null"));
}

#[test]
fn thousands_of_saves_leave_no_trace() {
    let watched = Watched::start();
    let recorded = watched.changes();
    let file = watched.path("customer.storm.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let mut browser = Browser::start(1440, true);
    watched.open(&mut browser, "/w/shop/messages");
    let mut save_many = |from: usize, to: usize| {
        for number in from..to {
            let event = format!("\nevents:\n  Number{number}: {{ fields: {{ why: string }} }}\n");
            fs::write(&file, text.replacen("\nevents:\n", &event, 1)).unwrap();
            // Some of them long enough apart that each is looked at.
            std::thread::sleep(Duration::from_micros(if number % 20 == 0 { 50_000 } else { 200 }));
        }
        let last = format!("document.querySelector('main').innerText.includes('Number{}')", to - 1);
        soon(&mut browser, &last);
        watched.resident()
    };
    let before = save_many(0, 500);
    let after = save_many(500, 3_000);
    assert!(after < before + 16 * 1024, "{before} KiB became {after} KiB");
    assert_eq!(watched.changes(), recorded, "the store hears of none of them");
}

#[test]
fn only_those_who_may_read_are_told() {
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("isobar.yaml"), "workspace: small\n");
    save(&folder.path().join("a.storm.yaml"), "context: a\nevents: { One: {} }\n");
    let place = Kind::Memory.place();
    let dir = folder.path().to_str().unwrap();
    let private = Server::start(serving(ISOBAR, &place.url).args(["--watch", "--private", dir]));
    assert!(get(&private, "/watch").contains("This needs a valid token"));
    let still = Server::start(serving(ISOBAR, &place.url).args(["--insecure", dir]));
    assert!(get(&still, "/watch").contains("Nothing is watched here"));
    assert!(!get(&still, "/w/small").contains("data-watch"));
}

//! A real browser, driven over its own protocol: a page is opened, scripts are asked, and whatever the browser complains of is kept.

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket, connect, stream::MaybeTlsStream};

/// When a browser is taken to hang. How fast pages are is measured elsewhere; a machine may have much else to do.
const PATIENCE: Duration = Duration::from_secs(120);
/// What may cut a navigation off that is no fault of a page: another one that was under way, and a network that changed.
const CUT_OFF: [&str; 2] = ["net::ERR_ABORTED", "net::ERR_NETWORK_CHANGED"];
/// What a script is answered whose page went while it was asked.
const GONE: [&str; 3] = ["Execution context was destroyed", "Cannot find context", "Inspected target navigated"];
/// What a browser may leave alone that looks at one page after the other.
const QUIET: [&str; 5] = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
];

/// Chromium, which must be installed: a test without it fails.
pub(crate) struct Browser {
    process: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: String,
    next: u64,
    /// What the page logged as an error, threw, or was kept from doing by its policy.
    pub(crate) complaints: Vec<String>,
    /// The documents that are wholly there, by their loaders.
    loaded: BTreeSet<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts it with one page of this width.
    pub(crate) fn start(width: u32, scripts: bool) -> Browser {
        let profile = tempfile::tempdir().expect("a folder can be made");
        let mut process = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"])
            .args(QUIET)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("--window-size={width},900"))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium is installed");
        let mut lines = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let mut said = Vec::new();
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let url = line.strip_prefix("DevTools listening on ").map(str::to_owned);
            said.push(line);
            url
        });
        let url = url.unwrap_or_else(|| panic!("chromium does not say where it listens: {said:?}"));
        // Nobody reads on, and a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        let (socket, _) = connect(&url).expect("it takes connections");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            // One that says nothing at all hangs.
            stream.set_read_timeout(Some(PATIENCE)).expect("it is a socket");
        }
        let (complaints, loaded) = (Vec::new(), BTreeSet::new());
        let mut browser =
            Browser { process, socket, session: String::new(), next: 0, complaints, loaded, _profile: profile };
        // It listens before it has a window to open pages in.
        let since = Instant::now();
        let target = loop {
            match browser.try_ask("Target.createTarget", &json!({ "url": "about:blank" })) {
                Ok(target) => break target["targetId"].clone(),
                Err(error) => assert!(since.elapsed() < PATIENCE, "it opens no page: {error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        let attached = browser.ask("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.ask(domain, json!({}));
        }
        browser.ask("Page.setLifecycleEventsEnabled", json!({ "enabled": true }));
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.ask("Emulation.setDeviceMetricsOverride", size);
        browser.ask("Emulation.setScriptExecutionDisabled", json!({ "value": !scripts }));
        browser
    }

    /// Runs a script before any of a page's own.
    pub(crate) fn before_each_page(&mut self, script: &str) {
        self.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Sends a command and waits for its answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.try_ask(method, &params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same where it may say no, and why.
    fn try_ask(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        let mut command = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            command["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(command.to_string())).expect("it listens");
        let since = Instant::now();
        loop {
            let heard = self.hear();
            if heard["id"] == json!(id) {
                let error = &heard["error"];
                return if error.is_null() { Ok(heard["result"].clone()) } else { Err(error.to_string()) };
            }
            assert!(since.elapsed() < PATIENCE, "{method} takes too long");
        }
    }

    fn hear(&mut self) -> Value {
        let message = self.socket.read().expect("it answers");
        let heard: Value = serde_json::from_str(message.to_text().expect("it is text")).expect("it is JSON");
        let params = &heard["params"];
        match heard["method"].as_str() {
            Some("Runtime.exceptionThrown") => self.complaints.push(params["exceptionDetails"].to_string()),
            Some("Log.entryAdded") if params["entry"]["level"] == "error" => {
                self.complaints.push(params["entry"]["text"].to_string());
            }
            Some("Page.lifecycleEvent") if params["name"] == "load" => {
                self.loaded.insert(params["loaderId"].to_string());
            }
            Some("Runtime.consoleAPICalled") if params["type"] == "error" => {
                self.complaints.push(params["args"].to_string());
            }
            _ => {}
        }
        heard
    }

    /// Opens a page and waits until it is there: this page, not one that was still under way.
    pub(crate) fn open(&mut self, url: &str) {
        let since = Instant::now();
        let loader = loop {
            let opened = self.ask("Page.navigate", json!({ "url": url }));
            let error = opened["errorText"].as_str().unwrap_or_default();
            if error.is_empty() {
                break opened["loaderId"].to_string();
            }
            assert!(CUT_OFF.contains(&error) && since.elapsed() < PATIENCE, "{url}: {error}");
            std::thread::sleep(Duration::from_millis(50));
        };
        while !self.loaded.contains(&loader) {
            self.hear();
            assert!(since.elapsed() < PATIENCE, "{url} takes too long");
        }
    }

    /// What a script says in the page. It runs even where the page's own scripts do not.
    pub(crate) fn say(&mut self, script: &str) -> Value {
        self.try_say(script).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    fn try_say(&mut self, script: &str) -> Result<Value, String> {
        let asked = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let said = self.try_ask("Runtime.evaluate", &asked)?;
        assert!(said["exceptionDetails"].is_null(), "{script}: {}", said["exceptionDetails"]);
        Ok(said["result"]["value"].clone())
    }

    /// Waits until a script says `true`, on this page or on one that comes after it.
    pub(crate) fn wait(&mut self, script: &str) {
        let since = Instant::now();
        loop {
            match self.try_say(script) {
                Ok(Value::Bool(true)) => return,
                Ok(_) => {}
                Err(error) => assert!(GONE.iter().any(|gone| error.contains(gone)), "{script}: {error}"),
            }
            assert!(since.elapsed() < PATIENCE, "it never came true: {script}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

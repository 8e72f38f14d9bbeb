//! A registry with workspaces in it, as a process.

use isobar_store_tests::{Server, serving};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A server that runs until this is dropped.
pub(crate) struct Registry {
    server: Server,
    folder: TempDir,
}

impl Registry {
    fn start() -> Registry {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let log = fs::File::create(folder.path().join("log")).expect("a file can be made");
        let store = format!("sqlite:{}", folder.path().join("store.db").display());
        let mut command = serving(env!("CARGO_BIN_EXE_isobar"), &store);
        Registry { server: Server::start(command.arg("--insecure").env("RUST_LOG", "trace").stderr(log)), folder }
    }

    /// The workspaces of the repository, and a schema in two versions that a client registered.
    pub(crate) fn of_the_examples() -> Registry {
        let registry = Registry::start();
        for name in ["bank", "shop"] {
            registry.push(name, &example(name));
        }
        let properties =
            json!({ "id": { "type": "string", "description": "Its number." }, "total": { "type": "number" } });
        let first = json!({ "title": "Bill", "description": "What is to be paid.", "type": "object", "properties": properties });
        let mut second = first.clone();
        second["properties"]["due"] = json!({ "type": ["string", "null"] });
        for schema in [first, second] {
            let body = json!({ "schemaType": "JSON", "schema": schema.to_string() });
            registry.send("POST", "/subjects/bills-value/versions", &body);
        }
        registry
    }

    /// A workspace of these files.
    pub(crate) fn of_files(files: BTreeMap<String, String>) -> Registry {
        let registry = Registry::start();
        registry.push("attack", &files);
        registry
    }

    /// Pushes a workspace.
    pub(crate) fn push(&self, name: &str, files: &BTreeMap<String, String>) {
        self.send("PUT", &format!("/api/v1/workspaces/{name}"), &json!({ "files": files }));
    }

    fn send(&self, method: &str, path: &str, body: &Value) {
        let body = body.to_string();
        let mut stream = TcpStream::connect(self.server.address()).expect("it takes connections");
        let head = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}")
            .expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("there is a log")
    }
}

/// The files of a workspace of the repository.
pub(crate) fn example(name: &str) -> BTreeMap<String, String> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name), PathBuf::new())
}

/// The body of what a server answers to a browser.
pub(crate) fn get(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).expect("it takes connections");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nconnection: close\r\n\r\n")
        .expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).expect("it has a body")
}

/// The files below a folder: path with `/` to text.
fn read(root: &Path, below: PathBuf) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(root.join(&below)).expect("the folder is there") {
        let entry = entry.expect("it can be read");
        let path = below.join(entry.file_name());
        if entry.path().is_dir() {
            files.extend(read(root, path));
        } else {
            files.insert(
                path.to_string_lossy().replace('\\', "/"),
                fs::read_to_string(entry.path()).expect("it is text"),
            );
        }
    }
    files
}

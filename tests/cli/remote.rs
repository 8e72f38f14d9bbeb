//! `isobar push` and `isobar pull` against a real registry, and against what is none.

use crate::support::{Ran, command, copy_of, edit, isobar, path, run};
use isobar_store_tests::{Kind, Place, Server, serving};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// What a request was: method, path, token, body.
type Request = (String, String, Option<String>, String);

/// Answers every request, and says where.
fn listen(mut answer: impl FnMut(Request) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (status, body) = answer(request(&stream));
            let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
            let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", body.len());
            let more = "location: http://127.0.0.1:1/elsewhere\r\nconnection: close\r\n\r\n";
            stream.write_all(format!("{head}{more}{body}").as_bytes()).unwrap();
        }
    });
    address
}

fn request(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        let found =
            lines.iter().find_map(|line| line.to_lowercase().starts_with(name).then(|| line[name.len()..].trim()));
        found.map(str::to_owned)
    };
    let length = header("content-length:").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let mut first = lines[0].split(' ').map(str::to_owned);
    let (method, path) = (first.next().unwrap(), first.next().unwrap());
    (method, path, header("authorization:"), String::from_utf8(body).unwrap())
}

/// A real one, whose store has one token.
struct Registry {
    server: Server,
    token: String,
    _place: Place,
}

impl Registry {
    fn start() -> Registry {
        Registry::start_with(&[])
    }

    fn start_with(options: &[&str]) -> Registry {
        let place = Kind::File.place();
        let made =
            isobar(&["token", "create", "--name", "ci", "--role", "writer", "--store", &place.url, "--format", "json"]);
        let made: Value = serde_json::from_str(&made.out).unwrap();
        let server = Server::start(serving(env!("CARGO_BIN_EXE_isobar"), &place.url).args(options));
        Registry { server, token: made["token"].as_str().unwrap().to_owned(), _place: place }
    }

    fn url(&self) -> &str {
        &self.server.url
    }

    fn with_token(&self, arguments: &[&str]) -> Ran {
        run(command().env("ISOBAR_TOKEN", &self.token).args(arguments), "")
    }
}

#[test]
fn a_workspace_is_pushed_and_what_contradicts_it_refused() {
    let (server, shop) = (Registry::start(), copy_of("shop"));
    let registry = server.url();
    let refused = isobar(&["push", path(&shop), "--registry", registry]);
    assert_eq!(refused.code, 2);
    let says = format!(
        "error: the registry `{registry}` answers 401: this needs a valid token; give a token with `--token` or in `ISOBAR_TOKEN`\n"
    );
    assert_eq!(refused.err, says);
    let first = server.with_token(&["push", path(&shop), "--registry", registry]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("ordering.OrderPlaced v2.0  (schema "), "{}", first.out);
    let count = first.out.lines().count();
    assert_eq!(first.err, format!("{count} versions pushed, 0 versions known already\n"));
    let again = server.with_token(&["push", path(&shop), "--registry", registry, "--format", "json"]);
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(again, json!({ "workspace": "shop", "new": [], "known": count }));

    let behind = copy_of("shop");
    for folder in [&shop, &behind] {
        let fields = "fields: { orderId: ordering.OrderId, reason: string }";
        let field = if std::ptr::eq(folder, &shop) { "code: string?" } else { "why: int?" };
        let more = fields.replace(" }", &format!(", {field} }}"));
        edit(&folder.path().join("payment.storm.yaml"), fields, &more);
        assert_eq!(isobar(&["release", path(folder)]).code, 0);
    }
    let done = server.with_token(&["push", path(&shop), "--registry", registry]);
    assert!(done.out.starts_with("payment.PaymentFailed v1.1  (schema "), "{}{}", done.out, done.err);
    let clash = server.with_token(&["push", path(&behind), "--registry", registry]);
    assert_eq!(clash.code, 1);
    for part in [
        "error[base-clash]: v1.1 of `payment.PaymentFailed` is another one than on the registry".to_owned(),
        format!("--> {}/history/payment/PaymentFailed/v1.1.yaml:1:8", path(&behind)),
        "1 | event: payment.PaymentFailed".to_owned(),
        format!("::: {}/history/payment/PaymentFailed/v1.1.yaml@registry:1:8", path(&behind)),
        "help: take that of the registry: bring history/payment/PaymentFailed/v1.1.yaml".to_owned(),
    ] {
        assert!(clash.err.contains(&part), "{part}\n{}", clash.err);
    }
    let json = server.with_token(&["push", path(&behind), "--registry", registry, "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "base-clash");
    assert_eq!(json["summary"]["errors"], 1);
    // What is wrong here is not even sent.
    edit(&shop.path().join("payment.storm.yaml"), "context: payment", "context: payment\nnonsense: 1");
    let wrong = server.with_token(&["push", path(&shop), "--registry", "http://127.0.0.1:1"]);
    assert!(wrong.code == 1 && wrong.err.contains("error[unknown-key]"), "{}", wrong.err);
}

#[test]
fn what_others_released_is_pulled() {
    let (server, shop) = (Registry::start(), copy_of("shop"));
    let registry = server.url();
    assert_eq!(server.with_token(&["push", path(&shop), "--registry", registry]).code, 0);
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("isobar.yaml", "workspace: mails\n");
    put(
        "mail.storm.yaml",
        "context: mail\ncommands: { Send: { fields: { about: string } } }\n\
         policies: { Tell: { when: payment.PaymentFailed, then: Send, fill: { about: $reason } } }\n",
    );
    let alone = isobar(&["check", path(&folder)]);
    assert!(
        alone.err.contains("help: if it is another workspace's, `isobar pull payment` brings it here"),
        "{}",
        alone.err
    );
    let nothing = isobar(&["pull", "--registry", registry, "--out", path(&folder)]);
    assert_eq!((nothing.code, nothing.err.contains("name the contexts")), (2, true), "{}", nothing.err);
    let unknown = isobar(&["pull", "payment", "nowhere", "--registry", registry, "--out", path(&folder)]);
    assert_eq!(
        (unknown.code, unknown.err.contains("answers 404: there is no such context")),
        (2, true),
        "{}",
        unknown.err
    );
    assert!(!folder.path().join("history").exists(), "all or nothing");
    let pulled = isobar(&["pull", "payment", "shipping", "--registry", registry, "--out", path(&folder)]);
    assert_eq!(pulled.code, 0, "{}", pulled.err);
    assert!(pulled.out.starts_with("payment: ") && pulled.out.contains("\nshipping: "), "{}", pulled.out);
    assert_eq!(pulled.err, "commit `history/.pulled`\n");
    let checked = isobar(&["check", path(&folder)]);
    assert_eq!((checked.code, checked.err.as_str()), (0, "checked 0 events in 1 context: nothing wrong\n"));
    let again = isobar(&["pull", "--registry", registry, "--out", path(&folder), "--format", "json"]);
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&again["pulled"][0]["context"], &again["pulled"][0]["new"]), (&json!("payment"), &json!([])));
    // It can be pushed with them, and releases nothing of theirs.
    let pushed = server.with_token(&["push", path(&folder), "--registry", registry]);
    assert_eq!((pushed.code, pushed.out.as_str()), (0, ""), "{}", pushed.err);
    let own = isobar(&["pull", "payment", "--registry", registry, "--out", path(&shop)]);
    assert!(own.code == 1 && own.err.contains("the context `payment` is the workspace's own"), "{}", own.err);
}

/// An authority that no system trusts, and a certificate of it for this machine with its key, in PEM.
fn certificates() -> [String; 3] {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = authority.self_signed(&key).unwrap().pem();
    let own = KeyPair::generate().unwrap();
    let host = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = host.signed_by(&own, &Issuer::new(authority, key)).unwrap().pem();
    [root, certificate, own.serialize_pem()]
}

#[test]
fn a_registry_of_an_authority_of_ones_own_is_trusted_where_it_is_said() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), copy_of("shop"));
    let files = ["root.pem", "certificate.pem", "key.pem"].map(|name| folder.path().join(name).display().to_string());
    let made = certificates();
    files.iter().zip(&made).for_each(|(path, text)| std::fs::write(path, text).unwrap());
    let server = Registry::start_with(&["--tls-cert", &files[1], "--tls-key", &files[2]]);
    let registry = server.url();
    assert!(registry.starts_with("https://"), "{registry}");
    let push = |trusted: &str| {
        let mut command = command();
        command.env_remove("SSL_CERT_DIR").env("SSL_CERT_FILE", trusted).env("ISOBAR_TOKEN", &server.token);
        run(command.args(["push", path(&shop), "--registry", registry]), "")
    };
    let pushed = push(&files[0]);
    assert!(pushed.code == 0 && pushed.out.contains("ordering.OrderPlaced v2.0  (schema "), "{}", pushed.err);
    // An authority of somebody else; none; a file that is none.
    let others = folder.path().join("others.pem").display().to_string();
    std::fs::write(&others, &certificates()[0]).unwrap();
    let refused = push(&others);
    let says = "; `SSL_CERT_FILE` may name a file with the certificates to trust, in PEM\n";
    assert!(refused.code == 2 && refused.err.ends_with(says), "{}", refused.err);
    for nothing in [&files[2], "/nowhere"] {
        let nothing = push(nothing);
        assert!(nothing.code == 2 && nothing.err.contains("no certificates are found"), "{}", nothing.err);
    }
    // Who speaks no TLS there is told so.
    let plain = run(command().args(["push", path(&shop), "--registry", &registry.replace("https", "http")]), "");
    assert_eq!(plain.code, 2, "{}", plain.err);
}

#[test]
fn what_is_no_registry_is_said() {
    let shop = copy_of("shop");
    let push = |registry: &str| {
        run(command().env("ISOBAR_TOKEN", "isobar_test").args(["push", path(&shop), "--registry", registry]), "")
    };
    for (status, body, says) in [
        (502, "<html>bad gateway</html>", "answers 502: bad gateway"),
        (200, "<html>welcome</html>", "this is no registry, or a newer one"),
        (302, "", "answers 302: found; give the address that it leads to"),
        (
            413,
            r#"{"title":"Content Too Large","detail":"the body is larger than 16 MiB"}"#,
            "the body is larger than 16 MiB",
        ),
    ] {
        let registry = listen(move |_| (status, body.to_owned()));
        let ran = push(&registry);
        assert!(ran.code == 2 && ran.err.contains(says), "{status}: {} {}", ran.code, ran.err);
    }
    let tomorrow =
        r#"{"title":"no","diagnostics":[{"code":"tomorrow","severity":"error","message":"a rule of tomorrow"}]}"#;
    let ran = push(&listen(move |_| (422, tomorrow.to_owned())));
    assert_eq!((ran.code, ran.err.as_str()), (1, "error[tomorrow]: a rule of tomorrow\n"));
    let nobody = push("http://127.0.0.1:1");
    assert!(
        nobody.code == 2 && nobody.err.contains("the registry `http://127.0.0.1:1` cannot be reached: "),
        "{}",
        nobody.err
    );
    let secret = push("http://me:secret@localhost");
    assert!(secret.code == 2 && secret.err.contains("is no address of a registry"), "{}", secret.err);
}

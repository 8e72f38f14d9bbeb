//! What the log never has, however much of it is asked for.

use isobar_store_tests::{Kind, Server, serving};
use isobar_web_tests::{isobar, token};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

/// Sends a request with a token, and reads the answer.
fn ask(address: &str, secret: &str, request: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(
        stream,
        "{request} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {secret}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn no_secret_and_no_payload_is_logged() {
    let place = Kind::File.place();
    let secret = token(&place.url, "admin", "");
    let mut command = serving(isobar(), &place.url);
    let mut server = Server::start(command.arg("--private").env("RUST_LOG", "trace").stderr(Stdio::piped()));
    let log = server.process.stderr.take().expect("its log is ours");
    let log =
        std::thread::spawn(move || BufReader::new(log).lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"));
    let address = server.address().to_owned();
    let made = ask(&address, &secret, "POST /api/v1/tokens", r#"{"name":"ci","role":"reader"}"#);
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let other = made.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it has a secret");
    for (request, body, status) in [
        ("GET /api/v1/messages?context=in-the-query", "", "200"),
        ("POST /api/v1/messages/a.B/upcast", r#"{"from":"v1.0","payload":{"card":"in-the-payload"}}"#, "404"),
        ("POST /api/v1/tokens", r#"{"name":"in-the-payload"}"#, "422"),
    ] {
        let answer = ask(&address, &secret, request, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
    }
    assert!(ask(&address, "isobar_not-a-token", "GET /api/v1/messages", "").starts_with("HTTP/1.1 401 "));
    server.kill();
    let log = log.join().expect("it is read");
    assert!(log.contains("/api/v1/messages"), "requests are logged: {log}");
    let secrets = [secret.as_str(), other, "isobar_not-a-token", "in-the-query", "in-the-payload"];
    for hidden in secrets {
        let shown = log.lines().find(|line| line.contains(hidden));
        assert_eq!(shown, None, "{hidden}");
    }
}

//! A server on a socket: TLS, an end that finishes what was taken, and callers who say nothing or too much.

use crate::{App, Options, Tls, decide::Decider, serve};
use isobar_registry::store::Store;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use std::{io, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// A server, how to end it, and what came of it.
async fn started(options: Options) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<io::Result<()>>) {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let app = App::new(store, options).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = oneshot::channel();
    let server = tokio::spawn(serve(app, listener, async move {
        // Whoever drops the sender ends the server as well.
        let _ = ended.await;
    }));
    (address, end, server)
}

/// Sends a request and reads all that comes until the connection is closed.
async fn asked(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A peer that closes without a farewell has said all it had to say.
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("it is not closed");
    String::from_utf8(answer).unwrap()
}

const READY: &str = "GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn tls_is_spoken_with_a_certificate_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls = Tls { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let (address, _end, _server) = started(Options { tls: Some(tls), ..Options::default() }).await;
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(address).await.unwrap();
    let stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
    let answer = asked(stream, READY).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("ready\n"), "{answer}");
    let plain = asked(TcpStream::connect(address).await.unwrap(), READY).await;
    assert!(!plain.contains("ready"), "{plain}");
}

#[tokio::test]
async fn a_key_that_is_none_ends_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nothing.pem");
    let tls = Tls { certificate: path.clone(), key: path };
    let (.., server) = started(Options { tls: Some(tls), ..Options::default() }).await;
    let error = server.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("nothing.pem` cannot be used"), "{error}");
}

#[tokio::test]
async fn what_was_taken_is_finished_at_the_end() {
    let (address, end, server) = started(Options::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = r#"{"old":{"type":"string"},"new":{"type":"string"}}"#;
    let head =
        format!("POST /api/v1/compatibility HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // The request is under way when the server is told to end; the rest of it comes later.
    tokio::time::sleep(Duration::from_millis(100)).await;
    end.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(address).await.is_err(), "nothing new is taken");
    let answer = asked(stream, body).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(r#""verdict":"compatible""#), "{answer}");
    timeout(Duration::from_secs(10), server).await.expect("it ends").unwrap().unwrap();
}

#[tokio::test]
async fn a_stream_of_changes_does_not_hold_up_the_end() {
    let (address, end, server) = started(Options::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/v1/changes/stream HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut head = [0; 15];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    end.send(()).unwrap();
    timeout(Duration::from_secs(10), server).await.expect("it ends").unwrap().unwrap();
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let (address, ..) = &started(Options { headers: Duration::from_millis(200), ..Options::default() }).await;
    for said in ["", "P", "PRI * HTTP/2.0\r\n\r\n", "GET /readyz HTTP/1.1\r\nhost:"] {
        let answer = asked(TcpStream::connect(address).await.unwrap(), said).await;
        assert!(!answer.contains("200"), "{answer}");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait() {
    let (address, ..) = &started(Options { rate: NonZeroU32::new(3), ..Options::default() }).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(asked(TcpStream::connect(address).await.unwrap(), READY).await);
    }
    let refused: Vec<&String> = answers.iter().filter(|it| it.starts_with("HTTP/1.1 429 ")).collect();
    assert!(!refused.is_empty() && answers[0].starts_with("HTTP/1.1 200 "), "{answers:?}");
    assert!(refused.iter().all(|it| it.contains("retry-after: 1")), "{refused:?}");
}

#[tokio::test]
async fn nothing_is_decided_for_who_is_gone() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let app = App::new(store, Options { patience: Duration::from_secs(2), ..Options::default() }).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(app.clone(), listener, std::future::pending()));
    let hold = Decider::hold(&app).await;
    let body = r#"{"old":true,"new":true}"#;
    let request = format!(
        "POST /api/v1/compatibility HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let until = async |expected: (usize, usize)| {
        let seen = async {
            while app.decider.waiting() != expected {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(10), seen).await.unwrap_or_else(|_| panic!("{:?}", app.decider.waiting()));
    };
    // One leaves, the other is told that it takes too long.
    let mut gone = TcpStream::connect(address).await.unwrap();
    gone.write_all(request.as_bytes()).await.unwrap();
    until((1, 0)).await;
    drop(gone);
    until((1, 1)).await;
    let late = asked(TcpStream::connect(address).await.unwrap(), &request).await;
    assert!(late.starts_with("HTTP/1.1 503 ") && late.contains("\r\nretry-after: 1\r\n"), "{late}");
    until((2, 2)).await;
    drop(hold);
    until((0, 0)).await;
}

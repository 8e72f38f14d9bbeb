//! A client that costs as little as can be, so that what is measured is the server: one kept-alive connection, requests as bytes.

use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A GET as bytes.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes()
}

/// A POST of JSON as bytes.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    sent("POST", path, body)
}

/// A request with JSON as bytes.
pub(crate) fn sent(method: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "content-type: application/vnd.schemaregistry.v1+json";
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

impl Connection {
    pub(crate) async fn open(address: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Sends a request and waits for its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (mut head, mut length) = (None, 0);
        loop {
            if head.is_none()
                && let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")
            {
                length = content_length(&self.buffer[..end]).ok_or(io::ErrorKind::InvalidData)?;
                head = Some(end + 4);
            }
            if let Some(start) = head
                && self.buffer.len() >= start + length
            {
                let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|digits| digits.parse().ok());
                let status = status.ok_or(io::ErrorKind::InvalidData)?;
                return Ok(Answer { status, body: self.buffer[start..start + length].to_vec() });
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

fn content_length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.trim().parse().ok())
}

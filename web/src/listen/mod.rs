//! Sockets: how many connections, how long a caller may take to say something, TLS, and an end that finishes what was begun.

#[cfg(test)]
mod tests;
mod tls;

use crate::{App, edge};
use axum::body::Body;
use futures_util::FutureExt;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// How long open connections have at the end.
const FAREWELL: Duration = Duration::from_secs(20);

/// Serves until `end` comes, then takes nothing new, finishes what it has taken, and returns.
///
/// # Errors
/// When the certificate or its key cannot be used.
pub async fn serve(app: App, listener: TcpListener, end: impl Future<Output = ()>) -> io::Result<()> {
    let acceptor = app.options.tls.as_ref().map(tls::acceptor).transpose()?;
    let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(app.options.connections)));
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(app.options.headers).pipeline_flush(true);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(app.options.headers).max_concurrent_streams(128);
    let edge = edge(app.clone());
    tokio::pin!(end);
    loop {
        // Beyond the limit callers wait in the system's queue.
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = &mut end => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the caller left: both pass.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        // Answers are small and written at once; if it cannot be set, they only come later.
        let _ = stream.set_nodelay(true);
        let asked = Arc::new(AtomicBool::new(false));
        let asks = Arc::clone(&asked);
        let edge = edge.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            asks.store(true, Ordering::Relaxed);
            edge.clone().answer(Some(address.ip()), request.map(Body::new)).map(Ok::<_, Infallible>)
        });
        let (server, acceptor, watcher, app) = (server.clone(), acceptor.clone(), graceful.watcher(), app.clone());
        tokio::spawn(async move {
            app.metrics.connections.inc();
            match opened(stream, acceptor, app.options.headers).await {
                Ok(stream) => {
                    let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
                    let mut connection = pin!(watcher.watch(connection));
                    // Until it is known which protocol is spoken, hyper waits for ever.
                    let ended = match tokio::time::timeout(app.options.headers, &mut connection).await {
                        Ok(ended) => Some(ended),
                        Err(_) if asked.load(Ordering::Relaxed) => Some(connection.await),
                        Err(_) => None,
                    };
                    match ended {
                        Some(Ok(())) => {}
                        Some(Err(error)) => tracing::debug!(%error, %address, "a connection ended early"),
                        None => tracing::debug!(%address, "a connection that asked for nothing was cut"),
                    }
                }
                Err(error) => tracing::debug!(%error, %address, "no TLS came about"),
            }
            app.metrics.connections.dec();
            drop(permit);
        });
    }
    drop(listener);
    app.feed.end();
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections that did not end were cut");
    }
    Ok(())
}

/// A stream of bytes, plain or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn opened(
    stream: TcpStream,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    patience: Duration,
) -> io::Result<Box<dyn Stream>> {
    let Some(acceptor) = acceptor else { return Ok(Box::new(stream)) };
    match tokio::time::timeout(patience, acceptor.accept(stream)).await {
        Ok(accepted) => Ok(Box::new(accepted?)),
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
    }
}

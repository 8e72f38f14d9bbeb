//! `isobar serve`: opens the store and the socket, pushes a workspace if there is one, says where it listens, and serves until it is
//! told to end.

mod watch;

use super::{Problem, folder};
use crate::{
    args::{Format, Serving},
    output::{self, Exit},
};
use isobar_registry::{Workspace, push, store::Store};
use isobar_web::{Access, App, Options, Prepared, Tls, serve};
use listenfd::ListenFd;
use std::{io, path::PathBuf, sync::Arc, thread, time::Duration};
use tokio::{net::TcpListener, runtime, signal, task::spawn_blocking};
use tracing_subscriber::EnvFilter;

pub(super) fn run(serving: Serving) -> Result<Exit, Problem> {
    // What is watched is looked at once it can be shown.
    let once = serving.dir.clone().filter(|_| !serving.watch);
    let workspace = match once.map(checked).transpose()? {
        Some(Err(exit)) => return Ok(exit),
        workspace => workspace.and_then(Result::ok),
    };
    let watched = serving.dir.clone().filter(|_| serving.watch);
    let watched = watched.map(|dir| folder(Some(dir))).transpose()?;
    log(serving.log)?;
    // One fewer than the machine has cores: what takes long, and the store, have threads of their own, for which requests wait.
    let serving_threads = thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let runtime = runtime::Builder::new_multi_thread().worker_threads(serving_threads).enable_all().build();
    runtime
        .map_err(|error| format!("no threads can be started: {error}"))?
        .block_on(run_until_told(serving, workspace, watched))
}

/// The workspace in a folder, or how the command ends for its errors, which are printed.
fn checked(dir: PathBuf) -> Result<Result<Workspace, Exit>, Problem> {
    let dir = folder(Some(dir))?;
    let workspace = super::open(&dir, "checking");
    let findings = workspace.findings();
    Ok(match output::findings(&findings, &workspace.sources, Format::Human) {
        Exit::Fine => Ok(workspace),
        exit => Err(exit),
    })
}

/// Pushes a workspace and gives back the hash of the push; what the store refuses is printed as `check` prints it.
async fn pushed(store: &Store, workspace: &Workspace) -> Result<Result<String, Exit>, Problem> {
    match push::push(store, "isobar serve", workspace).await {
        Ok(pushed) => {
            tracing::info!(workspace = workspace.model.name, new = pushed.new.len(), known = pushed.known, "pushed");
            Ok(Ok(pushed.hash))
        }
        Err(push::Refused::Findings(refused)) => {
            Ok(Err(output::findings(&refused.findings(), &refused.sources, Format::Human)))
        }
        Err(push::Refused::Store(error)) => Err(format!("the workspace is not pushed: {error}")),
    }
}

/// Watches a folder from now on; comes back when it was looked at once.
async fn watch(dir: PathBuf, app: App, store: Store) -> Result<(), Problem> {
    let runtime = runtime::Handle::current();
    let first = spawn_blocking(move || watch::Watched::new(dir, app, store, runtime)).await;
    let watched = first.map_err(|error| format!("the folder was not read: {error}"))?;
    let watched = watched.map_err(|error| format!("the folder cannot be watched: {error}"))?;
    watched.start().map_err(|error| format!("no threads can be started: {error}"))
}

/// The socket: one that was handed over, or a new one.
async fn listening(serving: &Serving) -> Result<TcpListener, Problem> {
    let wrong = |error: io::Error| format!("`{}` cannot be listened on: {error}", serving.listen);
    let handed = ListenFd::from_env().take_tcp_listener(0);
    match handed.map_err(|error| format!("what was handed over is no socket: {error}"))? {
        Some(socket) => socket.set_nonblocking(true).and_then(|()| TcpListener::from_std(socket)).map_err(wrong),
        None => TcpListener::bind(serving.listen).await.map_err(wrong),
    }
}

fn log(format: Format) -> Result<(), Problem> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let set = match format {
        Format::Human => builder.with_ansi(anstream::stderr().is_terminal()).try_init(),
        Format::Json => builder.json().flatten_event(true).try_init(),
    };
    set.map_err(|error| format!("the log cannot be written: {error}"))
}

async fn run_until_told(
    serving: Serving,
    workspace: Option<Workspace>,
    watched: Option<PathBuf>,
) -> Result<Exit, Problem> {
    let listener = listening(&serving).await?;
    let address = listener.local_addr().map_err(|error| format!("the socket has no address: {error}"))?;
    if serving.insecure && !address.ip().is_loopback() {
        let problem =
            "`--insecure` lets anyone write, and others reach this address: listen on 127.0.0.1, or use tokens";
        return Err(problem.into());
    }
    let store = Store::open(&serving.store).await.map_err(|error| format!("the store cannot be opened: {error}"))?;
    let workspace = workspace.map(Arc::new);
    // The store writes on one thread.
    let preparing = workspace.clone().map(|it| spawn_blocking(move || Prepared::of(&it)));
    let hash = match &workspace {
        Some(workspace) => match pushed(&store, workspace).await? {
            Ok(hash) => Some(hash),
            Err(exit) => return Ok(exit),
        },
        None => None,
    };
    let tls = serving.tls_cert.zip(serving.tls_key).map(|(certificate, key)| Tls { certificate, key });
    let scheme = if tls.is_some() { "https" } else { "http" };
    let options = Options {
        access: Access { insecure: serving.insecure, private: serving.private },
        content: serving.content.into(),
        body: serving.max_body,
        opened: serving.max_opened,
        patience: Duration::from_secs(serving.timeout),
        rate: serving.rate_limit,
        tls,
        ..Options::default()
    };
    let app = App::new(store.clone(), options).map_err(|error| format!("no threads can be started: {error}"))?;
    if let Some(dir) = watched {
        watch(dir, app.clone(), store).await?;
    }
    if let Some(((workspace, hash), preparing)) = workspace.zip(hash).zip(preparing) {
        let prepared = preparing.await.map_err(|error| format!("the pages cannot be made: {error}"))?;
        // Nobody else has it by now.
        app.keep(Arc::unwrap_or_clone(workspace), &hash, Some(prepared)).await.map_err(|error| error.to_string())?;
    }
    app.warm();
    anstream::println!("isobar serves {scheme}://{address}");
    serve(app, listener, told_to_end()).await.map_err(|error| error.to_string())?;
    Ok(Exit::Fine)
}

/// Ends when the process is told to: by Ctrl-C, or by whoever runs it.
async fn told_to_end() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            // Without the signal, it ends as any process does.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("ending: what was begun is finished, nothing new is taken");
}

//! `isobar store` and `isobar token`: what is done to a store beside the server, by whoever may open it.

use super::Problem;
use crate::{
    args::{Format, Moving, Rights, StoreCommand, TokenCommand},
    output::{self, Exit},
};
use isobar_registry::store::{Error, Role, Store, Token};
use serde_json::json;
use std::{
    fs::File,
    io::{self, BufReader, BufWriter},
    path::Path,
};
use tokio::runtime;

/// Who the log of changes names.
const BY: &str = "command line";

fn said(error: Error) -> Problem {
    error.to_string()
}

/// Opens the store and does something with it.
fn with<T>(url: &str, work: impl AsyncFnOnce(Store) -> Result<T, Problem>) -> Result<T, Problem> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no threads can be started: {error}"))?.block_on(async {
        let store = Store::open(url).await.map_err(|error| format!("the store cannot be opened: {error}"))?;
        work(store).await
    })
}

pub(super) fn store(command: StoreCommand) -> Result<Exit, Problem> {
    let (count, done) = match command {
        StoreCommand::Export(Moving { store, file: None }) => {
            (with(&store, async |store| store.export(BufWriter::new(io::stdout())).await.map_err(said))?, "exported")
        }
        StoreCommand::Export(Moving { store, file: Some(file) }) => (export(&store, &file)?, "exported"),
        StoreCommand::Import(Moving { store, file }) => {
            let input: Box<dyn io::BufRead + Send> = match file {
                None => Box::new(BufReader::new(io::stdin())),
                Some(path) => {
                    let file = File::open(&path);
                    let file = file.map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
                    Box::new(BufReader::new(file))
                }
            };
            (with(&store, async |store| store.import(input).await.map_err(said))?, "imported")
        }
    };
    anstream::eprintln!("{count} rows {done}");
    Ok(Exit::Fine)
}

/// Writes a file that is there as a whole or not at all, and that only its owner reads.
fn export(store: &str, path: &Path) -> Result<u64, Problem> {
    let unwritable = |error: io::Error| format!("`{}` cannot be written: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
    let out = BufWriter::new(temporary.as_file().try_clone().map_err(unwritable)?);
    let count = with(store, async |store| store.export(out).await.map_err(said))?;
    temporary.as_file().sync_all().map_err(unwritable)?;
    temporary.persist(path).map_err(|error| unwritable(error.error))?;
    Ok(count)
}

pub(super) fn token(command: TokenCommand) -> Result<Exit, Problem> {
    match command {
        TokenCommand::Create { name, role, prefix, store, format } => create(&store, &name, role, &prefix, format),
        TokenCommand::List { store, format } => list(&store, format),
        TokenCommand::Revoke { id, store } => {
            with(&store, async |store| store.revoke_token(BY, id).await.map_err(said))?;
            anstream::eprintln!("token {id} is revoked");
            Ok(Exit::Fine)
        }
    }
}

/// Makes a secret and prints it: this once, as nobody keeps it.
fn create(store: &str, name: &str, role: Rights, prefix: &str, format: Format) -> Result<Exit, Problem> {
    let secret = isobar_web::new_secret().map_err(|error| format!("the system gives no random bytes: {error}"))?;
    let (hash, role) = (isobar_web::hash_of(&secret), Role::from(role));
    let id = with(store, async |store| store.make_token(BY, name, &hash, role, prefix).await.map_err(said))?;
    match format {
        Format::Json => anstream::println!("{}", json!({ "id": id, "token": secret })),
        Format::Human => {
            anstream::println!("{secret}");
            anstream::eprintln!("token {id}, {}, for {}; it is not shown again", role.name(), reach(prefix));
        }
    }
    Ok(Exit::Fine)
}

fn reach(prefix: &str) -> String {
    if prefix.is_empty() { "everything".into() } else { format!("what begins with `{prefix}`") }
}

fn list(store: &str, format: Format) -> Result<Exit, Problem> {
    let tokens = with(store, async |store| store.tokens().await.map_err(said))?;
    let day = |at: i64| jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |it| it.to_string());
    match format {
        Format::Json => {
            let row = |it: &Token| {
                json!({ "id": it.id, "name": it.name, "role": it.role.name(), "prefix": it.prefix,
                    "created": day(it.created), "revoked": it.revoked.map(day) })
            };
            anstream::println!("{:#}", json!({ "tokens": tokens.iter().map(row).collect::<Vec<_>>() }));
        }
        Format::Human => {
            for it in &tokens {
                let revoked = it.revoked.map_or_else(String::new, |at| format!(", revoked {}", day(at)));
                let (role, created) = (it.role.name(), day(it.created));
                anstream::println!(
                    "{}  {}  {role}, for {}, made {created}{revoked}",
                    it.id,
                    it.name,
                    reach(&it.prefix)
                );
            }
            anstream::eprintln!("{}", output::plural(tokens.len(), "token"));
        }
    }
    Ok(Exit::Fine)
}

//! Connections to PostgreSQL, and the layout of a database that several servers may open at once.

use super::{
    attempt::{Attempts, Trouble},
    tx::Tx,
};
use crate::store::{
    Error,
    layout::{self, Dialect, FIRST},
};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::{str::FromStr, time::Duration};
use tokio_postgres::{Config, error::SqlState};

/// How many connections a server holds: one writes, the others read.
const CONNECTIONS: usize = 8;
/// How long to wait for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// The pool of a URL; connects only when it is asked for a connection.
pub(super) fn pool(url: &str) -> Result<Pool, Error> {
    // The error says what is wrong with the URL, and nothing of its password.
    let mut config = Config::from_str(url).map_err(|error| Error::Refused(format!("the URL of the store: {error}")))?;
    config.application_name("isobar").connect_timeout(WAIT);
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    #[cfg(feature = "postgres-tls")]
    let manager = Manager::from_config(config, tls()?, recycling);
    #[cfg(not(feature = "postgres-tls"))]
    let manager = Manager::from_config(config, tokio_postgres::NoTls, recycling);
    let pool = Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1);
    let pool = pool.wait_timeout(Some(WAIT)).create_timeout(Some(WAIT)).build();
    pool.map_err(|error| Error::Unavailable(error.to_string()))
}

/// TLS with the certificates that the machine trusts; whether it is used is said by `sslmode` in the URL.
#[cfg(feature = "postgres-tls")]
fn tls() -> Result<tokio_postgres_rustls::MakeRustlsConnect, Error> {
    use rustls::{ClientConfig, RootCertStore, crypto::ring};
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = std::sync::Arc::new(ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| Error::Unavailable(format!("TLS: {error}")))?;
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(versions.with_root_certificates(roots).with_no_client_auth()))
}

/// Brings the database to the newest layout. Of several servers that start at once, one does it and the others wait.
pub(super) async fn migrate(pool: &Pool) -> Result<(), Error> {
    let mut attempts = Attempts::default();
    loop {
        match try_migrate(pool).await {
            Ok(()) => return Ok(()),
            Err(trouble) => attempts.again(trouble).await?,
        }
    }
}

async fn try_migrate(pool: &Pool) -> Result<(), Trouble> {
    let mut client = pool.get().await?;
    for statement in FIRST {
        // Two that make the same table at once: the later one fails in the catalogue, although it asked `IF NOT EXISTS`.
        let raced = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT];
        client.batch_execute(statement).await.map_err(|error| {
            let passes = error.code().is_some_and(|code| raced.contains(code));
            let trouble = Trouble::from(error);
            Trouble { passes: passes || trouble.passes, ..trouble }
        })?;
    }
    let version: String = client.query_one("SELECT version()", &[]).await?.try_get(0)?;
    // CockroachDB always sorts by bytes, and has no such collation.
    let texts: &[_] = if version.contains("CockroachDB") { &[] } else { &[("TEXT", "TEXT COLLATE \"C\"")] };
    let dialect = Dialect { own: "postgres: ", other: "sqlite: ", texts };
    let transaction = client.transaction().await?;
    transaction.query_one("SELECT version FROM layout WHERE one = 1 FOR UPDATE", &[]).await?;
    let mut tx = Tx::over(&transaction);
    let done = layout::migrate(&mut tx, dialect).await;
    tx.trouble()?;
    done?;
    transaction.commit().await?;
    Ok(())
}

//! How strict subjects are, and what may be written to them: for one subject, for a context, or for everything. What applies
//! to a subject is the nearest that says something.

use super::{
    Error, Store, Subject,
    changes::{Action, Entry, log, named},
    sql::{Sql, all, by_number, first, names, values},
};

named! {
    /// What a new version must get along with.
    Level {
        /// Nothing.
        None = "NONE",
        /// It reads what the last version wrote.
        Backward = "BACKWARD",
        /// It reads what every version wrote.
        BackwardTransitive = "BACKWARD_TRANSITIVE",
        /// The last version reads what it writes.
        Forward = "FORWARD",
        /// Every version reads what it writes.
        ForwardTransitive = "FORWARD_TRANSITIVE",
        /// Both ways with the last version.
        Full = "FULL",
        /// Both ways with every version.
        FullTransitive = "FULL_TRANSITIVE",
    }
}

named! {
    /// What may be done to a subject.
    Mode {
        /// Everything but registering under an id of one's own.
        ReadWrite = "READWRITE",
        /// Only reading.
        ReadOnly = "READONLY",
        /// Only reading, for every subject, whatever they say themselves.
        ReadOnlyOverride = "READONLY_OVERRIDE",
        /// Registering under ids that another registry gave.
        Import = "IMPORT",
    }
}

/// What a setting is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Global,
    /// The subjects of a context.
    Context(String),
    /// One subject.
    Subject(Subject),
}

impl Scope {
    fn key(&self) -> (&str, &str) {
        match self {
            Scope::Global => ("", ""),
            Scope::Context(context) => (context, ""),
            Scope::Subject(subject) => (&subject.context, &subject.name),
        }
    }
}

/// What a scope itself says, and nothing of what it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// What a new version must get along with.
    pub level: Option<Level>,
    /// Whether schemas are brought into a normal form first.
    pub normalize: Option<bool>,
    /// Settings that the store has no opinion on, as text.
    pub more: Option<String>,
}

/// What applies to a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What a new version must get along with.
    pub level: Level,
    /// Whether schemas are brought into a normal form first.
    pub normalize: bool,
    /// What may be done to the subject.
    pub mode: Mode,
    /// The settings that the store has no opinion on, of every scope that has some, the nearest first.
    pub more: Vec<String>,
    /// The newest change to any of it.
    pub(crate) revision: i64,
}

impl Applied {
    pub(crate) fn is_read_only(&self) -> bool {
        matches!(self.mode, Mode::ReadOnly | Mode::ReadOnlyOverride)
    }
}

/// Selects columns of the scopes that apply to a subject, the nearest as 0, the widest as 2. Each is looked up by its key: where one
/// condition names all three, SQLite makes a table of its own for each answer.
macro_rules! scopes {
    ($columns:literal) => {
        concat!(
            "SELECT 0, ",
            $columns,
            " FROM settings WHERE context = ?1 AND subject = ?2 \
             UNION ALL SELECT 1, ",
            $columns,
            " FROM settings WHERE context = ?1 AND subject = '' AND ?2 <> '' \
             UNION ALL SELECT 2, ",
            $columns,
            " FROM settings WHERE context = '' AND subject = '' AND ?1 <> ''"
        )
    };
}
pub(crate) use scopes;

/// What applies to a subject: the subject's, else the context's, else the global, else `BACKWARD` and `READWRITE`.
pub(crate) async fn applied(sql: &mut dyn Sql, subject: &Subject) -> Result<Applied, Error> {
    let select = scopes!("level, normalize, mode, revision, more");
    let mut applying = Applying::default();
    for (_, mut row) in by_number(sql, select, values![&subject.context, &subject.name]).await? {
        applying.nearest(row.maybe_text()?, row.maybe_int()?, row.maybe_text()?, row.int()?);
        applying.more.extend(row.maybe_text()?);
    }
    applying.applied()
}

/// What applies, put together from the scopes, of which the nearest comes first.
#[derive(Default)]
pub(crate) struct Applying {
    level: Option<String>,
    normalize: Option<i64>,
    mode: Option<String>,
    revision: i64,
    pub(crate) more: Vec<String>,
}

impl Applying {
    pub(crate) fn nearest(&mut self, level: Option<String>, normalize: Option<i64>, mode: Option<String>, at: i64) {
        self.level = self.level.take().or(level);
        self.normalize = self.normalize.or(normalize);
        let overriding = mode.as_deref() == Some(Mode::ReadOnlyOverride.name());
        self.mode = if overriding { mode } else { self.mode.take().or(mode) };
        self.revision = self.revision.max(at);
    }

    pub(crate) fn applied(self) -> Result<Applied, Error> {
        Ok(Applied {
            level: self.level.map_or(Ok(Level::Backward), |level| level.parse().map_err(corrupt))?,
            normalize: self.normalize.is_some_and(|it| it != 0),
            mode: self.mode.map_or(Ok(Mode::ReadWrite), |mode| mode.parse().map_err(corrupt))?,
            more: self.more,
            revision: self.revision,
        })
    }
}

fn corrupt(error: Error) -> Error {
    Error::Corrupt(error.to_string())
}

/// Forgets what a deleted subject said.
pub(crate) async fn forget(sql: &mut dyn Sql, subject: &Subject, revision: i64) -> Result<(), Error> {
    let update = "UPDATE settings SET level = NULL, normalize = NULL, more = NULL, mode = NULL, revision = ?1 \
                  WHERE context = ?2 AND subject = ?3";
    sql.rows(update, values![revision, &subject.context, &subject.name]).await.map(drop)
}

async fn set_config(sql: &mut dyn Sql, (by, scope, config): &(String, Scope, Config)) -> Result<(), Error> {
    let (context, name) = scope.key();
    names([context, name])?;
    let detail = config.level.map_or("no level", Level::name);
    let detail = Some(format!("config {detail}"));
    let seq = log(sql, Entry { by, action: Action::Configured, context, name, version: None, detail }).await?;
    let upsert = "INSERT INTO settings (context, subject, level, normalize, more, revision) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (context, subject) DO UPDATE SET level = excluded.level, \
                  normalize = excluded.normalize, more = excluded.more, revision = excluded.revision";
    let normalize = config.normalize.map(i64::from);
    sql.rows(upsert, values![context, name, config.level.map(Level::name), normalize, &config.more, seq]).await?;
    Ok(())
}

async fn set_mode(sql: &mut dyn Sql, (by, scope, mode): &(String, Scope, Option<Mode>)) -> Result<(), Error> {
    let (context, name) = scope.key();
    names([context, name])?;
    let detail = Some(format!("mode {}", mode.map_or("none", Mode::name)));
    let seq = log(sql, Entry { by, action: Action::Configured, context, name, version: None, detail }).await?;
    let upsert = "INSERT INTO settings (context, subject, mode, revision) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT (context, subject) DO UPDATE SET mode = excluded.mode, revision = excluded.revision";
    sql.rows(upsert, values![context, name, mode.map(Mode::name), seq]).await?;
    Ok(())
}

async fn own(sql: &mut dyn Sql, scope: &Scope) -> Result<(Config, Option<Mode>), Error> {
    let (context, name) = scope.key();
    let select = "SELECT level, normalize, more, mode FROM settings WHERE context = ?1 AND subject = ?2";
    let Some(mut row) = first(sql, select, values![context, name]).await? else {
        return Ok((Config::default(), None));
    };
    let level = row.maybe_text()?.map(|level| level.parse().map_err(corrupt)).transpose()?;
    let normalize = row.maybe_int()?.map(|it| it != 0);
    let more = row.maybe_text()?;
    let mode = row.maybe_text()?.map(|mode| mode.parse().map_err(corrupt)).transpose()?;
    Ok((Config { level, normalize, more }, mode))
}

impl Store {
    /// Sets what a scope says about compatibility; an empty [`Config`] makes it inherit again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_config(&self, by: &str, scope: Scope, config: Config) -> Result<(), Error> {
        self.write((by.to_owned(), scope, config), |sql, input| Box::pin(set_config(sql, input))).await
    }

    /// Sets what a scope says about writing; none makes it inherit again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_mode(&self, by: &str, scope: Scope, mode: Option<Mode>) -> Result<(), Error> {
        self.write((by.to_owned(), scope, mode), |sql, input| Box::pin(set_mode(sql, input))).await
    }

    /// What a scope itself says.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, scope: Scope) -> Result<(Config, Option<Mode>), Error> {
        self.glance(scope, |sql, scope| Box::pin(own(sql, scope))).await
    }

    /// What applies to a subject, whether it exists or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn applied(&self, subject: &Subject) -> Result<Applied, Error> {
        self.glance(subject.clone(), |sql, subject| Box::pin(applied(sql, subject))).await
    }

    /// The contexts that have subjects or say something themselves, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn subject_contexts(&self) -> Result<Vec<String>, Error> {
        self.glance((), |sql, ()| {
            let select = "SELECT context FROM versions WHERE gone < 2 UNION SELECT context FROM settings WHERE context <> '' \
                          AND (level IS NOT NULL OR mode IS NOT NULL OR normalize IS NOT NULL OR more IS NOT NULL) \
                          ORDER BY context";
            Box::pin(all(sql, select, values![], |mut row| row.text()))
        })
        .await
    }
}

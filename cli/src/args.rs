//! The command line: what can be said, and what its help says. No behaviour.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Events and the versions that can still read one another.
#[derive(Debug, Parser)]
#[command(name = "isobar", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first workspace that passes `check`
    Init {
        /// The folder to write into; made if it is not there
        #[arg(default_value = "schemas")]
        dir: PathBuf,
    },
    /// Check a workspace: notation, names, types, history, evolution
    #[command(after_help = "Exits with 1 where there are errors; warnings and what is waived exit with 0.\n\n\
        Examples:\n  isobar check\n  isobar check schemas/shop --format json\n  isobar check --against origin/main --format github")]
    Check {
        #[command(flatten)]
        workspace: Positional,
        #[command(flatten)]
        options: Checking,
        /// How to print the findings
        #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
        format: CheckFormat,
    },
    /// Freeze what has changed as new versions in `history/`
    #[command(after_help = "Versions are computed: minor where every earlier version of the major can still be read, \
        major otherwise.\nReleased files never change afterwards; commit them.\n\n\
        Examples:\n  isobar release --dry-run\n  isobar release schemas/shop ordering.OrderPlaced")]
    Release {
        #[command(flatten)]
        workspace: Positional,
        /// Release only these events (`context.Event`); all that changed otherwise
        #[arg(value_name = "MESSAGE")]
        messages: Vec<String>,
        /// Say what would be released and write nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        today: Today,
        /// Write a lock for a history that was written by hand and has none, and release nothing
        #[arg(long, conflicts_with_all = ["dry_run", "messages"])]
        adopt: bool,
        /// How to print the result
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Show what differs between two versions of an event
    #[command(after_help = "Each row says whether new readers read old data (backward) and old readers new data \
        (forward).\n\nExample:\n  isobar diff ordering.OrderPlaced@v1.1 ordering.OrderPlaced@v2.0 --workspace schemas/shop")]
    Diff {
        /// The older version: `context.Event@v1.0`
        old: String,
        /// The newer version: `context.Event@v2.0`; without a version, the newest one
        new: String,
        #[command(flatten)]
        workspace: Named,
        /// How to print the rows
        #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
        format: DiffFormat,
    },
    /// Check payloads (a JSON value a line on standard input) against an event
    #[command(
        after_help = "Good lines are printed as they are read; bad ones are reported on standard error with their \
        number.\n\nExample:\n  isobar validate ordering.OrderPlaced@v1.1 < events.ndjson"
    )]
    Validate {
        /// `context.Event`, or `context.Event@v1.0`; the newest version otherwise
        message: String,
        #[command(flatten)]
        workspace: Named,
    },
    /// Read payloads of one version (a JSON value a line on standard input) and write them as another
    #[command(after_help = "A bad line is reported on standard error with its number and does not stop the rest.\n\n\
        Example:\n  isobar upcast ordering.OrderPlaced --from v1.0 --workspace schemas/shop < events.ndjson")]
    Upcast {
        /// `context.Event`
        message: String,
        /// The version the payloads were written in
        #[arg(long, value_name = "VERSION")]
        from: String,
        /// The version to write; the newest one otherwise. An older one is a downcast
        #[arg(long, value_name = "VERSION")]
        to: Option<String>,
        #[command(flatten)]
        workspace: Named,
    },
    /// Write code and schemas
    #[command(
        after_help = "`--check` is for CI: it writes nothing, shows what differs from what is there, and exits with 1.\n\n\
        Examples:\n  isobar generate rust schemas --out src/schemas\n  isobar generate json-schema --out schemas/json --check"
    )]
    Generate {
        /// What to write
        #[arg(value_enum)]
        target: Target,
        #[command(flatten)]
        workspace: Positional,
        /// The folder to write into
        #[arg(long)]
        out: PathBuf,
        /// The draft of JSON Schema; 2020-12 otherwise
        #[arg(long, value_enum)]
        draft: Option<Draft>,
        /// Write nothing; fail where the folder differs from what would be written
        #[arg(long)]
        check: bool,
    },
    /// Say whether what is written by one JSON Schema can be read by another
    #[command(
        after_help = "Exits with 0 where it can, 1 where it cannot (a payload shows it), 2 where a schema cannot be \
        read, and 3 where a keyword\ncould not be decided. Nothing is fetched from anywhere.\n\n\
        Examples:\n  isobar compat old.json new.json --mode full\n  isobar compat --batch pairs.ndjson --content strict"
    )]
    Compat {
        /// The older schema
        #[arg(required_unless_present = "batch")]
        old: Option<PathBuf>,
        /// The newer schema
        #[arg(required_unless_present = "batch")]
        new: Option<PathBuf>,
        /// Who must read whom
        #[arg(long, value_enum, default_value_t = Mode::Backward)]
        mode: Mode,
        /// What is written and read beside what the schemas declare
        #[arg(long, value_enum, default_value_t = Content::Producer)]
        content: Content,
        /// A file (`-` for standard input) with `{"id","old","new","mode","content"}` a line; one line of JSON is
        /// printed for each
        #[arg(long, value_name = "FILE", conflicts_with_all = ["old", "new", "format"])]
        batch: Option<PathBuf>,
        /// How to print the findings
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Turn a history of JSON Schemas into a workspace whose versions are released
    #[command(
        after_help = "What the notation cannot say becomes `json` or is left out, and a note says where. Where old data \
        lacks what a version\nneeds, `upgrade` names a hook for you to write.\n\n\
        Examples:\n  isobar import json-schema contracts --out schemas\n  isobar import iglu iglu-central/schemas --out schemas"
    )]
    Import {
        /// How the history is kept
        #[arg(value_enum)]
        from: Foreign,
        /// Its folder
        source: PathBuf,
        /// The folder to write into, empty or not there
        #[arg(long)]
        out: PathBuf,
        /// What the workspace is called; as the folder otherwise
        #[arg(long)]
        name: Option<String>,
        /// How to print the result
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Run the registry: the API, and what Kafka's clients of a schema registry speak
    #[command(
        args_override_self = true,
        after_help = "Writing needs a token (`isobar token create`) unless `--insecure` is given, which only an \
        address of this machine may have.\nWhat follows can be set by the variables that are named as well, and by a file, under the names of the options.\nA socket that systemd \
        hands over is listened on in place of `--listen`.\n\n\
        Examples:\n  isobar serve schemas/shop --insecure --watch\n  isobar serve --store postgres://isobar@db/isobar --listen 0.0.0.0:8321"
    )]
    Serve(Box<Serving>),
    /// Write the pages of a workspace as files that need no server
    #[command(after_help = "Links between the files are relative: open `index.html`, or put the folder anywhere.\n\n\
        Example:\n  isobar export html schemas/shop --out public")]
    Export {
        /// What to write
        #[arg(value_enum)]
        form: Exported,
        #[command(flatten)]
        workspace: Positional,
        /// The folder to write into
        #[arg(long)]
        out: PathBuf,
    },
    /// Send a workspace with its history to a registry
    #[command(
        after_help = "The registry checks everything again, and takes all of it or nothing. What was pushed before must be in the \
        history as it was.\n\nExample:\n  ISOBAR_TOKEN=... isobar push schemas/shop --registry https://registry.example.com"
    )]
    Push {
        #[command(flatten)]
        workspace: Positional,
        #[command(flatten)]
        registry: Registry,
        #[command(flatten)]
        today: Today,
        /// How to print the result
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Bring what other workspaces released here, to be read: into `history/.pulled`
    #[command(
        after_help = "Policies, sagas, read models, topics and consumers can then name events of those contexts.\n\n\
        Example:\n  isobar pull payment shipping --registry https://registry.example.com --out schemas/shop"
    )]
    Pull {
        /// The contexts; those that were pulled before otherwise
        #[arg(value_name = "CONTEXT")]
        contexts: Vec<String>,
        #[command(flatten)]
        registry: Registry,
        /// The workspace's folder; `.` if it holds an `isobar.yaml`, `schemas` otherwise
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// How to print the result
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Move everything that a registry keeps from one store to another
    #[command(subcommand)]
    Store(StoreCommand),
    /// Say who may do what in a registry
    #[command(subcommand)]
    Token(TokenCommand),
    /// Say what a code such as `unknown-key` means and what to do about it
    Explain {
        /// The code; without one, all codes are listed
        code: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// What `check` looks at beside the workspace itself.
#[derive(Debug, clap::Args)]
pub(crate) struct Checking {
    /// Compare with the history of another revision, or of the workspace in another folder
    #[arg(long, value_name = "GIT_REV|DIR")]
    pub(crate) against: Option<String>,
    /// Say what the release of each draft means to every consumer
    #[arg(long)]
    pub(crate) impact: bool,
    #[command(flatten)]
    pub(crate) today: Today,
}

/// How the registry is run.
#[derive(Debug, clap::Args)]
pub(crate) struct Serving {
    /// A workspace that is checked and pushed before anything is served
    pub(crate) dir: Option<PathBuf>,
    /// Show the folder as it is: pages follow what is saved, and what is wrong lies over them until it is mended
    #[arg(long, env = "ISOBAR_WATCH", requires = "dir")]
    pub(crate) watch: bool,
    /// A TOML file with options under their names: `rate-limit = 100`; variables and options count more
    #[arg(long, env = "ISOBAR_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where to listen
    #[arg(long, env = "ISOBAR_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8321")]
    pub(crate) listen: std::net::SocketAddr,
    /// What to keep everything in: `sqlite:PATH`, or `postgres://...`
    // A URL may hold a password, so help does not show the variable's value.
    #[arg(long, env = "ISOBAR_STORE", value_name = "URL", default_value = "sqlite:isobar.db", hide_env_values = true)]
    pub(crate) store: String,
    /// Let anyone who reaches it write; only on an address of this machine
    #[arg(long, env = "ISOBAR_INSECURE")]
    pub(crate) insecure: bool,
    /// Ask for a token for reading too
    #[arg(long, env = "ISOBAR_PRIVATE", conflicts_with = "insecure")]
    pub(crate) private: bool,
    /// What is written and read beside what JSON Schemas declare, unless a subject says otherwise
    #[arg(long, env = "ISOBAR_CONTENT", value_enum, default_value_t = Content::Producer)]
    pub(crate) content: Content,
    /// The longest body that is taken, in bytes
    #[arg(long, env = "ISOBAR_MAX_BODY", value_name = "BYTES", default_value_t = 16 << 20)]
    pub(crate) max_body: usize,
    /// How much YAML of workspaces is kept opened, in bytes: it takes about twenty-five times as much memory
    #[arg(long, env = "ISOBAR_MAX_OPENED", value_name = "BYTES", default_value_t = 32 << 20)]
    pub(crate) max_opened: usize,
    /// How long a request may take
    #[arg(long, env = "ISOBAR_TIMEOUT", value_name = "SECONDS", default_value_t = 30)]
    pub(crate) timeout: u64,
    /// How many requests an address may make each second; any number otherwise
    #[arg(long, env = "ISOBAR_RATE_LIMIT", value_name = "REQUESTS")]
    pub(crate) rate_limit: Option<std::num::NonZeroU32>,
    /// A certificate (PEM, with those that vouch for it), to speak TLS
    #[arg(long, env = "ISOBAR_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, env = "ISOBAR_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// How to write the log; `RUST_LOG` says how much of it
    #[arg(long, env = "ISOBAR_LOG", value_enum, default_value_t = Format::Human)]
    pub(crate) log: Format,
}

/// A registry that is spoken to.
#[derive(Debug, clap::Args)]
pub(crate) struct Registry {
    /// Its address
    #[arg(long, env = "ISOBAR_REGISTRY", value_name = "URL")]
    pub(crate) registry: String,
    /// A token of it; better given as the variable, which is not seen in a list of processes
    #[arg(long, env = "ISOBAR_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Write everything, as it is at one moment, as lines of JSON
    #[command(after_help = "Example:\n  isobar store export --store sqlite:isobar.db backup.ndjson")]
    Export(Moving),
    /// Take in what was exported, all of it or nothing, into an empty store
    #[command(after_help = "Example:\n  isobar store import --store postgres://isobar@db/isobar backup.ndjson")]
    Import(Moving),
}

/// A store and a file.
#[derive(Debug, clap::Args)]
pub(crate) struct Moving {
    /// The store: `sqlite:PATH`, or `postgres://...`
    #[arg(long, env = "ISOBAR_STORE", value_name = "URL", hide_env_values = true)]
    pub(crate) store: String,
    /// The file; standard output or input otherwise
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and print it, this once
    #[command(
        after_help = "Example:\n  isobar token create --name ci --role writer --prefix ordering --store sqlite:isobar.db"
    )]
    Create {
        /// What it is called
        #[arg(long)]
        name: String,
        /// What it may do
        #[arg(long, value_enum)]
        role: Rights,
        /// Where: in contexts and subjects whose names begin so; everywhere otherwise
        #[arg(long, default_value = "", hide_default_value = true)]
        prefix: String,
        /// The store: `sqlite:PATH`, or `postgres://...`
        #[arg(long, env = "ISOBAR_STORE", value_name = "URL", hide_env_values = true)]
        store: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// List all tokens, without their secrets
    List {
        /// The store: `sqlite:PATH`, or `postgres://...`
        #[arg(long, env = "ISOBAR_STORE", value_name = "URL", hide_env_values = true)]
        store: String,
        /// How to print them
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Revoke a token, for good
    Revoke {
        /// Its number, as `list` shows it
        id: i64,
        /// The store: `sqlite:PATH`, or `postgres://...`
        #[arg(long, env = "ISOBAR_STORE", value_name = "URL", hide_env_values = true)]
        store: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Rights {
    /// Read
    Reader,
    /// Read and register
    Writer,
    /// Everything, also deleting and settings
    Admin,
}

impl From<Rights> for isobar_registry::store::Role {
    fn from(rights: Rights) -> Self {
        match rights {
            Rights::Reader => Self::Reader,
            Rights::Writer => Self::Writer,
            Rights::Admin => Self::Admin,
        }
    }
}

/// The day on which waivers are judged.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Today {
    /// The day on which waivers are judged; today otherwise
    #[arg(long = "today", value_name = "YYYY-MM-DD", hide = true)]
    day: Option<jiff::civil::Date>,
}

impl Today {
    /// `2026-11-21`, in UTC, so that it is the same day for everybody.
    pub(crate) fn today(&self) -> String {
        let now = || jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        self.day.unwrap_or_else(now).to_string()
    }
}

/// A workspace as an argument.
#[derive(Debug, clap::Args)]
pub(crate) struct Positional {
    /// The workspace's folder; `.` if it holds an `isobar.yaml`, `schemas` otherwise
    pub(crate) dir: Option<PathBuf>,
}

/// A workspace as an option.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The workspace's folder; `.` if it holds an `isobar.yaml`, `schemas` otherwise
    #[arg(long = "workspace", value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people, in columns
    Human,
    /// For programs
    Json,
    /// For a pull request or a page
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Foreign {
    /// Files with a version in their name: `order-placed.v1.json` or `order-placed/v1.json`
    JsonSchema,
    /// A registry of self-describing schemas: `com.acme/order_placed/jsonschema/1-0-0`
    Iglu,
    /// The tags of CDEvents side by side: `v0.4.1/schemas/changemerged.json`
    Cdevents,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// For whatever shows tests: a test case for each event and file
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Exported {
    /// The pages that a server shows
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Target {
    /// A module tree of Rust types
    Rust,
    /// A JSON Schema for every version of every message, and a bundle of each context's present ones
    JsonSchema,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// Consumers of the new schema read what producers of the old one have written
    Backward,
    /// Consumers of the old schema read what producers of the new one write
    Forward,
    /// Both
    Full,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Content {
    /// Producers write declared properties only, consumers ignore others
    Producer,
    /// Everything that the one schema accepts, the other must accept
    Strict,
}

impl From<Mode> for isobar_registry::compat::documents::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Backward => Self::Backward,
            Mode::Forward => Self::Forward,
            Mode::Full => Self::Full,
        }
    }
}

impl From<Content> for isobar_registry::compat::documents::Content {
    fn from(content: Content) -> Self {
        match content {
            Content::Producer => Self::Producer,
            Content::Strict => Self::Strict,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, ValueEnum)]
pub(crate) enum Draft {
    /// 2020-12
    #[default]
    #[value(name = "2020-12")]
    V2020_12,
    /// Draft-07
    #[value(name = "07")]
    V07,
}

impl From<Draft> for isobar_generator::Draft {
    fn from(draft: Draft) -> Self {
        match draft {
            Draft::V2020_12 => isobar_generator::Draft::Draft202012,
            Draft::V07 => isobar_generator::Draft::Draft07,
        }
    }
}

impl Target {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Target::Rust => "rust",
            Target::JsonSchema => "json-schema",
        }
    }
}

//! One file a command. Each reads its arguments, calls the library and prints what came of it.

mod check;
mod compat;
mod diff;
mod explain;
mod export;
mod generate;
mod import;
mod init;
mod payloads;
mod push;
mod release;
mod serve;
mod store;

use crate::{
    args::{Args, Command, Exported, Format},
    output::{self, Exit},
};
use clap::CommandFactory;
use isobar_model::{
    Version,
    diag::{did_you_mean, list},
    model::Name,
};
use isobar_registry::{Evolution, Known, Workspace};
use std::path::{Path, PathBuf};

/// What goes wrong before there is anything to find: said in one line, exit code 2.
pub(crate) type Problem = String;

pub(crate) fn run(args: Args) -> Result<Exit, Problem> {
    match args.command {
        Command::Init { dir } => init::run(&dir),
        Command::Check { workspace, options, format } => check::run(&folder(workspace.dir)?, &options, format),
        Command::Release { workspace, adopt: true, format, .. } => release::adopt(&folder(workspace.dir)?, format),
        Command::Release { workspace, messages, dry_run, today, adopt: false, format } => {
            release::run(workspace.dir, messages, dry_run, &today.today(), format)
        }
        Command::Diff { old, new, workspace, format } => diff::run(&old, &new, &folder(workspace.dir)?, format),
        Command::Validate { message, workspace } => payloads::validate(&message, &folder(workspace.dir)?),
        Command::Upcast { message, from, to, workspace } => {
            payloads::upcast(&message, &from, to.as_deref(), &folder(workspace.dir)?)
        }
        Command::Generate { target, workspace, out, draft, check } => {
            generate::run(target, draft, &folder(workspace.dir)?, &out, check)
        }
        Command::Import { from, source, out, name, format } => import::run(from, &source, &out, name, format),
        Command::Compat { batch: Some(file), mode, content, .. } => compat::batch(&file, mode, content),
        Command::Compat { old: Some(old), new: Some(new), batch: None, mode, content, format } => {
            compat::pair(&old, &new, mode, content, format)
        }
        // The parser of arguments asks for both.
        Command::Compat { .. } => Err("two schemas are needed".into()),
        Command::Serve(serving) => serve::run(*serving),
        Command::Export { form: Exported::Html, workspace, out } => export::run(&folder(workspace.dir)?, &out),
        Command::Push { workspace, registry, today, format } => {
            push::push(&folder(workspace.dir)?, registry, &today.today(), format)
        }
        Command::Pull { contexts, registry, out, format } => push::pull(contexts, registry, out, format),
        Command::Store(command) => store::store(command),
        Command::Token(command) => store::token(command),
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "isobar", &mut std::io::stdout());
            Ok(Exit::Fine)
        }
    }
}

/// The workspace's folder: as given, or `.`, or `schemas`.
fn folder(dir: Option<PathBuf>) -> Result<PathBuf, Problem> {
    let dir = match dir {
        Some(dir) => dir,
        None if Path::new("isobar.yaml").exists() => ".".into(),
        None if Path::new("schemas").is_dir() => "schemas".into(),
        None => {
            return Err("there is no workspace here; name its folder, or write a first one with `isobar init`".into());
        }
    };
    if dir.is_dir() { Ok(dir) } else { Err(format!("`{}` is not a folder", dir.display())) }
}

/// Opens a workspace; findings will name its files from here.
fn open(dir: &Path, doing: &str) -> Workspace {
    let mut workspace = output::working(doing, || Workspace::open(dir));
    workspace.sources.shown_from(dir);
    workspace
}

/// Opens a workspace that must be without errors to go on; otherwise they are printed and the command ends.
fn open_clean(dir: &Path) -> Result<Workspace, Exit> {
    let mut workspace = open(dir, "reading");
    let diagnostics = std::mem::take(&mut workspace.diagnostics);
    if diagnostics.has_errors() {
        return Err(output::findings(&diagnostics.sorted(&workspace.sources), &workspace.sources, Format::Human));
    }
    Ok(workspace)
}

/// The event that a text names: `context.Event`, or `Event` where only one context has it.
fn event<'a>(workspace: &'a Workspace, text: &str) -> Result<&'a Evolution, Problem> {
    workspace.find(text).map_err(|candidates| match candidates.as_slice() {
        [] => {
            let known: Vec<String> = workspace.evolutions.keys().map(Name::to_string).collect();
            let help = did_you_mean(text, known.iter().map(String::as_str));
            format!("there is no event `{text}`{}", help.map(|help| format!("; {help}")).unwrap_or_default())
        }
        many => format!("`{text}` may be {}", list(many.iter().map(String::as_str))),
    })
}

/// A version of an event: as written, or the newest one.
fn known<'a>(evolution: &'a Evolution, version: Option<&str>) -> Result<&'a Known, Problem> {
    let found = match version {
        Some(text) => evolution.version(self::version(text)?),
        None => evolution.newest(),
    };
    found.ok_or_else(|| {
        let known: Vec<String> = evolution.versions.iter().map(|known| known.version.to_string()).collect();
        match (version, known.is_empty()) {
            (Some(version), false) => {
                format!("`{}` has no version {version}; known are {}", evolution.name, known.join(", "))
            }
            _ => format!("`{}` is a sketch: it has no version yet", evolution.name),
        }
    })
}

/// `v1.0`.
fn version(text: &str) -> Result<Version, Problem> {
    text.parse().map_err(|error| format!("`{text}`: {error}"))
}

/// `context.Event@v1.0` in its two parts.
fn at_version(text: &str) -> (&str, Option<&str>) {
    text.split_once('@').map_or((text, None), |(name, version)| (name, Some(version)))
}

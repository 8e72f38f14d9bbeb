//! `isobar diff`.

use super::{Problem, at_version, event, known, open_clean};
use crate::{args::Format, output::Exit};
use isobar_model::expr::Typed;
use isobar_registry::{Evolution, Known, compat};
use std::path::Path;

pub(super) fn run(old: &str, new: &str, dir: &Path, format: Format) -> Result<Exit, Problem> {
    let workspace = match open_clean(dir) {
        Ok(workspace) => workspace,
        Err(exit) => return Ok(exit),
    };
    let ((old_name, old_version), (new_name, new_version)) = (at_version(old), at_version(new));
    let (first, second) = (event(&workspace, old_name)?, event(&workspace, new_name)?);
    let (from, to) = (known(first, old_version)?, known(second, new_version)?);
    let rows = match hop(first, from, to).filter(|_| first.name == second.name) {
        Some(up) => compat::compare_majors(from.record(), to.record(), up),
        None => compat::compare(from.record(), to.record()),
    };
    match format {
        Format::Human => anstream::print!("{}", compat::human(&rows)),
        Format::Json => anstream::println!("{}", compat::json(&rows).pretty()),
    }
    Ok(Exit::Fine)
}

/// The upgrade between two versions, where exactly one major boundary lies between them.
fn hop<'a>(evolution: &'a Evolution, from: &Known, to: &Known) -> Option<&'a Typed> {
    let next = from.version.major + 1 == to.version.major;
    evolution.major(from.version.major).filter(|_| next)?.up.as_ref()
}

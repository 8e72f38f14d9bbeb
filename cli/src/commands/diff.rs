//! `isobar diff`.

use super::{Problem, at_version, event, known, open_clean};
use crate::{args::DiffFormat, output::Exit};
use isobar_registry::compat::{self, Difference};
use std::path::Path;

pub(super) fn run(old: &str, new: &str, dir: &Path, format: DiffFormat) -> Result<Exit, Problem> {
    let workspace = match open_clean(dir) {
        Ok(workspace) => workspace,
        Err(exit) => return Ok(exit),
    };
    let ((old_name, old_version), (new_name, new_version)) = (at_version(old), at_version(new));
    let (first, second) = (event(&workspace, old_name)?, event(&workspace, new_name)?);
    let (from, to) = (known(first, old_version)?, known(second, new_version)?);
    let difference = Difference::between((first, from), (second, to));
    match format {
        DiffFormat::Human => anstream::print!("{}", compat::human(&difference, true)),
        DiffFormat::Json => anstream::print!("{}", compat::json(&difference).pretty()),
        DiffFormat::Markdown => anstream::print!("{}", compat::markdown(&difference)),
    }
    Ok(Exit::Fine)
}

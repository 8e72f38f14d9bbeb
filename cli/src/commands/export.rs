//! `isobar export`.

use super::{Problem, open};
use crate::output::{self, Exit, findings};
use std::{path::Path, sync::Arc};

/// A workspace with errors is shown as well, since pages say what is wrong.
pub(super) fn run(dir: &Path, out: &Path) -> Result<Exit, Problem> {
    let workspace = open(dir, "checking");
    let exit = findings(&workspace.findings(), &workspace.sources, crate::args::Format::Human);
    let files = output::working("writing", || isobar_web::static_pages([Arc::new(workspace)]))?;
    let written = isobar_generator::write(out, &files).map_err(|error| error.to_string())?;
    anstream::eprintln!("{} in {}, {written} of them changed", output::plural(files.len(), "file"), out.display());
    Ok(exit)
}

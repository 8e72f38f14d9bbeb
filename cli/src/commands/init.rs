//! `isobar init`: a first workspace, small enough to read and complete enough to release.

use super::Problem;
use crate::output::Exit;
use std::{fs, path::Path};

const FILES: [(&str, &str); 3] = [
    ("isobar.yaml", include_str!("../../template/isobar.yaml")),
    ("ordering.storm.yaml", include_str!("../../template/ordering.storm.yaml")),
    (".gitattributes", include_str!("../../template/gitattributes")),
];

pub(super) fn run(dir: &Path) -> Result<Exit, Problem> {
    if let Some((name, _)) = FILES.iter().find(|(name, _)| dir.join(name).exists()) {
        return Err(format!("`{}` is there already; nothing was written", dir.join(name).display()));
    }
    fs::create_dir_all(dir).map_err(|error| format!("`{}` cannot be made: {error}", dir.display()))?;
    for (name, text) in FILES {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
        anstream::eprintln!("wrote {}", path.display());
    }
    anstream::eprintln!("next: `isobar check {0}`, then `isobar release {0}`", dir.display());
    Ok(Exit::Fine)
}

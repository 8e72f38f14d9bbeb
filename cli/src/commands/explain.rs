//! `isobar explain`.

use super::Problem;
use crate::output::Exit;
use isobar_model::diag::{
    codes::{self, Code},
    did_you_mean,
};
use isobar_registry::compat::documents::codes as compat;

pub(super) fn run(code: Option<&str>) -> Result<Exit, Problem> {
    let Some(name) = code else {
        let width = all().map(|code| code.name.len()).max().unwrap_or(0);
        for code in all() {
            anstream::println!("{:width$}  {}", code.name, code.summary);
        }
        return Ok(Exit::Fine);
    };
    let Some(code) = all().find(|code| code.name == name) else {
        let help = did_you_mean(name, all().map(|code| code.name));
        let help = help.unwrap_or_else(|| "`isobar explain` lists all codes".into());
        return Err(format!("there is no code `{name}`; {help}"));
    };
    anstream::println!("{} ({})\n{}\n\n{}", code.name, code.severity.name(), code.summary, code.explain);
    Ok(Exit::Fine)
}

/// The codes of every table.
fn all() -> impl Iterator<Item = &'static Code> {
    codes::ALL.iter().chain(compat::ALL).copied()
}

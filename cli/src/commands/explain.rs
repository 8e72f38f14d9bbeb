//! `isobar explain`.

use super::Problem;
use crate::output::Exit;
use isobar_model::diag::{codes, did_you_mean};

pub(super) fn run(code: Option<&str>) -> Result<Exit, Problem> {
    let Some(name) = code else {
        let width = codes::ALL.iter().map(|code| code.name.len()).max().unwrap_or(0);
        for code in codes::ALL {
            anstream::println!("{:width$}  {}", code.name, code.summary);
        }
        return Ok(Exit::Fine);
    };
    let Some(code) = codes::find(name) else {
        let help = did_you_mean(name, codes::ALL.iter().map(|code| code.name));
        let help = help.unwrap_or_else(|| "`isobar explain` lists all codes".into());
        return Err(format!("there is no code `{name}`; {help}"));
    };
    anstream::println!("{} ({})\n{}\n\n{}", code.name, code.severity.name(), code.summary, code.explain);
    Ok(Exit::Fine)
}

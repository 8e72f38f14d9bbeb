//! Options of `isobar serve` from a file. What the file says is put in front of the arguments that were given, of which the last one
//! counts, and what a variable of the environment says is left out; so a file knows exactly the options, and clap judges its values.

use crate::args::{Args, Command, Serving};
use clap::{CommandFactory, Parser};
use std::{collections::BTreeMap, ffi::OsString};
use toml::Value;

/// The arguments that the program was called with, with those of the file that they name.
///
/// # Errors
/// A file that cannot be read, is no TOML, or has what is no option. Ends the program, as clap does, for a value that is none.
pub(crate) fn arguments() -> Result<Args, String> {
    let args = Args::parse();
    let Command::Serve(serving) = &args.command else { return Ok(args) };
    let Serving { config: Some(path), .. } = &**serving else { return Ok(args) };
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    let set = |name: &str| std::env::var_os(name).is_some();
    let more = options(&text, set).map_err(|why| format!("`{}`: {why}", path.display()))?;
    let mut given: Vec<OsString> = std::env::args_os().collect();
    // The program and `serve` stand before all options.
    let rest = given.split_off(given.len().min(2));
    Ok(Args::parse_from(given.into_iter().chain(more.into_iter().map(OsString::from)).chain(rest)))
}

/// The options in a file as arguments, but for those whose variable is `set`.
fn options(text: &str, set: impl Fn(&str) -> bool) -> Result<Vec<String>, String> {
    let table: BTreeMap<String, Value> = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
    let command = Args::command();
    let serve = command.find_subcommand("serve").ok_or("there is no `serve`")?;
    let mut found = Vec::new();
    for (name, value) in table {
        let option = serve.get_arguments().find(|it| it.get_long() == Some(name.as_str()) && name != "config");
        let option = option.ok_or_else(|| format!("there is no option `{name}`"))?;
        if option.get_env().and_then(|env| env.to_str()).is_some_and(&set) {
            continue;
        }
        match (option.get_action().takes_values(), value) {
            (false, Value::Boolean(true)) => found.push(format!("--{name}")),
            (false, Value::Boolean(false)) => {}
            (true, Value::String(text)) => found.push(format!("--{name}={text}")),
            (true, Value::Integer(number)) => found.push(format!("--{name}={number}")),
            (takes, _) => {
                let wanted = if takes { "a text or a number" } else { "true or false" };
                return Err(format!("`{name}` is {wanted}"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_names_of_options_and_gives_way_to_variables() {
        let text =
            "listen = \"[::1]:80\"\nrate-limit = 7\nprivate = true\ninsecure = false\nstore = \"sqlite:a b.db\"\n";
        let all = options(text, |_| false).unwrap();
        assert_eq!(all, ["--listen=[::1]:80", "--private", "--rate-limit=7", "--store=sqlite:a b.db"]);
        assert_eq!(options(text, |name| name == "ISOBAR_STORE").unwrap(), all[..3]);
        let args = Args::parse_from(
            ["isobar", "serve"].into_iter().chain(all.iter().map(String::as_str)).chain(["--rate-limit", "9"]),
        );
        let Command::Serve(serving) = args.command else { panic!("it is `serve`") };
        assert_eq!((serving.rate_limit.map(u32::from), serving.private), (Some(9), true));
    }

    #[test]
    fn what_is_no_option_is_named() {
        for (text, why) in [
            ("tls_cert = \"a\"", "there is no option `tls_cert`"),
            ("config = \"a\"", "there is no option `config`"),
            ("private = 1", "`private` is true or false"),
            ("timeout = [1]", "`timeout` is a text or a number"),
        ] {
            assert_eq!(options(text, |_| false), Err(why.to_owned()));
        }
        assert!(options("=", |_| false).is_err());
    }
}

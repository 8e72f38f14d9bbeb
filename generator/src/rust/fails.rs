//! Written expressions that can fail: how, and as what they give to a closure. Nothing here writes any.

/// How what was written can fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fails {
    #[default]
    Never,
    /// In a computation, of which no value is at fault.
    Computing,
    /// At a value, which is somewhere.
    AtValue,
}

impl Fails {
    pub(super) fn ever(self) -> bool {
        self != Fails::Never
    }
}

/// The expression as a `Result`: what a lone call of the runtime or of a helper gives that ends in `?`, or `Ok` of it. Others may
/// have other errors.
pub(super) fn result(code: &str) -> String {
    code.strip_suffix('?').filter(|call| is_call(call)).map_or_else(|| format!("Ok({code})"), str::to_owned)
}

/// Whether an expression is one such call and nothing around it.
fn is_call(code: &str) -> bool {
    let code = code.strip_prefix("::isobar::ops::").unwrap_or(code);
    let name = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    let Some(arguments) = name.map(|end| &code[end..]).filter(|it| it.starts_with('(')) else { return false };
    let (mut depth, mut text, mut escaped) = (0, false, false);
    let closes = arguments.char_indices().find(|(_, c)| {
        match (c, text) {
            _ if escaped => escaped = false,
            ('\\', true) => escaped = true,
            ('"', _) => text = !text,
            ('(', false) => depth += 1,
            (')', false) => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    closes.is_some_and(|(end, _)| end + 1 == arguments.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_call_is_the_result_itself() {
        for code in ["upgrade_line(it)", "::isobar::ops::at(\"a)\\\"(\", || Ok(b(c)?))"] {
            assert_eq!(result(&format!("{code}?")), code);
        }
        // Other functions have other errors, and what is around a call is no part of it.
        for code in ["Zip::new(it)?", "f(a)? + g(b)?", "f(a)?.g(b)?", "f(a)", "Some(f(a)?)", "-f(a)?", "a"] {
            assert_eq!(result(code), format!("Ok({code})"));
        }
    }
}

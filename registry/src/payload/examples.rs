//! Every example must be read by its own version, as generated tests will read it.

use super::read;
use crate::{evolution::Evolution, schema::Json};
use isobar_model::{
    Diagnostics,
    diag::{Diagnostic, codes},
};

/// Reports the examples that their version does not read. Literals were checked when the model was read; what is found here
/// is what only a reader knows, such as a date that the calendar has not.
pub(crate) fn check<'a>(evolutions: impl Iterator<Item = &'a Evolution>, diagnostics: &mut Diagnostics) {
    for evolution in evolutions {
        for known in &evolution.versions {
            for example in &known.event.examples {
                let json = Json::from(&example.value).to_string();
                if let Err(wrong) = read(json.as_bytes(), known.record()) {
                    let message = format!("this example is not a payload of `{}` {}: {wrong}", known.name, known.version);
                    diagnostics.push(Diagnostic::new(&codes::BAD_EXAMPLE, example.span, message));
                }
            }
        }
    }
}

//! Every example must be read by its own version, as generated tests will read it.

use super::read;
use crate::{evolution::Evolution, schema::Json};
use isobar_model::{
    Diagnostics,
    diag::{Diagnostic, codes},
};

/// Reports the examples that their version does not read. Literals were checked when the model was read; what is found here
/// is what only a reader knows, such as two spellings of one instant in a set.
pub(crate) fn check<'a>(evolutions: impl Iterator<Item = &'a Evolution>, diagnostics: &mut Diagnostics) {
    for evolution in evolutions {
        let versions = evolution.versions.iter().map(|it| (it.version, &it.event, it.record()));
        // The model may give other examples than the release did.
        let head = evolution.majors.last().filter(|major| !major.draft);
        let head = head.map(|it| (it.version, &it.event, it.record()));
        for (version, event, record) in versions.chain(head) {
            for example in &event.examples {
                let json = Json::from(&example.value).to_string();
                if let Err(wrong) = read(json.as_bytes(), record) {
                    let message = format!("this example is not a payload of `{}` {version}: {wrong}", evolution.name);
                    diagnostics.push(Diagnostic::new(&codes::BAD_EXAMPLE, example.span, message));
                }
            }
        }
    }
}

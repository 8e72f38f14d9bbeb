//! Findings that are accepted for a time: each that a waiver names becomes a note until the waiver expires. What day it is, is
//! for the caller to say; nothing here asks a clock.

use isobar_model::{
    Diagnostics, Model,
    diag::{Diagnostic, Waived, codes},
    model::Waiver,
};

/// Turns the findings that waivers name into notes. `today` is `YYYY-MM-DD`; without it, as in a build script, every waiver
/// holds, and none is called expired, so that what was built yesterday is built tomorrow.
pub(crate) fn apply(model: &Model, today: Option<&str>, diagnostics: &mut Diagnostics) {
    let expired = |waiver: &Waiver| today.is_some_and(|today| *waiver.expires.value < *today);
    for finding in diagnostics.iter_mut() {
        let waiver = model.waivers.iter().find(|it| names(it, finding) && !expired(it));
        finding.waived = waiver.map(|it| Waived {
            until: it.expires.value.clone(),
            owner: it.owner.value.clone(),
            reason: it.reason.clone(),
        });
    }
    for waiver in model.waivers.iter().filter(|it| expired(it)) {
        let message = format!("this waiver of `{}` expired on {}", waiver.code.name, waiver.expires);
        let (label, at) = (format!("what it accepted counts again, says {}", waiver.owner), waiver.expires.span);
        diagnostics.push(
            Diagnostic::new(&codes::WAIVER_EXPIRED, at, message)
                .label(label)
                .help("mend what it accepted and remove it, or agree on a new date with its owner"),
        );
    }
}

/// Reports the waivers that hold and that no finding needs. To be asked only where everything was looked for.
pub(crate) fn unused(model: &Model, today: &str, diagnostics: &mut Diagnostics) {
    let idle = model.waivers.iter().filter(|it| *it.expires.value >= *today);
    let idle: Vec<&Waiver> = idle.filter(|it| !diagnostics.iter().any(|finding| names(it, finding))).collect();
    for waiver in idle {
        let of = waiver.message.as_ref().map_or_else(String::new, |name| format!(" of `{name}`"));
        let naming = waiver.names.as_ref().map_or_else(String::new, |name| format!(" that names `{name}`"));
        let message = format!("there is no finding `{}`{of}{naming} to be waived", waiver.code.name);
        diagnostics.push(Diagnostic::new(&codes::WAIVER_UNUSED, waiver.span, message).help("remove the waiver"));
    }
}

/// Whether the waiver is about the finding.
fn names(waiver: &Waiver, finding: &Diagnostic) -> bool {
    let event = waiver.message.as_ref().map(|name| name.to_string());
    std::ptr::eq(waiver.code, finding.code)
        && event.is_none_or(|event| finding.about.as_ref() == Some(&event))
        && waiver.names.as_ref().is_none_or(|name| {
            let mut texts = finding.labels.iter().map(|label| &label.text).chain([&finding.message]);
            texts.any(|text| text.contains(&format!("`{name}`")))
        })
}

#[cfg(all(test, feature = "payload"))]
mod tests;

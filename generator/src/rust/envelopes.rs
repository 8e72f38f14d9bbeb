//! Envelopes as text: a static table for each profile of the workspace. What a profile means, the runtime says.

use super::{
    names::pascal,
    plan::{EventPlan, Plan, module_path},
    text::{Code, quoted},
};
use isobar_model::{
    Version,
    model::{CLOUD_EVENTS, Envelope, VersionForm},
};

/// The tables of all envelopes.
pub(super) fn tables(plan: &Plan<'_>) -> String {
    let mut code = Code::default();
    for (ident, envelope) in &plan.envelopes {
        code.gap();
        code.line(format!("/// The envelope `{}`.", envelope.name.value));
        table(ident, envelope, &mut code);
    }
    code.finish()
}

fn table(ident: &str, envelope: &Envelope, code: &mut Code) {
    code.open(format!("pub static {ident}: ::isobar::Profile = ::isobar::Profile::new({}, &[", quoted(&envelope.name)));
    for (role, path) in &envelope.roles {
        let path: Vec<String> = path.split('.').map(quoted).collect();
        code.line(format!("(::isobar::Role::{}, &[{}]),", pascal(role), path.join(", ")));
    }
    let form = match envelope.version_form {
        VersionForm::Plain => "",
        VersionForm::Prefixed => ".version_form(::isobar::VersionForm::Prefixed)",
        VersionForm::Major => ".version_form(::isobar::VersionForm::Major)",
    };
    let unversioned = match envelope.default_version {
        Version::FIRST => String::new(),
        Version { major, minor } => format!(".unversioned(::isobar::Version::new({major}, {minor}))"),
    };
    code.close(format!("]){form}{unversioned};"));
}

/// How code in the module `from` writes the profile that the event travels in.
pub(super) fn profile(plan: &Plan<'_>, event: &EventPlan<'_>, from: &[String]) -> Option<String> {
    let name = event.envelope?;
    match plan.envelopes.iter().find(|(_, envelope)| envelope.name.value == name) {
        Some((ident, _)) => Some(module_path(from, std::slice::from_ref(&plan.envelopes_module)) + ident),
        None => (name == CLOUD_EVENTS).then(|| "::isobar::CLOUD_EVENTS".to_owned()),
    }
}

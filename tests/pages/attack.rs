//! A workspace in which every word that an author can choose freely is an attack on whoever looks at it.

use std::collections::BTreeMap;

/// Notes whatever an attack would do.
pub(crate) const LISTENER: &str = "window.alert = window.confirm = window.prompt = () => { window.attacked = true; };";

/// Texts that would run if they were taken for more than text.
const ATTACKS: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'-alert(1)-'",
    "[x](javascript:alert(1)) <svg onload=alert(1)>",
    "</title></textarea></svg><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} ${alert(1)}",
    "`</code><iframe srcdoc='<script>parent.alert(1)</script>'>`",
];

pub(crate) fn files() -> BTreeMap<String, String> {
    let text = |at: usize| serde_json::Value::from(ATTACKS[at % ATTACKS.len()]).to_string();
    let all = serde_json::Value::from(ATTACKS.join("\n\n")).to_string();
    let mut events = String::new();
    for number in 0..ATTACKS.len() {
        let attack = text(number);
        events += &format!(
            "  Event{number}:\n    doc: {attack}\n    wire: {attack}\n    fields:\n      field: {{ type: string, doc: {attack}, wire: {attack}, example: {attack} }}\n      \
             choice: {{ enum: [{attack}, other] }}\n      text: {{ type: string, pattern: {pattern} }}\n      given: {{ type: string, default: {attack} }}\n    \
             examples:\n      - {{ {attack}: {attack}, choice: other, text: x, given: {attack} }}\n",
            pattern = serde_json::Value::from("^[^<]*(</script>)?.*$"),
        );
    }
    let storm = format!(
        "context: attack\ndoc: {all}\nowner: team\nevents:\n{events}\
         commands:\n  Do: {{ doc: {all}, fields: {{ field: string }}, emits: Event0, fill: {{ choice: other, text: x }} }}\n\
         read_models:\n  Seen:\n    doc: {all}\n    key: field\n    fields: {{ field: string }}\n    from: {{ Event0: {{ insert: {{ field: $field }} }} }}\n\
         policies:\n  Then: {{ doc: {all}, when: Event0, then: Do }}\n\
         hotspots:\n  - {{ at: Event0, note: {all} }}\n",
    );
    let settings = format!(
        "workspace: attack\ndoc: {all}\nteams:\n  team: {{ name: {}, doc: {all}, email: {} }}\n",
        text(1),
        text(0)
    );
    [("attack.storm.yaml".into(), storm), ("isobar.yaml".into(), settings)].into()
}

//! Payloads as people may see them: what a tag hides is hidden, wherever it stands in a record, a list, a map or a branch.

use super::site::Shown;
use isobar_model::{Field, Model, Shape, ShapeKind, Types, Value, model::Name};
use isobar_registry::schema::Json;

/// What stands in the place of a value that is hidden.
pub(super) const HIDDEN: &str = "•••";

/// Whether a tag hides values.
pub(super) fn redacts(model: &Model, tags: &[isobar_model::Spanned<String>]) -> bool {
    tags.iter().any(|tag| model.tags.get(&tag.value).is_some_and(|tag| tag.redact))
}

/// A payload of an event or a command, as it is written now.
pub(super) fn message(shown: &Shown, name: &Name, value: &Value) -> Json {
    let model = &shown.workspace.model;
    match (model.read(name), model.command(name).and_then(|it| it.fields.as_deref())) {
        (Some((fields, types)), _) => record(shown, types, fields, value),
        (None, Some(fields)) => record(shown, &model.types, fields, value),
        (None, None) => Json::from(value),
    }
}

/// A payload of these fields.
pub(super) fn record(shown: &Shown, types: &Types, fields: &[Field], value: &Value) -> Json {
    let mut json = Json::from(value);
    members(&shown.workspace.model, &mut json, types, fields);
    json
}

fn members(model: &Model, json: &mut Json, types: &Types, fields: &[Field]) {
    let Json::Object(all) = json else { return };
    for (name, member) in all {
        let Some(field) = fields.iter().find(|field| field.wire_name() == name) else { continue };
        match redacts(model, &field.tags) {
            true => *member = Json::string(HIDDEN),
            false => inside(model, member, types, &field.shape),
        }
    }
}

fn inside(model: &Model, json: &mut Json, types: &Types, shape: &Shape) {
    if hides(model, types, shape) {
        *json = Json::string(HIDDEN);
        return;
    }
    match (&types.resolve(shape).kind, json) {
        (ShapeKind::Record(fields), json) => members(model, json, types, fields),
        (ShapeKind::List(item) | ShapeKind::Set(item), Json::Array(items)) => {
            items.iter_mut().for_each(|json| inside(model, json, types, item));
        }
        (ShapeKind::Map(item), Json::Object(all)) => {
            all.iter_mut().for_each(|(_, json)| inside(model, json, types, item))
        }
        (ShapeKind::Union(union), json) => {
            let branch =
                union.branches.iter().find(|(name, _)| json.get(&union.tag) == Some(&Json::string(&name.value)));
            if let Some((_, shape)) = branch {
                inside(model, json, types, shape);
            }
        }
        _ => {}
    }
}

/// Whether a named type on the way to what a shape is hides its values.
pub(super) fn hides(model: &Model, types: &Types, shape: &Shape) -> bool {
    let (mut at, mut steps) = (shape, 0..=types.0.len());
    while let (ShapeKind::Ref(name), Some(_)) = (&at.kind, steps.next()) {
        let Some(it) = types.get(name) else { return false };
        if redacts(model, &it.tags) {
            return true;
        }
        at = &it.shape;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use isobar_registry::Workspace;
    use std::{collections::BTreeMap, sync::Arc};

    #[test]
    fn what_a_tag_hides_is_hidden_everywhere() {
        let files = [
            ("isobar.yaml", "workspace: w\ntags: { pii: { redact: true }, note: {} }\n"),
            (
                "c.storm.yaml",
                "context: c\ntypes:\n  Mail: { type: string, tags: [pii] }\n  Card: { fields: { number: string @pii, kind: string } }\n  \
                 Pay: { oneof: { card: Card }, tag: by }\nevents:\n  E:\n    fields:\n      a: { type: string, wire: b, tags: [pii] }\n      \
                 mails: list<Mail>\n      cards: map<Card>\n      pay: Pay\n      free: string @note\n",
            ),
        ];
        let files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let shown = Shown::new("w", Arc::new(Workspace::of_files(files, None)));
        let text = |text: &str| Value::String(text.into());
        let record = |members: &[(&str, Value)]| {
            Value::Record(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
        };
        let card = |by: &[(&str, Value)]| record(&[by, &[("number", text("secret")), ("kind", text("visa"))]].concat());
        let payload = record(&[
            ("b", text("secret")),
            ("mails", Value::List(vec![text("secret")])),
            ("cards", record(&[("one", card(&[]))])),
            ("pay", card(&[("by", text("card"))])),
            ("free", text("seen")),
        ]);
        let name = Name { context: "c".into(), name: "E".into() };
        assert_eq!(
            message(&shown, &name, &payload).to_string(),
            r#"{"b": "•••", "mails": ["•••"], "cards": {"one": {"number": "•••", "kind": "visa"}}, "pay": {"by": "card", "number": "•••", "kind": "visa"}, "free": "seen"}"#
        );
    }
}

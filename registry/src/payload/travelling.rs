//! What a payload looks like on its way: in the envelope of its event, with what stands in it made up but for what the model says, as
//! the runtime would write it. For people to look at; nothing that is sent is made here.

use crate::{
    Known,
    schema::{Json, Subject},
};
use isobar::{CLOUD_EVENTS, CLOUD_EVENTS_JSON};
use isobar_model::{
    Model, Version,
    model::{self, Envelope, Name, VersionForm},
};

/// A payload in its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Travelling {
    /// The name of the profile.
    pub profile: String,
    /// The whole message. Of CloudEvents it is the structured mode.
    pub message: Json,
    /// Of CloudEvents, the headers of the binary mode, whose body is the payload alone.
    pub binary: Option<Vec<(String, String)>>,
    /// The content type of the message, where the profile has one.
    pub content_type: Option<&'static str>,
}

const TIME: &str = "2026-03-01T09:30:00Z";
const ID: &str = "018f5b1e-6c0a-7c3d-9a41-0d5f6a2b7c10";
const CORRELATION: &str = "018f5b1e-5f00-7a52-8e0b-9c1d2e3f4a5b";
const CAUSATION: &str = "018f5b1e-6b11-7b07-b5d4-1a2b3c4d5e6f";

/// The value of a role in a made-up message; none for the payload, and where there is nothing to say.
pub fn role(model: &Model, name: &Name, known: &Known, payload: &Json, role: &str) -> Option<Json> {
    // A released version says only what it looks like; where it belongs is the model's to say.
    let aggregate = model.event(name).unwrap_or(&known.event).aggregate.as_ref();
    Some(match role {
        "id" => Json::string(ID),
        "type" => Json::string(known.event.wire_name()),
        "time" => Json::string(TIME),
        "source" => Json::string(format!("/{}/{}", model.name, name.context)),
        "aggregate_type" => Json::string(aggregate?),
        "aggregate_id" => {
            let of = model.contexts.get(&name.context)?.aggregates.get(aggregate?)?;
            let key =
                known.fields().iter().find(|field| Some(&field.name.value) == of.key.as_ref().map(|it| &it.value));
            payload.get(key?.wire_name())?.clone()
        }
        "sequence" => Json::number(1),
        "schema_version" => Json::string(written(known.version, VersionForm::Plain)),
        "schema_url" => {
            let subject = Subject::event(&model.name, &known.name, known.version, &known.event, &known.types)?;
            Json::string(subject.published(model.schema_base.as_ref().map(|base| base.value.as_str())).id())
        }
        "correlation_id" => Json::string(CORRELATION),
        "causation_id" => Json::string(CAUSATION),
        "user" => Json::string("user-1"),
        _ => return None,
    })
}

fn written(version: Version, form: VersionForm) -> String {
    match form {
        VersionForm::Plain => format!("{}.{}", version.major, version.minor),
        VersionForm::Prefixed => version.to_string(),
        VersionForm::Major => version.major.to_string(),
    }
}

/// A payload of a version in the envelope of its event; none where nobody chose one.
pub fn travelling(model: &Model, name: &Name, known: &Known, payload: &Json) -> Option<Travelling> {
    let context = model.contexts.get(&name.context)?;
    let profile = model.envelope_name(context, model.event(name).unwrap_or(&known.event))?;
    let value = |of: &str| role(model, name, known, payload, of);
    match model.envelopes.get(profile) {
        Some(envelope) => Some(Travelling {
            profile: profile.to_owned(),
            message: of_profile(envelope, known.version, payload, &value),
            binary: None,
            content_type: None,
        }),
        None if profile == model::CLOUD_EVENTS => Some(cloud_event(payload, &value)),
        None => None,
    }
}

fn of_profile(envelope: &Envelope, version: Version, payload: &Json, value: &dyn Fn(&str) -> Option<Json>) -> Json {
    let mut message = Vec::new();
    for (role, path) in envelope.roles.iter() {
        let value = match (role.as_str(), envelope.version_form) {
            ("data", _) => Some(payload.clone()),
            ("schema_version", VersionForm::Major) => Some(Json::number(version.major)),
            ("schema_version", form) => Some(Json::string(written(version, form))),
            (role, _) => value(role),
        };
        if let Some(value) = value {
            put(&mut message, &path.value.split('.').collect::<Vec<_>>(), value);
        }
    }
    // Without a place for the data, its members stand beside those of the envelope.
    if let (false, Json::Object(members)) = (envelope.roles.contains_key("data"), payload) {
        message.extend(members.iter().cloned());
    }
    Json::Object(message)
}

/// Puts a value at a path; members on the way are made where they are missing.
fn put(into: &mut Vec<(String, Json)>, path: &[&str], value: Json) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        into.push(((*first).to_owned(), value));
        return;
    }
    if !into.iter().any(|(name, _)| name == first) {
        into.push(((*first).to_owned(), Json::Object(Vec::new())));
    }
    if let Some((_, Json::Object(inner))) = into.iter_mut().find(|(name, _)| name == first) {
        put(inner, rest, value);
    }
}

fn cloud_event(payload: &Json, value: &dyn Fn(&str) -> Option<Json>) -> Travelling {
    let mut message = vec![
        ("specversion".to_owned(), Json::string("1.0")),
        ("datacontenttype".to_owned(), Json::string("application/json")),
    ];
    let mut headers = vec![
        ("ce-specversion".to_owned(), "1.0".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    for (role, path) in CLOUD_EVENTS.places() {
        let Some(attribute) = path.first() else { continue };
        let value = match role.name() {
            "data" => Some(payload.clone()),
            // An extension that must be in order as text.
            "sequence" => Some(Json::string(format!("{:020}", 1))),
            name => value(name),
        };
        let Some(value) = value else { continue };
        if let Json::String(text) = &value {
            headers.push((format!("ce-{attribute}"), text.clone()));
        }
        message.push(((*attribute).to_owned(), value));
    }
    Travelling {
        profile: model::CLOUD_EVENTS.to_owned(),
        message: Json::Object(message),
        binary: Some(headers),
        content_type: Some(CLOUD_EVENTS_JSON),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Workspace;
    use std::collections::BTreeMap;

    fn message(settings: &str) -> Travelling {
        let storm = "context: c\naggregates:\n  A:\n    key: id\n    state: { id: id(a_) }\n    events:\n      E:\n        fields: { id: { type: id(a_), wire: key } }\n        examples: [{ key: a_1 }]\n";
        let files = [("isobar.yaml", format!("workspace: w\n{settings}")), ("c.storm.yaml", storm.to_owned())];
        let files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text)).into();
        let workspace = Workspace::of_files(files, None);
        assert!(!workspace.diagnostics.has_errors(), "{}", crate::testing::report(&workspace));
        let evolution = workspace.evolution("c.E").unwrap();
        let known = evolution.newest().unwrap();
        travelling(&workspace.model, &evolution.name, known, &Json::from(&known.event.examples[0].value)).unwrap()
    }

    #[test]
    fn members_stand_where_the_profile_says() {
        let settings = "envelope: e\nenvelopes:\n  e: { id: head.id, type: head.type, schema_version: { path: head.version, form: major }, aggregate_id: of, data: data }\n";
        let it = message(settings);
        insta::assert_snapshot!(it.message.pretty(), @r#"
        {
          "head": {
            "id": "018f5b1e-6c0a-7c3d-9a41-0d5f6a2b7c10",
            "type": "E",
            "version": 1
          },
          "of": "a_1",
          "data": {
            "key": "a_1"
          }
        }
        "#);
        let flat = message("envelope: e\nenvelopes:\n  e: { id: eventId, type: eventType }\n");
        assert!(
            flat.message.pretty().ends_with("\"eventType\": \"E\",\n  \"key\": \"a_1\"\n}\n"),
            "{}",
            flat.message.pretty()
        );
    }

    #[test]
    fn cloud_events_have_two_forms() {
        let it = message("envelope: cloudevents\n");
        insta::assert_snapshot!(it.message.pretty(), @r#"
        {
          "specversion": "1.0",
          "datacontenttype": "application/json",
          "id": "018f5b1e-6c0a-7c3d-9a41-0d5f6a2b7c10",
          "source": "/w/c",
          "type": "E",
          "subject": "a_1",
          "time": "2026-03-01T09:30:00Z",
          "dataschema": "urn:isobar:w:c.E:v1.0",
          "schemaversion": "1.0",
          "aggregatetype": "A",
          "sequence": "00000000000000000001",
          "correlationid": "018f5b1e-5f00-7a52-8e0b-9c1d2e3f4a5b",
          "causationid": "018f5b1e-6b11-7b07-b5d4-1a2b3c4d5e6f",
          "userid": "user-1",
          "data": {
            "key": "a_1"
          }
        }
        "#);
        let headers = it.binary.unwrap();
        assert_eq!(headers[0], ("ce-specversion".to_owned(), "1.0".to_owned()));
        assert_eq!(headers[5], ("ce-subject".to_owned(), "a_1".to_owned()));
        assert!(headers.iter().all(|(name, _)| name != "ce-data"));
    }
}

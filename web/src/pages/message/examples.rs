//! Examples in every form in which they travel, without what is hidden: the payload alone, in its envelope, and with the headers of the
//! topics that carry it.

use super::Tab;
use crate::pages::{masked, site::Shown};
use isobar_model::model::Name;
use isobar_registry::{
    Known,
    payload::{role, travelling},
    schema::Json,
};

pub(super) fn of_event(shown: &Shown, name: &Name, known: &Known) -> Vec<Vec<Tab>> {
    let all = known.event.examples.iter().enumerate();
    all.map(|(number, example)| {
        let payload = masked::record(shown, &known.types, known.fields(), &example.value);
        let mut forms = forms(shown, name, known, &payload);
        forms.iter_mut().for_each(|tab| tab.id = format!("example-{number}-{}", tab.id));
        forms
    })
    .collect()
}

fn forms(shown: &Shown, name: &Name, known: &Known, payload: &Json) -> Vec<Tab> {
    let model = &shown.workspace.model;
    let tab = |id: &str, title: String, note: Option<String>, text: String| Tab { id: id.into(), title, note, text };
    let mut all = vec![tab("payload", "Payload".into(), None, payload.pretty())];
    if let Some(it) = travelling(model, name, known, payload) {
        let title = match it.binary.is_some() {
            true => "CloudEvents, structured".into(),
            false => format!("In the envelope {}", it.profile),
        };
        all.push(tab("envelope", title, it.content_type.map(str::to_owned), it.message.pretty()));
        if let Some(headers) = it.binary {
            let note = "headers, and the payload as the body".to_owned();
            let text = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
            all.push(tab("binary", "CloudEvents, binary".into(), Some(note), format!("{text}\n{}", payload.pretty())));
        }
    }
    let aggregate = model.event(name).and_then(|it| it.aggregate.as_deref());
    let carries = |it: &Name| it == name || (it.context == name.context && aggregate == Some(it.name.as_str()));
    let topics = model.topics.iter().filter(|(_, topic)| topic.carries.iter().any(|it| carries(&it.value)));
    for (number, (topic, it)) in topics.enumerate() {
        let value = |of: &str| role(model, name, known, payload, of).or_else(|| payload.get(of).cloned());
        let bare = |json: Json| match json {
            Json::String(text) => text,
            other => other.to_string(),
        };
        let mut text = String::new();
        if let Some(key) = it.key.as_ref().and_then(|key| value(&key.value)) {
            text += &format!("key: {}\n", bare(key));
        }
        for (header, of) in it.headers.iter() {
            text += &value(&of.value).map(|value| format!("{header}: {}\n", bare(value))).unwrap_or_default();
        }
        if !text.is_empty() {
            let kind =
                it.broker.as_ref().and_then(|broker| model.brokers.get(&broker.value)).map(|it| it.kind.value.clone());
            all.push(tab(
                &format!("topic-{number}"),
                format!("On {topic}"),
                kind.map(|kind| format!("key and headers, {kind}")),
                text,
            ));
        }
    }
    all
}

//! Numbers and texts, with what bounds them.

use super::{
    Note,
    documents::Place,
    schema::{Members, Written},
};
use crate::history::Yaml;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// `integer` as the smallest type that holds its bounds.
pub(super) fn integer(map: &Map<String, Value>, at: &Place, notes: &mut BTreeSet<Note>) -> Written {
    if map.contains_key("multipleOf") {
        notes.insert(at.note("the notation has no `multipleOf` for whole numbers: it is left out"));
    }
    let exclusive = |word: &str, step: i128| match map.get(word) {
        Some(Value::Number(number)) => whole(number).map(|it| it + step),
        _ => None,
    };
    let inclusive = |word: &str, beside: &str, step: i128| {
        let strict = map.get(beside) == Some(&Value::Bool(true));
        let bound = map.get(word).and_then(Value::as_number).and_then(whole)?;
        Some(if strict { bound + step } else { bound })
    };
    let min = inclusive("minimum", "exclusiveMinimum", 1).max(exclusive("exclusiveMinimum", 1));
    let max = [inclusive("maximum", "exclusiveMaximum", -1), exclusive("exclusiveMaximum", -1)];
    let max = max.into_iter().flatten().min();
    let (signed, unsigned) = ((i64::MIN.into(), i64::MAX.into()), (0, i128::from(u64::MAX)));
    let exact = [
        ("int32", (i128::from(i32::MIN), i128::from(i32::MAX))),
        ("uint32", (0, u32::MAX.into())),
        ("uint", unsigned),
        ("int", signed),
    ];
    if let Some((name, _)) = exact.iter().find(|(_, (low, high))| min == Some(*low) && max == Some(*high)) {
        return Written::Short((*name).to_owned());
    }
    let (name, (low, high)) = if max.is_some_and(|max| max > signed.1) && min.is_some_and(|min| min >= 0) {
        ("uint", unsigned)
    } else {
        ("int", signed)
    };
    let inside = |bound: Option<i128>| bound.filter(|it| (low..=high).contains(it));
    let mut bounds = Members::new();
    bounds.extend(inside(min).map(|min| ("min".to_owned(), Yaml::Plain(min.to_string()))));
    bounds.extend(inside(max).map(|max| ("max".to_owned(), Yaml::Plain(max.to_string()))));
    if inside(min).zip(inside(max)).is_some_and(|(min, max)| min > max) {
        notes.insert(at.note("no number fits its bounds: they are left out"));
        bounds.clear();
    }
    Written::bounded(name, bounds)
}

/// `number`: a `decimal` where `multipleOf` is a power of ten, else a `float`.
pub(super) fn number(map: &Map<String, Value>, at: &Place, notes: &mut BTreeSet<Note>) -> Written {
    let scale = map
        .get("multipleOf")
        .and_then(Value::as_f64)
        .and_then(|step| (0..=18).find(|scale| (10f64.powi(*scale) * step - 1.0).abs() < 1e-9));
    if map.contains_key("multipleOf") && scale.is_none() {
        notes.insert(at.note("`multipleOf` is no power of ten: it is left out"));
    }
    let mut bounds = Members::new();
    for (word, beside, key) in [("minimum", "exclusiveMinimum", "min"), ("maximum", "exclusiveMaximum", "max")] {
        let strict = match map.get(beside) {
            Some(Value::Bool(strict)) => *strict,
            other => other.is_some(),
        };
        if strict {
            notes.insert(at.below(&[beside]).note("bounds are inclusive: the bound itself fits too"));
        }
        let bound = map.get(word).and_then(Value::as_number).or_else(|| map.get(beside).and_then(Value::as_number));
        match bound.map(ToString::to_string) {
            Some(text) if text.contains(['e', 'E']) || text.trim_start_matches('-').len() > 20 => {
                notes
                    .insert(at.below(&[word]).note("the bound has more digits than numbers here hold: it is left out"));
            }
            Some(text) => bounds.push((key.to_owned(), Yaml::Plain(text))),
            None => {}
        }
    }
    Written::bounded(&scale.map_or_else(|| "float".to_owned(), |scale| format!("decimal({scale})")), bounds)
}

/// `string`: by its format, or with its bounds.
pub(super) fn text(map: &Map<String, Value>, at: &Place, notes: &mut BTreeSet<Note>) -> Written {
    let format = map.get("format").and_then(Value::as_str);
    let own = match format {
        Some("date-time") => Some("timestamp"),
        Some("date") => Some("date"),
        Some("uuid") => Some("uuid"),
        _ if map.get("contentEncoding").and_then(Value::as_str) == Some("base64") => Some("bytes"),
        _ => None,
    };
    if let Some(name) = own {
        for word in ["minLength", "maxLength", "pattern"].iter().filter(|word| map.contains_key(**word)) {
            notes.insert(at.below(&[word]).note(format!("a `{name}` has its own form: it is left out")));
        }
        return Written::Short(name.to_owned());
    }
    let mut bounds = length(map, "minLength", "maxLength");
    if let Some(pattern) = map.get("pattern").and_then(Value::as_str) {
        if isobar_model::shape::is_pattern(pattern) {
            bounds.push(("pattern".to_owned(), Yaml::quoted(pattern)));
        } else {
            notes.insert(at.below(&["pattern"]).note("no pattern that every reader knows: it is left out"));
        }
    }
    bounds.extend(format.map(|format| ("format".to_owned(), Yaml::text(format))));
    Written::bounded("string", bounds)
}

/// How long a text or a list may be.
pub(super) fn length(map: &Map<String, Value>, least: &str, most: &str) -> Members {
    let count = |word: &str| map.get(word).and_then(Value::as_f64).filter(|it| (0.0..=9e15).contains(it));
    let (min, max) = (count(least).filter(|min| *min > 0.0), count(most));
    let mut bounds = Members::new();
    if min.zip(max).is_none_or(|(min, max)| min <= max) {
        bounds.extend(min.map(|min| ("min_length".to_owned(), Yaml::Plain(format!("{min:.0}")))));
        bounds.extend(max.map(|max| ("max_length".to_owned(), Yaml::Plain(format!("{max:.0}")))));
    }
    bounds
}

fn whole(number: &serde_json::Number) -> Option<i128> {
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    exact.or_else(|| number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() < 1e30).map(|it| it as i128))
}

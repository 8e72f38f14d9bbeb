//! What of a payload another version cannot hold: it is brought there and back, and what came back differently was lost.

use super::{Data, Refused, read, upcast};
use crate::Evolution;
use isobar_model::Version;

/// The places (JSON pointers, in the version `from`) of what is lost on the way from `from` to `to`; the whole payload, an empty
/// pointer, if there is no way back for it.
///
/// # Errors
/// As [`upcast`], for the way there.
pub fn lost(evolution: &Evolution, from: Version, to: Version, json: &[u8]) -> Result<Vec<String>, Refused> {
    // A minor that is not known yet is read by the newest reader of its major.
    let own = evolution.version(from).map(|it| it.version).or(evolution.major(from.major).map(|it| it.version));
    let before = upcast(evolution, from, own, json)?;
    let there = upcast(evolution, from, Some(to), json)?;
    let data = |json: &str| read(json.as_bytes(), evolution.version(own?)?.record()).ok();
    let after = upcast(evolution, to, own, there.as_bytes()).ok().and_then(|json| data(&json));
    let mut places = Vec::new();
    match (data(&before), after) {
        (Some(before), Some(after)) => differences(&before, &after, String::new(), &mut places),
        _ => places.push(String::new()),
    }
    Ok(places)
}

fn differences(before: &Data, after: &Data, at: String, places: &mut Vec<String>) {
    match (before, after) {
        (Data::Record(members), Data::Record(_)) => {
            for (key, value) in members {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match after.get(key) {
                    Some(other) => differences(value, other, at, places),
                    None => places.push(at),
                }
            }
        }
        (Data::List(items), Data::List(others)) if items.len() == others.len() => {
            for (index, (item, other)) in items.iter().zip(others).enumerate() {
                differences(item, other, format!("{at}/{index}"), places);
            }
        }
        _ if before == after => {}
        _ => places.push(at),
    }
}

//! Rows as text: for people, one line each in columns, and as JSON.

use super::{Change, Row};
use crate::schema::Json;

/// One line a row: the change, what it was and is, and who can still read whom.
pub fn human(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "nothing on the wire differs\n".into();
    }
    let lines: Vec<(String, String)> = rows
        .iter()
        .map(|row| {
            let detail = match (row.change, &row.old, &row.new) {
                (Change::Moved | Change::Converted, Some(from), _) => format!(" <- {from}"),
                (_, Some(old), Some(new)) => format!(": {old} -> {new}"),
                (_, Some(one), None) | (_, None, Some(one)) => format!(": {one}"),
                (_, None, None) => String::new(),
            };
            (format!("{:<9}  {}{detail}", row.change.name(), row.path), verdict(row))
        })
        .collect();
    let width = lines.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(left, right)| format!("{left:<width$}  {right}\n")).collect()
}

fn verdict(row: &Row) -> String {
    let text = match (row.backward, row.forward) {
        (true, true) => "compatible",
        (true, false) => "backward only",
        (false, true) => "forward only",
        (false, false) => "breaking",
    };
    text.into()
}

/// `[{"path","change","old"?,"new"?,"backward","forward"}]`.
pub fn json(rows: &[Row]) -> Json {
    let rows = rows.iter().map(|row| {
        let mut members = vec![("path", Json::string(&row.path)), ("change", Json::string(row.change.name()))];
        members.extend(row.old.as_deref().map(|old| ("old", Json::string(old))));
        members.extend(row.new.as_deref().map(|new| ("new", Json::string(new))));
        members.push(("backward", Json::Bool(row.backward)));
        members.push(("forward", Json::Bool(row.forward)));
        Json::object(members)
    });
    Json::Array(rows.collect())
}

//! A difference as text: for people, in columns, with colours; as Markdown; and as JSON. Nothing is judged here.

use super::{Change, Difference, Judged, Row};
use crate::schema::Json;
use isobar_model::{Version, model::Name};

const NOTHING: &str = "nothing on the wire differs";

/// In columns: the change, the field, what it was and is, and who can still read whom; below each row a payload that breaks.
/// With `colours`, escape sequences of terminals.
pub fn human(difference: &Difference, colours: bool) -> String {
    let mut out = format!("{}\n", title(difference));
    if difference.rows.is_empty() {
        return format!("{out}{NOTHING}\n");
    }
    let paint = |text: &str, colour: &str| match colours {
        true => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let rows: Vec<[String; 3]> = difference
        .rows
        .iter()
        .map(|Judged { row, .. }| [row.change.name().to_owned(), place(row).to_owned(), told(row)])
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    for (judged, columns) in difference.rows.iter().zip(&rows) {
        let mut line = String::new();
        for (i, (column, width)) in columns.iter().zip(widths).enumerate() {
            let padded = format!("{column:width$}");
            line.push_str(&if i == 0 { paint(&padded, colour(judged.row.change)) } else { padded });
            line.push_str("  ");
        }
        let (verdict, colour) = verdict(&judged.row);
        out.push_str(&format!("{line}{}\n", paint(verdict, colour)));
    }
    for broken in breaks(difference) {
        let (reader, writer) = (&broken.reader, &broken.writer);
        out.push_str(&format!(
            "{reader} refuses {}, which {writer} writes ({})\n",
            broken.payload,
            broken.places.join(", ")
        ));
    }
    out.push_str(&format!("{}\n", summary(difference)));
    out
}

/// A table, and below it the payloads that break.
pub fn markdown(difference: &Difference) -> String {
    let mut out = format!("### {}\n\n", title(difference));
    if difference.rows.is_empty() {
        return format!("{out}{NOTHING}\n");
    }
    out.push_str(
        "| change | field | was and is | new readers, old data | old readers, new data |\n|---|---|---|---|---|\n",
    );
    for Judged { row, .. } in &difference.rows {
        let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
        let reads = |fine: bool| if fine { "yes" } else { "**no**" };
        let (change, told) = (row.change.name(), told(row));
        let told = if told.is_empty() { told } else { code(&told) };
        let (backward, forward) = (reads(row.backward), reads(row.forward));
        out.push_str(&format!("| {change} | {} | {told} | {backward} | {forward} |\n", code(place(row))));
    }
    for (i, broken) in breaks(difference).iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { "" });
        let places: Vec<String> = broken.places.iter().map(|place| format!("`{place}`")).collect();
        let (reader, writer) = (&broken.reader, &broken.writer);
        out.push_str(&format!("- {reader} refuses this payload, which {writer} writes ({}):\n", places.join(", ")));
        out.push_str(&format!("  ```json\n  {}\n  ```\n", broken.payload));
    }
    format!("{out}\n{}\n", summary(difference))
}

/// `{"old":{"event","version"},"new":{..},"upgraded","downgraded","lossy","backward","forward","rows":[{"path","change","old"?,"new"?,"backward",
/// "forward","breaks_backward"?,"breaks_forward"?}]}`; what breaks is a payload.
pub fn json(difference: &Difference) -> Json {
    let side = |(name, version): &(Name, Version)| {
        Json::object([("event", Json::string(name.to_string())), ("version", Json::string(version.to_string()))])
    };
    let rows = difference.rows.iter().map(|Judged { row, backward, forward }| {
        let mut members = vec![("path", Json::string(&row.path)), ("change", Json::string(row.change.name()))];
        members.extend(row.old.as_deref().map(|old| ("old", Json::string(old))));
        members.extend(row.new.as_deref().map(|new| ("new", Json::string(new))));
        members.push(("backward", Json::Bool(row.backward)));
        members.push(("forward", Json::Bool(row.forward)));
        members.extend(backward.as_deref().map(|payload| ("breaks_backward", Json::string(payload))));
        members.extend(forward.as_deref().map(|payload| ("breaks_forward", Json::string(payload))));
        Json::object(members)
    });
    let (backward, forward) = difference.reads();
    Json::object([
        ("old", side(&difference.old)),
        ("new", side(&difference.new)),
        ("upgraded", Json::Bool(difference.upgraded)),
        ("downgraded", Json::Bool(difference.downgraded)),
        ("lossy", Json::strings(difference.lossy.iter())),
        ("backward", Json::Bool(backward)),
        ("forward", Json::Bool(forward)),
        ("rows", Json::Array(rows.collect())),
    ])
}

fn title(difference: &Difference) -> String {
    let ((before, from), (after, to)) = (&difference.old, &difference.new);
    if before == after { format!("{before} {from} -> {to}") } else { format!("{before} {from} -> {after} {to}") }
}

/// The field, or the event itself.
fn place(row: &Row) -> &str {
    if row.path.is_empty() { "(event)" } else { &row.path }
}

fn told(row: &Row) -> String {
    match (row.change, &row.old, &row.new) {
        (change, Some(from), _) if change.names_sources() && !row.path.is_empty() => format!("<- {from}"),
        (_, Some(old), Some(new)) => format!("{old} -> {new}"),
        (_, Some(one), None) | (_, None, Some(one)) => one.clone(),
        (_, None, None) => String::new(),
    }
}

fn colour(change: Change) -> &'static str {
    match change {
        Change::Added => "32",
        Change::Removed => "31",
        Change::Narrowed | Change::Widened | Change::Presence | Change::Default | Change::Type => "33",
        Change::Renamed | Change::Moved | Change::Converted | Change::Split | Change::Merged => "36",
    }
}

fn verdict(row: &Row) -> (&'static str, &'static str) {
    match (row.backward, row.forward) {
        (true, true) => ("compatible", "32"),
        (true, false) => ("backward only", "33"),
        (false, true) => ("forward only", "33"),
        (false, false) => ("breaking", "1;31"),
    }
}

/// A payload that one version writes and the other refuses, with the places that it breaks at.
#[derive(Clone, Debug)]
pub struct Broken<'a> {
    /// The payload as JSON.
    pub payload: &'a str,
    /// The version that writes it, with the event's name where there are two events.
    pub writer: String,
    /// The version that refuses it.
    pub reader: String,
    /// The paths of the changes that it shows.
    pub places: Vec<&'a str>,
}

/// Every such payload once: one may show several changes.
pub fn breaks(difference: &Difference) -> Vec<Broken<'_>> {
    let [old, new] = sides(difference);
    let mut out: Vec<Broken<'_>> = Vec::new();
    for Judged { row, backward, forward } in &difference.rows {
        for (payload, writer, reader) in [(backward, &old, &new), (forward, &new, &old)] {
            let Some(payload) = payload.as_deref() else { continue };
            match out.iter_mut().find(|it| it.payload == payload && it.reader == *reader) {
                Some(there) => there.places.push(place(row)),
                None => {
                    let (writer, reader) = (writer.clone(), reader.clone());
                    out.push(Broken { payload, writer, reader, places: vec![place(row)] });
                }
            }
        }
    }
    out
}

/// What the two are called in a sentence: by the version alone where it is one event.
fn sides(difference: &Difference) -> [String; 2] {
    let ((before, from), (after, to)) = (&difference.old, &difference.new);
    let called = |name: &Name, version: &Version| match before == after {
        true => version.to_string(),
        false => format!("{name} {version}"),
    };
    [called(before, from), called(after, to)]
}

/// Who can read whom, in a sentence: `v2.0 reads data of v1.1 through its upgrade alone; ...`.
pub fn summary(difference: &Difference) -> String {
    let [old, new] = sides(difference);
    let backward = match difference.upgraded {
        true => format!("{new} reads data of {old} through its `upgrade` alone"),
        false => format!("{new} does not read data of {old}"),
    };
    let lost = difference.lossy.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    let back = match (difference.upgraded, difference.downgraded) {
        (true, false) => "; there is no way back".to_owned(),
        _ if lost.is_empty() => String::new(),
        _ => format!("; on the way back {lost} cannot be told"),
    };
    let text = match difference.reads() {
        (true, true) => format!("{old} and {new} read one another"),
        (true, false) => format!("{new} reads data of {old}; {old} does not read data of {new}"),
        (false, true) => format!("{backward}; {old} reads data of {new}"),
        (false, false) => format!("{backward}; {old} does not read data of {new}"),
    };
    text + &back
}

//! Payloads and texts in lines, with marks at their places. What is missing at a place has a line of its own there. Members stay in the
//! order in which they are written, and numbers as they are.

use serde::{
    Deserialize, Serialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use similar::{ChangeTag, TextDiff};
use std::fmt;

/// Further in than this, a payload is written as it came.
const DEEPEST: usize = 64;

/// A line, and how it looks: `same`, `mark`, `gap` for what should stand there, `plus`, `minus` or `lost`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub(super) look: &'static str,
    pub(super) text: String,
    /// What is said of it.
    pub(super) note: Option<String>,
}

/// A step to a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Member(String),
    Item(usize),
    AnyItem,
    AnyMember,
}

/// A place that is marked.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) at: Vec<Step>,
    pub(super) look: &'static str,
    pub(super) note: Option<String>,
}

impl Step {
    /// The steps of a path, as `compat::on_wire` takes it apart.
    pub(super) fn of(path: &[&str]) -> Vec<Step> {
        let steps = path.iter().filter(|step| !step.starts_with('<'));
        let step = |step: &&str| match *step {
            "[]" => Step::AnyItem,
            "{}" => Step::AnyMember,
            name => Step::Member(name.to_owned()),
        };
        steps.map(step).collect()
    }

    /// The steps of a JSON pointer.
    pub(super) fn of_pointer(pointer: &str) -> Vec<Step> {
        let step = |part: &str| match part.parse() {
            Ok(index) => Step::Item(index),
            Err(_) => Step::Member(part.replace("~1", "/").replace("~0", "~")),
        };
        pointer.split('/').skip(1).map(step).collect()
    }

    fn is_member(&self, name: &str) -> bool {
        match self {
            Step::Member(it) => it == name,
            // A pointer does not tell the two apart.
            Step::Item(index) => index.to_string() == name,
            Step::AnyMember => true,
            Step::AnyItem => false,
        }
    }

    fn is_item(&self, number: usize) -> bool {
        matches!(self, Step::AnyItem) || *self == Step::Item(number)
    }
}

/// A payload in lines with its marks; none where it is no JSON.
pub(super) fn lines(json: &str, marks: &[Mark]) -> Option<Vec<Line>> {
    let raw: &RawValue = serde_json::from_str(json).ok()?;
    let marks: Vec<Open<'_>> = marks.iter().map(|mark| (mark, mark.at.as_slice())).collect();
    let mut writer = Lines(Vec::new());
    writer.value(raw, Around { indent: 0, lead: String::new(), trail: "" }, &marks, None);
    Some(writer.0)
}

/// A mark, and the steps that are left to its place.
type Open<'a> = (&'a Mark, &'a [Step]);

/// What stands on the line of a value before and after it.
struct Around {
    indent: usize,
    lead: String,
    trail: &'static str,
}

struct Lines(Vec<Line>);

impl Lines {
    fn push(&mut self, mark: Option<&Mark>, indent: usize, text: &str) {
        let text = format!("{}{text}", "  ".repeat(indent));
        self.0.push(Line { look: mark.map_or("same", |mark| mark.look), text, note: None });
    }

    fn value(&mut self, raw: &RawValue, around: Around, marks: &[Open<'_>], above: Option<&Mark>) {
        let here = marks.iter().find(|(_, rest)| rest.is_empty()).map(|(mark, _)| *mark);
        let mark = here.or(above);
        let Around { indent, lead, trail } = around;
        let first = self.0.len();
        let below = |fits: &dyn Fn(&Step) -> bool| -> Vec<Open<'_>> {
            let fitting = marks.iter().filter(|(_, rest)| rest.first().is_some_and(fits));
            fitting.map(|(mark, rest)| (*mark, &rest[1..])).collect()
        };
        let text = raw.get();
        let members = serde_json::from_str::<Members<'_>>(text).ok().filter(|_| indent < DEEPEST);
        let items = serde_json::from_str::<Vec<&RawValue>>(text).ok().filter(|_| indent < DEEPEST);
        if let Some(Members(members)) = members {
            let gaps = gaps(marks, &members);
            if members.is_empty() && gaps.is_empty() {
                self.push(mark, indent, &format!("{lead}{{}}{trail}"));
            } else {
                self.push(mark, indent, &format!("{lead}{{"));
                for (number, (name, member)) in members.iter().enumerate() {
                    let trail = if number + 1 == members.len() { "" } else { "," };
                    let lead = format!("{}: ", serde_json::Value::from(name.as_str()));
                    let inner = below(&|step| step.is_member(name));
                    self.value(member, Around { indent: indent + 1, lead, trail }, &inner, mark);
                }
                for (name, note) in gaps {
                    let text = format!("{}{}: …", "  ".repeat(indent + 1), serde_json::Value::from(name));
                    self.0.push(Line { look: "gap", text, note: note.clone() });
                }
                self.push(mark, indent, &format!("}}{trail}"));
            }
        } else if let Some(items) = items.filter(|items| !items.is_empty()) {
            self.push(mark, indent, &format!("{lead}["));
            for (number, item) in items.iter().enumerate() {
                let trail = if number + 1 == items.len() { "" } else { "," };
                let inner = below(&|step| step.is_item(number));
                self.value(item, Around { indent: indent + 1, lead: String::new(), trail }, &inner, mark);
            }
            self.push(mark, indent, &format!("]{trail}"));
        } else {
            self.push(mark, indent, &format!("{lead}{text}{trail}"));
        }
        if let (Some(mark), Some(line)) = (here, self.0.get_mut(first)) {
            line.note.clone_from(&mark.note);
        }
    }
}

/// The marked members that an object has not, each once.
fn gaps<'a>(marks: &[Open<'a>], members: &[(String, &RawValue)]) -> Vec<(&'a str, &'a Option<String>)> {
    let mut gaps: Vec<(&str, &Option<String>)> = Vec::new();
    for (mark, rest) in marks {
        let Some(Step::Member(name)) = rest.first() else { continue };
        if members.iter().all(|(member, _)| member != name) && gaps.iter().all(|(gap, _)| gap != name) {
            gaps.push((name, &mark.note));
        }
    }
    gaps
}

/// The members of an object, in the order of its text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

/// The lines of two texts: those of the first that are gone and those that are new stand where they were and are.
pub(super) fn difference(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let line = |change: similar::Change<&str>| Line {
        look: match change.tag() {
            ChangeTag::Delete => "minus",
            ChangeTag::Insert => "plus",
            ChangeTag::Equal => "same",
        },
        text: change.value().trim_end_matches('\n').to_owned(),
        note: None,
    };
    diff.iter_all_changes().map(line).collect()
}

/// Marks the lines that an earlier text has not.
pub(super) fn mark_new(old: &[Line], new: &mut [Line]) {
    let text = |lines: &[Line]| -> Vec<String> {
        lines.iter().map(|line| line.text.trim_end_matches(',').to_owned()).collect()
    };
    let (before, after) = (text(old), text(new));
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&before, &after);
    for change in diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Insert) {
        if let Some(line) = change.new_index().and_then(|at| new.get_mut(at)).filter(|line| line.look == "same") {
            line.look = "plus";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(lines: &[Line]) -> String {
        let each = lines.iter().map(|it| {
            let note = it.note.as_deref().map(|note| format!("  <- {note}")).unwrap_or_default();
            format!("{:5}{}{note}\n", it.look, it.text)
        });
        each.collect()
    }

    fn mark(at: Vec<Step>, note: &str) -> Mark {
        Mark { at, look: "mark", note: Some(note.into()) }
    }

    #[test]
    fn what_is_wrong_is_marked_and_what_is_missing_has_a_line() {
        let marks = [
            mark(Step::of(&["a", "b", "[]", "c"]), "too small"),
            mark(Step::of(&["e", "{}", "<card>", "no"]), "is missing"),
            mark(Step::of(&["total", "net"]), "is missing"),
            mark(Step::of(&["total", "gross"]), "said already"),
            mark(Step::of_pointer("/a/b/1"), "no object"),
        ];
        let json = r#"{"z":1.10,"a":{"b":[{"c":1,"d":[]},7]},"e":{"x":{"kind":"card"}}}"#;
        insta::assert_snapshot!(told(&lines(json, &marks).unwrap()), @r#"
        same {
        same   "z": 1.10,
        same   "a": {
        same     "b": [
        same       {
        mark         "c": 1,  <- too small
        same         "d": []
        same       },
        mark       7  <- no object
        same     ]
        same   },
        same   "e": {
        same     "x": {
        same       "kind": "card"
        gap        "no": …  <- is missing
        same     }
        same   }
        gap    "total": …  <- is missing
        same }
        "#);
    }

    #[test]
    fn a_payload_of_any_depth_is_shown() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(lines(&deep, &[]).unwrap().len(), 2 * DEEPEST + 1);
        assert!(lines("{", &[]).is_none());
    }

    #[test]
    fn a_comma_makes_no_line_a_new_one() {
        let old = lines(r#"{"a":1,"b":2}"#, &[]).unwrap();
        let mut new = lines(r#"{"a":1,"b":2,"c":3}"#, &[]).unwrap();
        mark_new(&old, &mut new);
        insta::assert_snapshot!(told(&new), @r#"
        same {
        same   "a": 1,
        same   "b": 2,
        plus   "c": 3
        same }
        "#);
    }

    proptest! {
        #[test]
        fn lines_without_marks_are_the_payload(text in "[a-z\"\\\\ é]{0,8}", number in any::<f64>(), flag: bool) {
            let json = serde_json::json!({ "a": [text, { "b": number, &text: flag }, []], "c": {}, "d": null });
            let all: Vec<String> = lines(&json.to_string(), &[]).unwrap().into_iter().map(|line| line.text).collect();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&all.join("\n")).unwrap(), json);
        }
    }
}

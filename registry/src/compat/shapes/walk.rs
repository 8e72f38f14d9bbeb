//! Both shapes side by side, as far down as something is refused. A place is blamed by asking the engine for a whole payload that a
//! consumer refuses who looks at that place alone; where there is none, the place cannot be reached and is not blamed.

use super::{Finding, Reason, lower::Lower, reason::differently, verify::Verify};
use crate::compat::{
    Record,
    containment::{Answer, Arena, Budget, Kinds, Name, NodeId, Questions, Schema, TRUE, ValueId},
};
use isobar_model::{Field, Presence, Shape, ShapeKind, TypeName, shape::Union};
use std::collections::HashSet;

/// Findings at most: beyond them nobody reads on.
const MOST: usize = 100;

/// So far down it is looked what exactly is to blame.
const DEPTH: usize = 40;

#[derive(Clone, Copy)]
enum Step {
    Member(Name),
    Item,
    Value,
    /// The record itself, if its tag has the value.
    Branch(Name, ValueId),
}

/// Where the walk is.
#[derive(Clone, Default)]
struct Place {
    path: String,
    steps: Vec<Step>,
}

impl Place {
    fn with(&self, text: &str, step: Step) -> Place {
        let dot = if matches!(step, Step::Member(_)) && !self.path.is_empty() { "." } else { "" };
        let steps = self.steps.iter().copied().chain([step]).collect();
        Place { path: format!("{}{dot}{text}", self.path), steps }
    }
}

pub(super) struct Walk<'a, 'b> {
    questions: Questions<'b>,
    writer: Lower<'a>,
    reader: Lower<'a>,
    sides: (Record<'a>, Record<'a>),
    roots: [NodeId; 2],
    verify: Verify<'a>,
    met: HashSet<(&'a TypeName, &'a TypeName)>,
    findings: Vec<Finding>,
}

impl<'a, 'b> Walk<'a, 'b> {
    pub(super) fn new(
        arena: &'b mut Arena,
        budget: Budget,
        (writer, reader): (Lower<'a>, Lower<'a>),
        sides: (Record<'a>, Record<'a>),
        roots: [NodeId; 2],
    ) -> Self {
        let questions = Questions::new(arena, budget);
        let (met, findings) = Default::default();
        Walk { questions, writer, reader, sides, roots, verify: Verify::new(sides), met, findings }
    }

    pub(super) fn findings(mut self) -> Vec<Finding> {
        let [_, reader] = self.roots;
        let top = Place::default();
        if self.holds(self.roots) {
            return Vec::new();
        }
        let (writer_fields, reader_fields) = (self.sides.0.fields, self.sides.1.fields);
        self.records(&top, writer_fields, reader_fields);
        if self.findings.is_empty() {
            let message = "consumers refuse some of what is written".to_owned();
            self.blame(&top, reader, Reason::Kind, message);
        }
        self.findings
    }

    fn holds(&mut self, [writer, reader]: [NodeId; 2]) -> bool {
        matches!(self.questions.ask(writer, reader), Answer::Contained)
    }

    fn records(&mut self, place: &Place, writer: &'a [Field], reader: &'a [Field]) {
        for field in reader {
            let wire = field.wire_name();
            let name = self.questions.arena().values.name(wire);
            let inner = place.with(wire, Step::Member(name));
            let written = writer.iter().find(|it| it.wire_name() == wire);
            let there = written.is_some_and(|it| it.presence != Presence::Optional);
            if field.presence == Presence::Required && !there {
                let mut present = Schema::default();
                present.object_mut().required.push(name);
                let node = self.add(present);
                let (reason, what) = match written {
                    Some(_) => (Reason::Absent, "may be absent"),
                    None => (Reason::Missing, "is not written"),
                };
                let message = format!("consumers need `{}`, which {what}", inner.path);
                self.blame_at(place, &inner.path, node, reason, message);
            }
            if let Some(written) = written {
                let (from, to) = (self.writer_field(written), self.reader_field(field));
                self.pair(&inner, (&written.shape, &field.shape), [from, to]);
            }
        }
    }

    fn writer_field(&mut self, field: &'a Field) -> NodeId {
        let arena = self.questions.arena();
        let top = arena.origin_of(crate::compat::containment::Side::Writer);
        self.writer.field(arena, field, top)
    }

    fn reader_field(&mut self, field: &'a Field) -> NodeId {
        let arena = self.questions.arena();
        let top = arena.origin_of(crate::compat::containment::Side::Reader);
        self.reader.field(arena, field, top)
    }

    fn shapes(&mut self, writer: &'a Shape, reader: &'a Shape) -> [NodeId; 2] {
        let arena = self.questions.arena();
        let tops = [
            arena.origin_of(crate::compat::containment::Side::Writer),
            arena.origin_of(crate::compat::containment::Side::Reader),
        ];
        [self.writer.shape(arena, writer, tops[0]), self.reader.shape(arena, reader, tops[1])]
    }

    fn add(&mut self, schema: Schema) -> NodeId {
        let arena = self.questions.arena();
        let top = arena.origin_of(crate::compat::containment::Side::Reader);
        arena.add(schema, top)
    }

    /// Two shapes at one place. Whether they are to blame, or something inside of them, or they were met before.
    fn pair(&mut self, place: &Place, (writer, reader): (&'a Shape, &'a Shape), nodes: [NodeId; 2]) {
        if self.findings.len() >= MOST || self.holds(nodes) {
            return;
        }
        if let (ShapeKind::Ref(a), ShapeKind::Ref(b)) = (&writer.kind, &reader.kind)
            && !self.met.insert((a, b))
        {
            return;
        }
        let before = self.findings.len();
        let (w, r) = (self.sides.0.types.resolve(writer), self.sides.1.types.resolve(reader));
        let own = if place.steps.len() < DEPTH { self.inside(place, w, r, nodes[1]) } else { None };
        let reason = Reason::between(w, r);
        let message = differently(&place.path, w, r);
        if let Some(own) = own {
            self.blame(place, own, reason, message);
        } else if self.findings.len() == before {
            self.blame(place, nodes[1], reason, message);
        }
    }

    /// Looks inside of two shapes, and gives what the reader asks of the whole beside that, if it can be told apart.
    fn inside(&mut self, place: &Place, writer: &'a Shape, reader: &'a Shape, node: NodeId) -> Option<NodeId> {
        use ShapeKind::{List, Map, Record, Set};
        match (&writer.kind, &reader.kind) {
            (Record(w), Record(r)) => {
                self.records(place, w, r);
                None
            }
            (ShapeKind::Union(w), ShapeKind::Union(r)) if w.tag == r.tag => {
                self.unions(place, w, r);
                None
            }
            (List(w) | Set(w), List(r) | Set(r)) => {
                let items = self.shapes(w, r);
                self.pair(&place.with("[]", Step::Item), (w, r), items);
                let mut own = Schema::default();
                let rules = own.array_mut();
                rules.unique = matches!(reader.kind, Set(_));
                (rules.min, rules.max) = (reader.bounds.min_length.unwrap_or(0), reader.bounds.max_length);
                Some(self.add(own))
            }
            (Map(w), Map(r)) => {
                let values = self.shapes(w, r);
                self.pair(&place.with("{}", Step::Value), (w, r), values);
                let mut own = Schema::default();
                let rules = own.object_mut();
                (rules.min, rules.max) = (reader.bounds.min_length.unwrap_or(0), reader.bounds.max_length);
                Some(self.add(own))
            }
            _ => Some(node),
        }
    }

    fn unions(&mut self, place: &Place, writer: &'a Union, reader: &'a Union) {
        let values = &mut self.questions.arena().values;
        let tag = values.name(&writer.tag);
        let tags: Vec<ValueId> = writer.branches.iter().map(|(value, _)| values.add_text(&value.value)).collect();
        for ((value, shape), id) in writer.branches.iter().zip(tags) {
            let text = format!("<{}>", value.value);
            match reader.branches.iter().find(|(known, _)| known.value == value.value) {
                Some((_, known)) => {
                    let (w, r) = (self.sides.0.types.resolve(shape), self.sides.1.types.resolve(known));
                    if let (ShapeKind::Record(w), ShapeKind::Record(r)) = (&w.kind, &r.kind) {
                        if let (ShapeKind::Ref(a), ShapeKind::Ref(b)) = (&shape.kind, &known.kind)
                            && !self.met.insert((a, b))
                        {
                            continue;
                        }
                        self.records(&place.with(&text, Step::Branch(tag, id)), w, r);
                    }
                }
                None => {
                    let only = self.add({
                        let mut only = Schema::default();
                        only.allow_only([id]);
                        only
                    });
                    let mut other = Schema::default();
                    other.logic_mut().not.push(only);
                    let other = self.add(other);
                    let mut node = Schema::default();
                    node.object_mut().properties.push((tag, other));
                    let node = self.add(node);
                    let path = format!("{}{text}", place.path);
                    let message = format!("consumers do not know the branch `{}` of `{}`", value.value, place.path);
                    self.blame_at(place, &path, node, Reason::Branch, message);
                }
            }
        }
    }

    fn blame(&mut self, place: &Place, node: NodeId, reason: Reason, message: String) {
        self.blame_at(place, &place.path, node, reason, message);
    }

    /// Adds a finding, if there is a payload that a consumer refuses who only asks `node` of the place.
    fn blame_at(&mut self, place: &Place, path: &str, node: NodeId, reason: Reason, message: String) {
        let mut nodes = vec![node];
        for step in place.steps.iter().rev() {
            let inner = *nodes.last().unwrap_or(&TRUE);
            let outer = self.around(*step, inner);
            nodes.push(outer);
        }
        let whole = *nodes.last().unwrap_or(&TRUE);
        let path = path.to_owned();
        let [writer, _] = self.roots;
        let finding = match self.questions.ask(writer, whole) {
            Answer::Contained => return,
            Answer::Escapes(value) => {
                let payload = self.questions.arena().values.to_json(value).filter(|it| self.verify.confirms(it));
                let Some(payload) = payload else {
                    let message = format!("{message}, but no payload was found that proves it");
                    self.findings.push(Finding {
                        path,
                        pointer: String::new(),
                        reason: Reason::Undecided,
                        message,
                        witness: None,
                    });
                    return;
                };
                nodes.reverse();
                let pointer = self.locate(&place.steps, &nodes, value);
                Finding { path, pointer, reason, message, witness: Some(payload) }
            }
            Answer::Unknown(unknown) => {
                let keyword =
                    if unknown.keyword.is_empty() { String::new() } else { format!(" (`{}`)", unknown.keyword) };
                let message =
                    format!("it is not known whether consumers read all of `{path}`: {}{keyword}", unknown.why);
                Finding { path, pointer: String::new(), reason: Reason::Undecided, message, witness: None }
            }
        };
        self.findings.push(finding);
    }

    /// What a consumer asks who only looks one step further.
    fn around(&mut self, step: Step, inner: NodeId) -> NodeId {
        let mut out = Schema::default();
        match step {
            Step::Member(name) => out.object_mut().properties.push((name, inner)),
            Step::Item => out.array_mut().items = Some(inner),
            Step::Value => out.object_mut().others = Some(inner),
            Step::Branch(tag, value) => {
                let mut only = Schema::default();
                only.allow_only([value]);
                let only = self.add(only);
                let mut branch = Schema::of(Kinds::OBJECT);
                branch.object_mut().properties.push((tag, only));
                branch.object_mut().required.push(tag);
                let branch = self.add(branch);
                out.logic_mut().conditions.push((branch, inner, TRUE));
            }
        }
        self.add(out)
    }

    /// The JSON pointer of the place in a payload: of items and values of maps, of the first that is refused.
    fn locate(&mut self, steps: &[Step], nodes: &[NodeId], whole: ValueId) -> String {
        use crate::compat::containment::Value;
        let mut out = String::new();
        let mut at = whole;
        for (step, inner) in steps.iter().zip(nodes.iter().skip(1)) {
            let refused = |walk: &mut Self, value: ValueId| walk.questions.has(*inner, value) == Some(false);
            let found = match (step, self.questions.arena().values.get(at).clone()) {
                (Step::Branch(..), _) => continue,
                (Step::Item, Value::Array(items)) => {
                    let index = (0..items.len()).find(|index| refused(self, items[*index]));
                    index.map(|index| (index.to_string(), items[index]))
                }
                (Step::Member(name), Value::Object(members)) => {
                    members.iter().find(|(it, _)| it == name).map(|(name, value)| (self.text(*name), *value))
                }
                (Step::Value, Value::Object(members)) => {
                    let member = members.iter().copied().find(|(_, value)| refused(self, *value));
                    member.map(|(name, value)| (self.text(name), value))
                }
                _ => None,
            };
            let Some((token, value)) = found else { break };
            out = format!("{out}/{}", token.replace('~', "~0").replace('/', "~1"));
            at = value;
        }
        out
    }

    fn text(&mut self, name: Name) -> String {
        self.questions.arena().values.text(name).to_string()
    }
}

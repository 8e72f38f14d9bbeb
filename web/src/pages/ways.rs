//! Which field makes which in a whole workspace, as far as expressions and names say it. It is worked out once; nothing is shown here.

use super::fields::{covers, mentions};
use isobar_model::{
    Field, Model, Span,
    model::{Assignment, Name, ProjectionAction},
};
use std::collections::{HashMap, HashSet, VecDeque};

/// A message or a read model: its kind and name.
type Part = (&'static str, Name);

/// A field of a part, or all of it, where the field is empty.
#[derive(Debug)]
struct At {
    part: usize,
    field: String,
}

/// One field makes another.
#[derive(Debug)]
struct Made {
    from: usize,
    to: usize,
    /// The expression; none where it goes over as it is.
    how: Option<Span>,
}

/// All ways from field to field.
#[derive(Debug, Default)]
pub(super) struct Ways {
    parts: Vec<Part>,
    numbers: HashMap<Part, usize>,
    fields: Vec<At>,
    made: Vec<Made>,
    /// What is made of each part, and what each part is made of, as places in `made`.
    after: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
}

/// A field that is reached, how it is made, and how far it is.
pub(super) struct Reached<'a> {
    pub(super) kind: &'static str,
    pub(super) name: &'a Name,
    pub(super) field: &'a str,
    pub(super) how: Option<Span>,
    pub(super) depth: usize,
}

/// In which way it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Before,
    After,
}

/// What is known while the ways are gathered: the number of each field.
struct Builder {
    ways: Ways,
    known: HashMap<(usize, String), usize>,
}

impl Ways {
    /// Every field of a model that makes another.
    pub(super) fn of(model: &Model) -> Ways {
        let mut all = Builder { ways: Ways::default(), known: HashMap::new() };
        for (context, it) in model.contexts.iter() {
            let full = |own: &String| Name { context: context.clone(), name: own.clone() };
            for (own, command) in it.commands.iter() {
                let (from, given) = (all.part("command", &full(own)), names(command.fields.as_ref()));
                for event in &command.emits {
                    let to = all.part("event", &event.value);
                    all.passed((from, &given), (to, &fields_of(model, &event.value)), &command.fill);
                }
            }
            for policy in it.policies.values() {
                for event in &policy.when {
                    let (from, given) = (all.part("event", &event.value), fields_of(model, &event.value));
                    for command in &policy.then {
                        let wanted = names(model.command(&command.value).and_then(|it| it.fields.as_ref()));
                        let to = all.part("command", &command.value);
                        all.passed((from, &given), (to, &wanted), &policy.fill);
                    }
                }
            }
            for (own, read_model) in it.read_models.iter() {
                let to = all.part("read-model", &full(own));
                for projection in &read_model.from {
                    let given = fields_of(model, &projection.event.value);
                    if let ProjectionAction::Insert(set)
                    | ProjectionAction::Update(set)
                    | ProjectionAction::Upsert(set) = &projection.action
                    {
                        let from = all.part("event", &projection.event.value);
                        all.passed((from, &given), (to, &[]), set);
                    }
                }
            }
            for (own, event) in it.events.iter() {
                if let Some(source) = &event.from {
                    let (from, to) = (all.part("event", &source.value), all.part("event", &full(own)));
                    let wanted = names(event.fields.as_ref());
                    all.passed((from, &fields_of(model, &source.value)), (to, &wanted), &event.fill);
                }
            }
        }
        all.ways
    }

    /// Everything that is reached from a field, the nearest first, each field once.
    pub(super) fn reached(&self, part: Part, field: &str, way: Way) -> Vec<Reached<'_>> {
        let (mut steps, mut seen) = (Vec::new(), HashSet::new());
        let Some(part) = self.numbers.get(&part) else { return steps };
        // Where it begins is not where it leads.
        seen.insert((*part, field));
        let mut todo = VecDeque::from([(*part, field, 0)]);
        let beside = if way == Way::After { &self.after } else { &self.before };
        while let Some((part, field, depth)) = todo.pop_front() {
            for number in &beside[part] {
                let it = &self.made[*number];
                let (near, far) = if way == Way::After { (it.from, it.to) } else { (it.to, it.from) };
                let (near, far) = (&self.fields[near], &self.fields[far]);
                if covers(&near.field, field) && seen.insert((far.part, &far.field)) {
                    let (kind, name) = &self.parts[far.part];
                    steps.push(Reached { kind, name, field: &far.field, how: it.how, depth });
                    todo.push_back((far.part, &far.field, depth + 1));
                }
            }
        }
        steps
    }
}

impl Builder {
    fn part(&mut self, kind: &'static str, name: &Name) -> usize {
        let Ways { parts, numbers, after, before, .. } = &mut self.ways;
        *numbers.entry((kind, name.clone())).or_insert_with_key(|part| {
            parts.push(part.clone());
            after.push(Vec::new());
            before.push(Vec::new());
            parts.len() - 1
        })
    }

    fn field(&mut self, part: usize, field: &str) -> usize {
        let fields = &mut self.ways.fields;
        *self.known.entry((part, field.to_owned())).or_insert_with(|| {
            fields.push(At { part, field: field.to_owned() });
            fields.len() - 1
        })
    }

    fn make(&mut self, from: (usize, &str), to: (usize, &str), how: Option<Span>) {
        let number = self.ways.made.len();
        self.ways.after[from.0].push(number);
        self.ways.before[to.0].push(number);
        let (from, to) = (self.field(from.0, from.1), self.field(to.0, to.1));
        self.ways.made.push(Made { from, to, how });
    }

    /// What one side gives to the other: fields of the same name, unless they are filled in otherwise.
    fn passed(&mut self, (from, given): (usize, &[&str]), (to, wanted): (usize, &[&str]), fill: &[Assignment]) {
        let filled = |field: &str| fill.iter().any(|it| it.target.value.first().is_some_and(|first| first == field));
        for field in wanted.iter().filter(|field| given.contains(field) && !filled(field)) {
            self.make((from, field), (to, field), None);
        }
        for set in fill {
            let mut sources: Vec<&str> = given.iter().copied().filter(|field| mentions(&set.expr, field)).collect();
            if sources.is_empty() {
                // A value, a hook, or something of the envelope: it is given there, and by no field.
                sources.push("");
            }
            for source in sources {
                self.make((from, source), (to, &set.target.value.join(".")), Some(set.expr.span));
            }
        }
    }
}

fn fields_of<'a>(model: &'a Model, event: &Name) -> Vec<&'a str> {
    names(model.event(event).and_then(|it| it.fields.as_ref()))
}

fn names(fields: Option<&Vec<Field>>) -> Vec<&str> {
    fields.into_iter().flatten().map(|field| field.name.value.as_str()).collect()
}

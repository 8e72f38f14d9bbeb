//! Random models in three editions, each the next release of the one before, and payloads near to what their versions read:
//! majors with ways up and back, hooks, minors, renames, splits, merges and ends.

mod change;
mod payload;
mod types;

pub use change::Hook;
pub use payload::payload;

use crate::Dice;
use change::{Field, Hop, Presence, Site};
use std::{collections::BTreeMap, fmt::Write};
use types::{Named, Ty};

/// How many editions a model has. The last one is left a draft.
pub const EDITIONS: usize = 3;

/// A model of one context.
#[derive(Clone, Debug)]
pub struct Storm {
    /// The context.
    pub context: String,
    /// What is released one after the other.
    pub editions: Vec<String>,
    /// The functions that it calls.
    pub hooks: Vec<Hook>,
}

impl Storm {
    /// An edition without hooks: the expressions that they compute stand in their places.
    pub fn spelled_out(&self, edition: usize) -> String {
        let mut text = self.editions[edition].clone();
        for hook in &self.hooks {
            text = text.replace(&format!("fn({})", hook.name), &format!("'{}'", hook.expression));
        }
        text
    }
}

/// The hooks of models as Rust: a type `Hooks` with every trait that it implements.
pub fn hooks_in_rust(storms: &[Storm]) -> String {
    let mut by_trait: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for hook in storms.iter().flat_map(|storm| &storm.hooks).filter(|hook| !hook.of.is_empty()) {
        by_trait.entry(&hook.of).or_default().push(&hook.rust);
    }
    let mut text = String::from("struct Hooks;\n");
    for (name, functions) in by_trait {
        let _ = write!(text, "\nimpl {name} for Hooks {{\n{}}}\n", functions.concat());
    }
    text
}

/// A random model with so many events at first, called `Event0` and on, all of them of the aggregate `Thing`.
pub fn storm(seed: u64, context: &str, events: usize) -> Storm {
    let mut dice = Dice::new(seed);
    let named = Named::new(&mut dice);
    let mut model = Model { context, named, events: Vec::new(), hooks: Vec::new(), ids: 0 };
    for n in 0..events {
        let mut fields = vec![Field::required("key".into(), Ty::scalar("string"))];
        for _ in 0..1 + dice.roll(6) {
            fields.push(model.field(&mut dice));
        }
        let event =
            Event { name: format!("Event{n}"), n, fields, major: 1, examples: dice.roll(3) > 0, state: State::Alive };
        let text = event.text(&[]);
        model.events.push((event, text));
    }
    let mut editions = vec![model.text(0)];
    for edition in 1..EDITIONS {
        model.go_on(edition, &mut dice);
        editions.push(model.text(edition));
    }
    Storm { context: context.into(), editions, hooks: model.hooks }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Alive,
    /// Its data becomes that of others, or of none.
    Over,
    /// It is not spoken of any more.
    Merged,
}

#[derive(Clone, Debug)]
struct Event {
    name: String,
    n: usize,
    fields: Vec<Field>,
    major: u32,
    /// Whether it has examples, which hooks need.
    examples: bool,
    state: State,
}

impl Event {
    /// What stands below its name: fields, and lines in front of them.
    fn text(&self, front: &[String]) -> String {
        let mut text = lines(4, front.iter().cloned());
        text += "        fields:\n";
        text += &lines(5, self.fields.iter().map(Field::line));
        if self.examples {
            let members: Vec<String> = self.fields.iter().filter_map(Field::example).collect();
            let _ = writeln!(text, "        examples:\n          - {{ {} }}", members.join(", "));
        }
        text
    }

    /// Where hooks that lead to a trait of this name are called: those of a major, or of what the event became.
    fn site(&self, context: &str, major: u32, of: &str, reads: u32) -> Option<Site> {
        let module = format!("{context}::{}", self.name.to_lowercase());
        let site =
            Site { of: format!("{module}::v{major}::{of}"), reads: format!("{module}::v{reads}::{}", self.name) };
        self.examples.then_some(site)
    }
}

/// Lines so many steps deep.
fn lines(depth: usize, all: impl Iterator<Item = String>) -> String {
    all.map(|line| format!("{}{line}\n", "  ".repeat(depth))).collect()
}

/// A key with lines below it, if there are any.
fn below(key: &str, all: &[String]) -> Vec<String> {
    if all.is_empty() {
        return Vec::new();
    }
    let inner = all.iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{key}:")).chain(inner).collect()
}

fn removed(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("removed: [{}]", names.join(", ")))
}

struct Model<'a> {
    context: &'a str,
    named: Named,
    /// Every event with its text.
    events: Vec<(Event, String)>,
    hooks: Vec<Hook>,
    ids: u32,
}

impl Model<'_> {
    fn id(&mut self) -> String {
        self.ids += 1;
        self.ids.to_string()
    }

    fn field(&mut self, dice: &mut Dice) -> Field {
        let presence =
            [Presence::Required, Presence::Required, Presence::Required, Presence::Optional, Presence::Default];
        let presence = presence[dice.roll(5) as usize];
        Field { name: format!("f{}", self.id()), ty: self.named.ty(dice), presence, wire: dice.roll(8) == 0 }
    }

    fn text(&self, edition: usize) -> String {
        let types = if edition == 0 { &self.named.first } else { &self.named.grown };
        let mut text = format!("context: {}\n{types}aggregates:\n  Thing:\n    key: key\n    events:\n", self.context);
        for (event, body) in self.events.iter().filter(|(event, _)| event.state != State::Merged) {
            let _ = write!(text, "      {}:\n{body}", event.name);
        }
        text
    }

    /// Every event as it is in the next edition.
    fn go_on(&mut self, edition: usize, dice: &mut Dice) {
        let last = edition + 1 == EDITIONS;
        let mut waiting = None;
        for at in 0..self.events.len() {
            let (event, text) = self.events[at].clone();
            if event.state == State::Over && text.is_empty() && dice.roll(2) == 0 {
                // Once the merge was released, its sources need not stand there.
                self.events[at].0.state = State::Merged;
            }
            if event.state != State::Alive {
                continue;
            }
            if text.contains("merged_from") {
                // Nor need what was said of it.
                self.events[at].1 = event.text(&[]);
            }
            match dice.roll(12) {
                0 => {}
                1 | 2 => self.minor(at, dice),
                3 if !event.name.starts_with("Merged") => {
                    // Nothing is generated for it any more, nor would it be for what became it.
                    let module = format!("::{}::", event.name.to_lowercase());
                    self.hooks.iter_mut().filter(|hook| hook.of.contains(&module)).for_each(|hook| hook.of.clear());
                    self.end(at, "        dropped: true\n".into());
                }
                4 | 5 if last => self.split(at, dice),
                6 | 7 => match waiting.take() {
                    None => waiting = Some(at),
                    Some(other) => self.merge(at, other, dice),
                },
                8 if event.name.starts_with("Event") => self.major(at, true, dice),
                _ => self.major(at, false, dice),
            }
        }
    }

    fn end(&mut self, at: usize, text: String) {
        self.events[at].0.state = State::Over;
        self.events[at].1 = text;
    }

    fn minor(&mut self, at: usize, dice: &mut Dice) {
        let presence = [Presence::Optional, Presence::Default][dice.roll(2) as usize];
        let field = Field { presence, ..self.field(dice) };
        let (event, text) = &mut self.events[at];
        event.fields.push(field);
        *text = event.text(&[]);
    }

    fn major(&mut self, at: usize, renamed: bool, dice: &mut Dice) {
        let old = self.events[at].0.clone();
        let mut new = old.clone();
        new.major += 1;
        let mut front = Vec::new();
        if renamed {
            new.name = format!("Renamed{}", old.n);
            front.push(format!("renamed_from: {}", old.name));
            // Its older versions stand under its newest name too.
            for hook in &mut self.hooks {
                for text in [&mut hook.of, &mut hook.rust] {
                    let module = |name: &str| format!("::{}::", name.to_lowercase());
                    *text = text.replace(&module(&old.name), &module(&new.name));
                    *text = text.replace(&format!("::{})", old.name), &format!("::{})", new.name));
                }
            }
        }
        let site = |of: &str, reads: u32| new.site(self.context, new.major, of, reads);
        let mut hop =
            Hop { sites: [site("UpgradeHooks", old.major), site("DowngradeHooks", new.major)], ..Hop::default() };
        hop.fields.push(old.fields[0].clone());
        for field in &old.fields[1..] {
            let id = self.id();
            hop.change(field, &id, dice);
        }
        // One that is new for certain makes it a major.
        let since = Field::required(format!("since{}", self.id()), self.named.ty(dice));
        hop.up.push(format!("{}: {}", since.name, since.ty.sample));
        hop.fields.push(since);
        front.extend(below("upgrade", &hop.up));
        if dice.roll(4) > 0 {
            front.extend(below("downgrade", &hop.down));
        } else {
            hop.hooks.retain(|hook| !hook.name.starts_with("down"));
        }
        front.extend(removed(&hop.removed));
        new.fields = hop.fields;
        self.hooks.extend(hop.hooks);
        let text = new.text(&front);
        self.events[at] = (new, text);
    }

    /// One event becomes two, each field of which comes from it.
    fn split(&mut self, at: usize, dice: &mut Dice) {
        let old = self.events[at].0.clone();
        let names = [format!("Left{}", old.n), format!("Right{}", old.n)];
        let part = |name: &String| {
            let site = old.site(self.context, old.major, &format!("Into{name}Hooks"), old.major);
            Hop { fields: vec![old.fields[0].clone()], sites: [site, None], ..Hop::default() }
        };
        let mut parts = [part(&names[0]), part(&names[1])];
        let mut gone = Vec::new();
        for field in &old.fields[1..] {
            match dice.roll(5) {
                0 => gone.push(field.name.clone()),
                1 => parts.iter_mut().for_each(|part| part.fields.push(field.clone())),
                n => {
                    let id = self.id();
                    parts[n as usize % 2].change(field, &id, dice);
                }
            }
        }
        let mut upgrade = Vec::new();
        for (name, part) in names.iter().zip(parts) {
            upgrade.extend(below(name, &part.up));
            gone.extend(part.removed);
            self.hooks.extend(part.hooks);
            let new = Event { name: name.clone(), fields: part.fields, major: 1, ..old.clone() };
            let text = new.text(&[]);
            self.events.push((new, text));
        }
        let mut text = vec![format!("splits_into: [{}]", names.join(", "))];
        text.extend(below("upgrade", &upgrade));
        text.extend(removed(&gone));
        self.end(at, lines(4, text.into_iter()));
    }

    /// Two events become one: the fields of the first, changed, which the second gives as well as it can.
    fn merge(&mut self, at: usize, other: usize, dice: &mut Dice) {
        let (old, other_event) = (self.events[at].0.clone(), self.events[other].0.clone());
        let name = format!("Merged{}", self.id());
        let site = old.site(self.context, old.major, &format!("Into{name}Hooks"), old.major);
        let mut hop = Hop { fields: vec![old.fields[0].clone()], sites: [site, None], ..Hop::default() };
        for field in &old.fields[1..] {
            let id = self.id();
            hop.change(field, &id, dice);
        }
        let mut free: Vec<&Field> = other_event.fields[1..].iter().collect();
        let mut given = Vec::new();
        for field in &hop.fields[1..] {
            let same = |it: &&Field| it.ty.text == field.ty.text && it.presence == field.presence && !it.ty.in_place();
            match free.iter().position(same) {
                Some(found) => given.push(format!("{}: ${}", field.name, free.remove(found).name)),
                None if field.presence == Presence::Required => {
                    given.push(format!("{}: {}", field.name, field.ty.sample))
                }
                None => {}
            }
        }
        let mut gone = hop.removed;
        gone.extend(free.iter().map(|field| field.name.clone()));
        let mut upgrade = below(&old.name, &hop.up);
        upgrade.extend(below(&other_event.name, &given));
        let mut front = vec![format!("merged_from: [{}, {}]", old.name, other_event.name)];
        front.extend(below("upgrade", &upgrade));
        front.extend(removed(&gone));
        self.hooks.extend(hop.hooks);
        let new = Event { name, fields: hop.fields, major: 1, ..old };
        let text = new.text(&front);
        self.end(at, String::new());
        self.end(other, String::new());
        self.events.push((new, text));
    }
}

//! Random operations on a store and on a plain model of what they mean must answer the same and leave the same.

use isobar_registry::store::{
    Config, Conflict, Deleted, Deletion, Error, Level, Mode, Page, Reference, Registration, Schema, Scope, Store,
    Subject, What,
};
use isobar_store_tests::{Kind, schema};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Operation {
    Register(Subject, usize),
    /// Without a reading.
    First(Subject, usize),
    /// On a reading from before the operation that is nested.
    Late(Subject, usize, Box<Operation>),
    Import(Subject, usize, i64, Option<i64>),
    DeleteVersion(Subject, i64, Deletion),
    DeleteSubject(Subject, Deletion),
    Level(Scope, Option<Level>),
    Mode(Scope, Option<Mode>),
}
use Operation::{DeleteSubject, DeleteVersion, First, Import, Late, Register};

/// The `number`th of few schemas, of which the last two refer to versions.
fn of(number: usize) -> Schema {
    let refers =
        |context: &str, version| vec![Reference { name: "r".into(), subject: Subject::new(context, "a"), version }];
    match number {
        4 => Schema { references: refers(".", 1), ..schema(4) },
        5 => Schema { references: refers("x", 2), ..schema(5) },
        _ => schema(number),
    }
}

fn subjects() -> impl Strategy<Value = Subject> {
    select(vec![Subject::new(".", "a"), Subject::new(".", "b"), Subject::new("x", "a")])
}

fn operations() -> impl Strategy<Value = Operation> {
    let how = || select(vec![Deletion::Soft, Deletion::Soft, Deletion::Hard]);
    let scope = || {
        prop_oneof![
            Just(Scope::Global),
            select(vec![".", "x"]).prop_map(|it| Scope::Context(it.into())),
            subjects().prop_map(Scope::Subject),
        ]
    };
    let modes = [Mode::ReadWrite, Mode::ReadOnly, Mode::ReadOnlyOverride, Mode::Import, Mode::Import];
    let modes = modes.into_iter().map(Some).chain([None, None, None]).collect::<Vec<_>>();
    let simple = prop_oneof![
        4 => (subjects(), 0_usize..6).prop_map(|(it, number)| First(it, number)),
        8 => (subjects(), 0_usize..6).prop_map(|(it, number)| Register(it, number)),
        3 => (subjects(), 0_usize..6, 1_i64..12, proptest::option::of(1_i64..6))
            .prop_map(|(it, number, id, version)| Import(it, number, id, version)),
        4 => (subjects(), 1_i64..5, how()).prop_map(|(it, version, how)| DeleteVersion(it, version, how)),
        2 => (subjects(), how()).prop_map(|(it, how)| DeleteSubject(it, how)),
        1 => (scope(), proptest::option::of(select(Level::ALL)))
            .prop_map(|(scope, level)| Operation::Level(scope, level)),
        2 => (scope(), select(modes)).prop_map(|(scope, mode)| Operation::Mode(scope, mode)),
    ];
    prop_oneof![
        6 => simple.clone(),
        1 => (subjects(), 0_usize..6, simple).prop_map(|(it, number, first)| Late(it, number, Box::new(first))),
    ]
}

/// What an operation answers: numbers, or an error.
type Answer = Result<Vec<i64>, Error>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Live,
    Soft,
    Gone,
}

/// The meaning, as plainly as it can be said.
#[derive(Default)]
struct Model {
    schemas: BTreeMap<i64, usize>,
    /// Their ids, in the order in which they came.
    order: Vec<i64>,
    last_id: i64,
    held: BTreeMap<Subject, BTreeMap<i64, (i64, State)>>,
    levels: BTreeMap<(String, String), Level>,
    modes: BTreeMap<(String, String), Mode>,
    /// How often each thing that a registration rests on has changed.
    moves: BTreeMap<(String, String), usize>,
}

fn key(scope: &Scope) -> (String, String) {
    match scope {
        Scope::Global => (String::new(), String::new()),
        Scope::Context(context) => (context.clone(), String::new()),
        Scope::Subject(subject) => (subject.context.clone(), subject.name.clone()),
    }
}

impl Model {
    fn scopes(it: &Subject) -> [(String, String); 3] {
        [Scope::Subject(it.clone()), Scope::Context(it.context.clone()), Scope::Global].map(|scope| key(&scope))
    }

    fn mode(&self, it: &Subject) -> Mode {
        let own: Vec<Mode> = Self::scopes(it).iter().filter_map(|key| self.modes.get(key).copied()).collect();
        let overriding = own.contains(&Mode::ReadOnlyOverride);
        if overriding { Mode::ReadOnlyOverride } else { own.first().copied().unwrap_or(Mode::ReadWrite) }
    }

    fn level(&self, it: &Subject) -> Level {
        let nearest = Self::scopes(it).iter().find_map(|key| self.levels.get(key).copied());
        nearest.unwrap_or(Level::Backward)
    }

    fn read_only(&self, it: &Subject) -> bool {
        matches!(self.mode(it), Mode::ReadOnly | Mode::ReadOnlyOverride)
    }

    fn seen(&self, it: &Subject) -> usize {
        Self::scopes(it).iter().map(|key| self.moves.get(key).copied().unwrap_or(0)).sum()
    }

    fn moved(&mut self, scope: &Scope) {
        *self.moves.entry(key(scope)).or_default() += 1;
    }

    fn versions(&self, it: &Subject) -> Vec<(i64, i64, State)> {
        let held = self.held.get(it).into_iter().flatten();
        held.map(|(version, (id, state))| (*version, *id, *state)).filter(|it| it.2 != State::Gone).collect()
    }

    fn state(&self, it: &Subject, version: i64) -> Option<State> {
        self.held.get(it)?.get(&version).map(|(_, state)| *state)
    }

    fn register(&mut self, it: &Subject, number: usize, given: Option<(i64, Option<i64>)>, seen: usize) -> Answer {
        let live = self.versions(it).into_iter().rev();
        let had = live.filter(|it| it.2 == State::Live).find(|(_, id, _)| self.schemas[id] == number);
        if let Some((version, id, _)) = had {
            let same = given.is_none_or(|(wanted, at)| wanted == id && at.is_none_or(|at| at == version));
            if same {
                return Ok(vec![id, version, 0]);
            }
        }
        if self.seen(it) != seen {
            return Err(Error::Moved);
        }
        for reference in of(number).references {
            if self.state(&reference.subject, reference.version) != Some(State::Live) {
                return Err(Error::Missing(What::Reference));
            }
        }
        // The first that was given is the schema's own; those that were imported later are beside it.
        let own = self.order.iter().find(|id| self.schemas[id] == number).copied();
        let id = match (given, own) {
            (Some((wanted, _)), _) => match self.schemas.get(&wanted) {
                Some(has) if *has != number => return Err(Error::Conflict(Conflict::IdTaken(wanted))),
                _ => wanted,
            },
            (None, Some(own)) => own,
            (None, None) => self.last_id + 1,
        };
        let held = self.held.entry(it.clone()).or_default();
        let next = held.keys().next_back().map_or(1, |last| last + 1);
        let version = given.and_then(|(_, version)| version).unwrap_or(next);
        if held.contains_key(&version) {
            return Err(Error::Conflict(Conflict::VersionTaken(version)));
        }
        held.insert(version, (id, State::Live));
        if self.schemas.insert(id, number).is_none() {
            self.order.push(id);
        }
        self.last_id = self.last_id.max(id);
        self.moved(&Scope::Subject(it.clone()));
        Ok(vec![id, version, 1])
    }

    /// Whether a schema that is live, or only hidden, refers to a version.
    fn referenced(&self, it: &Subject, version: i64, how: Deletion) -> bool {
        self.held.values().flat_map(|held| held.values()).any(|(id, state)| {
            let counts = *state == State::Live || (how == Deletion::Hard && *state == State::Soft);
            let refers = |reference: &Reference| (&reference.subject, reference.version) == (it, version);
            counts && of(self.schemas[id]).references.iter().any(refers)
        })
    }

    fn delete(&mut self, it: &Subject, versions: &[i64], how: Deletion) -> Answer {
        let (from, to) = match how {
            Deletion::Soft => (State::Live, State::Soft),
            Deletion::Hard => (State::Soft, State::Gone),
        };
        for version in versions {
            match (self.state(it, *version), how) {
                (Some(state), _) if state == from => {}
                (_, Deletion::Soft) => return Err(Error::Conflict(Conflict::AlreadyDeleted)),
                (_, Deletion::Hard) => return Err(Error::Conflict(Conflict::NotYetDeleted)),
            }
        }
        if self.read_only(it) {
            return Err(Error::Conflict(Conflict::ReadOnly));
        }
        let before = self.held.clone();
        for version in versions {
            if self.referenced(it, *version, how) {
                self.held = before;
                return Err(Error::Conflict(Conflict::Referenced));
            }
            if let Some((_, state)) = self.held.get_mut(it).and_then(|held| held.get_mut(version)) {
                *state = to;
            }
        }
        self.moved(&Scope::Subject(it.clone()));
        Ok(versions.to_vec())
    }

    fn apply(&mut self, operation: &Operation) -> Answer {
        match operation {
            Register(it, _) | Import(it, ..) if self.read_only(it) => Err(Error::Conflict(Conflict::ReadOnly)),
            Register(it, number) => self.register(it, *number, None, self.seen(it)),
            First(it, _) if self.mode(it) != Mode::ReadWrite => Err(Error::Moved),
            First(it, number) => {
                let fresh = self.held.get(it).is_none_or(BTreeMap::is_empty);
                // One that was seen to have changed is as good as none that was seen.
                self.register(it, *number, None, if fresh { self.seen(it) } else { usize::MAX })
            }
            Import(it, ..) if self.mode(it) != Mode::Import => Err(Error::Conflict(Conflict::NotImporting)),
            Import(it, number, id, version) => self.register(it, *number, Some((*id, *version)), self.seen(it)),
            Late(it, number, first) => {
                let (seen, read_only) = (self.seen(it), self.read_only(it));
                // What the first answers is another operation's matter; that it did the same shows in what is left.
                let _ = self.apply(first);
                if read_only {
                    return Err(Error::Conflict(Conflict::ReadOnly));
                }
                self.register(it, *number, None, seen)
            }
            DeleteVersion(it, version, how) => {
                let versions = self.versions(it);
                let found = versions.iter().find(|held| held.0 == *version);
                match (versions.is_empty(), found) {
                    (true, _) => Err(Error::Missing(What::Subject)),
                    (false, None) => Err(Error::Missing(What::Version)),
                    (false, Some(_)) => self.delete(it, &[*version], *how),
                }
            }
            DeleteSubject(it, how) => {
                let versions = self.versions(it);
                let wanted = versions.iter().filter(|held| *how == Deletion::Hard || held.2 == State::Live);
                let wanted: Vec<i64> = wanted.map(|held| held.0).collect();
                match (versions.is_empty(), wanted.is_empty()) {
                    (true, _) => return Err(Error::Missing(What::Subject)),
                    (_, true) => return Err(Error::Conflict(Conflict::AlreadyDeleted)),
                    _ => {}
                }
                let deleted = self.delete(it, &wanted, *how)?;
                let own = key(&Scope::Subject(it.clone()));
                self.levels.remove(&own);
                self.modes.remove(&own);
                Ok(deleted)
            }
            Operation::Level(scope, level) => {
                self.moved(scope);
                match level {
                    Some(level) => drop(self.levels.insert(key(scope), *level)),
                    None => drop(self.levels.remove(&key(scope))),
                }
                Ok(Vec::new())
            }
            Operation::Mode(scope, mode) => {
                self.moved(scope);
                match mode {
                    Some(mode) => drop(self.modes.insert(key(scope), *mode)),
                    None => drop(self.modes.remove(&key(scope))),
                }
                Ok(Vec::new())
            }
        }
    }
}

async fn apply(store: &Store, operation: &Operation) -> Answer {
    let by = "t";
    let numbers = |it: isobar_registry::store::Registered| vec![it.id, it.version, i64::from(it.new)];
    match operation {
        Register(it, number) => {
            let registration = store.read(it).await?.propose(of(*number))?;
            store.register(by, registration).await.map(numbers)
        }
        First(it, number) => store.register(by, Registration::first(it.clone(), of(*number))).await.map(numbers),
        Import(it, number, id, version) => {
            let registration = store.read(it).await?.import(of(*number), *id, *version)?;
            store.register(by, registration).await.map(numbers)
        }
        Late(it, number, first) => {
            let reading = store.read(it).await?;
            let _ = Box::pin(apply(store, first)).await;
            store.register(by, reading.propose(of(*number))?).await.map(numbers)
        }
        DeleteVersion(it, version, how) => store.delete_version(by, it, *version, *how).await.map(|()| vec![*version]),
        DeleteSubject(it, how) => store.delete_subject(by, it, *how).await,
        Operation::Level(scope, level) => {
            let config = Config { level: *level, ..Config::default() };
            store.set_config(by, scope.clone(), config).await.map(|()| Vec::new())
        }
        Operation::Mode(scope, mode) => store.set_mode(by, scope.clone(), *mode).await.map(|()| Vec::new()),
    }
}

async fn compare(store: &Store, operations: &[Operation]) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    for operation in operations {
        let (expected, answered) = (model.apply(operation), apply(store, operation).await);
        prop_assert_eq!(answered, expected, "{:?}", operation);
    }
    prop_assert_eq!(store.last_id().await.unwrap(), model.last_id);
    let mut there = BTreeSet::new();
    for it in [Subject::new(".", "a"), Subject::new(".", "b"), Subject::new("x", "a")] {
        let held = store.versions(&it, Deleted::With).await.unwrap();
        let held: Vec<(i64, i64, State)> = held
            .iter()
            .map(|held| (held.version, held.id, if held.deleted { State::Soft } else { State::Live }))
            .collect();
        let expected = model.versions(&it);
        prop_assert_eq!(&held, &expected, "{:?}", it);
        let applied = store.applied(&it).await.unwrap();
        prop_assert_eq!((applied.level, applied.mode), (model.level(&it), model.mode(&it)));
        if expected.iter().any(|held| held.2 == State::Live) {
            there.insert(it);
        }
    }
    let listed = store.subjects(None, "", Deleted::Without, Page::ALL).await.unwrap();
    prop_assert_eq!(listed, there.into_iter().collect::<Vec<_>>());
    for (id, number) in &model.schemas {
        prop_assert_eq!(&store.schema(*id).await.unwrap().schema, &of(*number));
    }
    Ok(())
}

fn hold(kind: Kind, cases: u32, length: usize) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let strategy = vec(operations(), 1..length);
    let outcome = TestRunner::new(config).run(&strategy, |operations| {
        runtime.block_on(async {
            let place = kind.place();
            compare(&place.open().await, &operations).await
        })
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn sqlite_means_what_the_model_says() {
    hold(Kind::Memory, 300, 60);
}

#[test]
fn postgres_means_what_the_model_says() {
    hold(Kind::Postgres, 16, 60);
}

//! Numbers between two limits, on a lattice or not, without the points of other lattices and without a few single ones.

use super::{
    number::Number,
    schema::{Limit, Schema},
    tableau::Fact,
    value::{Value, ValueId, Values},
};

/// The most points of a lattice that are tried.
const POINTS: i128 = 20_000;

/// What a number must be.
#[derive(Default, Debug)]
pub(super) struct Numbers {
    min: Option<Limit>,
    max: Option<Limit>,
    multiples: Vec<Number>,
    not_multiples: Vec<Number>,
    except: Vec<Number>,
}

/// What was found.
pub(super) enum Found {
    Number(Number),
    Nothing,
    /// It could not be decided because of this keyword.
    Unknown(&'static str, &'static str),
}

impl Numbers {
    pub(super) fn of(schemas: &[&Schema], facts: &[Fact], values: &Values) -> Numbers {
        let mut out = Numbers::default();
        for rules in schemas.iter().filter_map(|schema| schema.number.as_deref()) {
            out.at_least(rules.min);
            out.at_most(rules.max);
            out.multiples.extend(rules.integer.then_some(Number::ONE));
            out.multiples.extend(&rules.multiples);
        }
        for fact in facts {
            match fact {
                Fact::Above(limit) => out.at_least(Some(*limit)),
                Fact::Below(limit) => out.at_most(Some(*limit)),
                Fact::NotMultiple(step) => out.not_multiples.push(*step),
                Fact::NotAmong(all) => {
                    let number = |id: &ValueId| match values.get(*id) {
                        Value::Number(number) => Some(*number),
                        _ => None,
                    };
                    out.except.extend(all.iter().filter_map(number));
                }
                _ => {}
            }
        }
        out
    }

    fn at_least(&mut self, limit: Option<Limit>) {
        let tighter = |new: &Limit, old: &Limit| new.at > old.at || (new.at == old.at && new.exclusive);
        self.min = tightest(self.min, limit, tighter);
    }

    fn at_most(&mut self, limit: Option<Limit>) {
        let tighter = |new: &Limit, old: &Limit| new.at < old.at || (new.at == old.at && new.exclusive);
        self.max = tightest(self.max, limit, tighter);
    }

    /// Whether no number can be there, as far as it shows at once.
    pub(super) fn conflict(&self) -> bool {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => min.at > max.at || (min.at == max.at && (min.exclusive || max.exclusive)),
            _ => false,
        }
    }

    fn allows(&self, number: Number) -> bool {
        self.min.is_none_or(|it| number > it.at || (!it.exclusive && number == it.at))
            && self.max.is_none_or(|it| number < it.at || (!it.exclusive && number == it.at))
            && self.multiples.iter().all(|step| number.is_multiple_of(*step))
            && !self.not_multiples.iter().any(|step| number.is_multiple_of(*step))
            && !self.except.contains(&number)
    }

    /// A number that can be written, a small one rather than a large one.
    pub(super) fn find(&self) -> Found {
        if self.conflict() {
            return Found::Nothing;
        }
        let usual = ["0", "1", "-1", "2", "0.5", "1.5", "-0.5", "10", "100", "-100", "0.1", "0.01", "0.001"];
        let usual = usual.into_iter().filter_map(Number::parse);
        if let Some(number) = { usual }.find(|number| self.is_writable(*number)) {
            return Found::Number(number);
        }
        let mut steps = self.multiples.iter().copied();
        let found = match steps.next() {
            None => self.anywhere(),
            Some(first) => match steps.try_fold(first, Number::common_multiple) {
                Some(step) => self.on_lattice(step),
                None => LARGE,
            },
        };
        if let Found::Unknown(..) = found {
            let limits = [self.min, self.max].into_iter().flatten().map(|limit| limit.at);
            let mut near = limits.flat_map(|at| [Some(at), at.rounded(1), at.rounded(-1)]).flatten();
            return near.find(|number| self.is_writable(*number)).map_or(found, Found::Number);
        }
        found
    }

    fn is_writable(&self, number: Number) -> bool {
        self.allows(number) && number.to_json().is_some()
    }

    /// Steps away from one end. Whether a point is of another lattice repeats after a period, so that there is a point in as many
    /// periods as there are single exceptions, and one more, or nowhere.
    fn on_lattice(&self, step: Number) -> Found {
        let mut period: i128 = 1;
        for other in &self.not_multiples {
            let Some(own) = step.common_multiple(*other).and_then(|both| both.quotient(step)) else { return LARGE };
            period = match common(period, own.0) {
                Some(period) if period <= POINTS => period,
                _ => return LARGE,
            };
        }
        let count = period.saturating_mul(self.except.len() as i128 + 1).saturating_add(2);
        // From the end that is nearer to zero, if there is one.
        let from = match (self.min, self.max) {
            (_, Some(max)) if !max.at.is_positive() => max.at.quotient(step).map(|(steps, _)| (steps, -1)),
            (Some(min), _) => min.at.quotient(step).map(|(steps, exact)| (steps + i128::from(!exact), 1)),
            (None, Some(max)) => max.at.quotient(step).map(|(steps, _)| (steps, -1)),
            (None, None) => Some((0, 1)),
        };
        let Some((start, direction)) = from else { return LARGE };
        let mut held = false;
        for at in 0..count.min(POINTS) {
            let Some(number) = step.times(start + at * direction) else { return LARGE };
            let is_beyond = match direction {
                1 => self.max.is_some_and(|max| number > max.at),
                _ => self.min.is_some_and(|min| number < min.at),
            };
            if is_beyond {
                return if held { unwritable() } else { Found::Nothing };
            }
            if self.is_writable(number) {
                return Found::Number(number);
            }
            held |= self.allows(number);
        }
        match held {
            true => unwritable(),
            false if count > POINTS => LARGE,
            false => Found::Nothing,
        }
    }

    /// Between two limits that are apart there are more numbers than all exceptions together take away.
    fn anywhere(&self) -> Found {
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min.at == max.at
        {
            return if self.allows(min.at) { unwritable() } else { Found::Nothing };
        }
        let mut candidates: Vec<Number> = Vec::new();
        match (self.min, self.max) {
            (Some(min), Some(max)) => {
                let mut at = min.at;
                for _ in 0..self.except.len() + 24 {
                    let Some(middle) = at.plus(max.at).and_then(Number::half) else { break };
                    candidates.push(middle);
                    at = middle;
                }
            }
            (limit, None) => away(limit, 1, self.except.len(), &mut candidates),
            (None, limit) => away(limit, -1, self.except.len(), &mut candidates),
        }
        candidates.into_iter().find(|number| self.is_writable(*number)).map_or_else(unwritable, Found::Number)
    }
}

const LARGE: Found = Found::Unknown("multipleOf", "the numbers are too large to be compared");

fn unwritable() -> Found {
    Found::Unknown("number", "there are such numbers, but none was found that can be written")
}

fn tightest(old: Option<Limit>, new: Option<Limit>, tighter: impl Fn(&Limit, &Limit) -> bool) -> Option<Limit> {
    match (old, new) {
        (Some(old), Some(new)) => Some(if tighter(&new, &old) { new } else { old }),
        (old, new) => old.or(new),
    }
}

/// Whole and broken numbers beyond a limit.
fn away(limit: Option<Limit>, direction: i64, exceptions: usize, out: &mut Vec<Number>) {
    let start = limit.map_or(Number::ZERO, |limit| limit.at);
    let parts = [0i128, 5, 25, 1, 3, 7];
    for whole in 1..=exceptions as i64 + 8 {
        for part in parts {
            let step = Number::from(whole).times(100).and_then(|it| it.plus(Number::from(part as i64)));
            let step = step.and_then(|it| Number::new(it.times(direction.into())?.whole()?, -2));
            out.extend(step.and_then(|step| step.plus(start)));
        }
    }
}

fn common(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b).map(i128::abs)
}

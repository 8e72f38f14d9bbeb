//! Text and bytes: of the lengths that are allowed, of other alphabets, and of patterns as far as they are ordinary.

use super::{LENGTH, Sample, lengths};
use isobar_model::{Value, shape::Bounds};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Texts within bounds, the plainest first and the longest last.
pub(super) fn strings(bounds: &Bounds) -> Vec<Sample> {
    let (least, most) = lengths(bounds);
    let longest = most.unwrap_or(300.max(least)).min(LENGTH);
    let mut texts: Vec<String> = match &bounds.pattern {
        Some(pattern) => matching(pattern),
        None => {
            let usual = ["a", "", "Ann B. Lee", "é€𝄞", "A,b;c-d_e@f.g"].map(str::to_owned);
            let sized = [least, least.max(40).min(longest), longest].map(|n| "a".repeat(n));
            usual.into_iter().chain(sized).collect()
        }
    };
    texts.retain(|text| {
        let length = text.chars().count();
        length >= least && most.is_none_or(|most| length <= most)
    });
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts.into_iter().map(|text| Sample::plain(Value::String(text))).collect()
}

/// Bytes of the lengths that are allowed, in base64.
pub(super) fn bytes(bounds: &Bounds) -> Vec<Sample> {
    let (least, most) = lengths(bounds);
    let longest = most.unwrap_or(least + 3).min(LENGTH);
    let zeros = |n: usize| "AAAA".repeat(n / 3) + ["", "AA==", "AAA="][n % 3];
    let mut sizes = vec![least, longest];
    sizes.dedup();
    sizes.into_iter().filter(|n| *n <= LENGTH).map(|n| Sample::plain(Value::String(zeros(n)))).collect()
}

/// Texts that a pattern may match: with everything repeated as seldom as may be, and a little more often; each alternative once.
fn matching(pattern: &str) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern) else { return Vec::new() };
    let mut out = Vec::new();
    for (more, choice) in [(0, 0), (1, 0), (3, 0), (0, 1), (0, 2), (1, 1)] {
        let mut text = String::new();
        if write(&hir, more, choice, &mut text).is_some() {
            out.push(text);
        }
    }
    out
}

/// Writes what a part of a pattern matches; `None` where that is not text, or too long.
fn write(hir: &Hir, more: u32, choice: usize, out: &mut String) -> Option<()> {
    if out.len() > LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(|text| out.push_str(text)),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            // A letter or a digit where the class has one.
            let usual = ranges.iter().find(|it| it.start().is_ascii_alphanumeric());
            let range = if choice == 0 { usual } else { None };
            let range = range.or_else(|| ranges.get(choice % ranges.len().max(1)))?;
            let last = choice > 0 && range.end().is_ascii_graphic();
            out.push(if last { range.end() } else { range.start() });
            Some(())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => {
            let times = repetition.min.saturating_add(more);
            let times = repetition.max.map_or(times, |max| times.min(max));
            (0..times).try_for_each(|_| write(&repetition.sub, more, choice, out))
        }
        HirKind::Capture(capture) => write(&capture.sub, more, choice, out),
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, more, choice, out)),
        HirKind::Alternation(parts) => write(parts.get(choice % parts.len().max(1))?, more, choice, out),
    }
}

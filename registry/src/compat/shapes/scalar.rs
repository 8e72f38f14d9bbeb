//! Scalars as sets of JSON values, in the syntax of the emitted JSON Schema: what is read and what is written is the same.

use crate::{
    compat::containment::{Arena, Kinds, NodeId, Number, NumberRules, Origin, Schema},
    schema::{BYTES, DATE, DURATION, TIMESTAMP, UUID, escape, portable},
};
use isobar_model::shape::{Bounds, Scalar};
use rust_decimal::Decimal;

pub(super) fn scalar(arena: &mut Arena, scalar: &Scalar, bounds: &Bounds, at: Origin) -> Schema {
    let mut text = |pattern: &str| {
        let mut out = Schema::of(Kinds::TEXT);
        let pattern = arena.patterns.add(pattern);
        out.text_mut().patterns.push(pattern);
        out
    };
    match scalar {
        Scalar::Bool => Schema::of(Kinds::BOOL),
        Scalar::Json => Schema::default(),
        Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 | Scalar::Float | Scalar::Decimal(_) => {
            let mut out = Schema::of(Kinds::NUMBER);
            number(out.number_mut(), scalar, bounds);
            out
        }
        Scalar::String => {
            let mut out = match &bounds.pattern {
                Some(pattern) => text(&portable(pattern)),
                None => Schema::of(Kinds::TEXT),
            };
            lengths(&mut out, bounds);
            out
        }
        Scalar::Uuid => text(UUID),
        // There are texts like dates that are none.
        Scalar::Timestamp => formatted(text(TIMESTAMP), arena, "date-time"),
        Scalar::Date => formatted(text(DATE), arena, "date"),
        Scalar::Duration => text(DURATION),
        Scalar::Id(prefix) => text(&format!("^{}[\\s\\S]", escape(prefix))),
        Scalar::Bytes => bytes(arena, bounds, at),
    }
}

fn formatted(mut out: Schema, arena: &mut Arena, format: &str) -> Schema {
    let format = arena.values.name(format);
    out.text_mut().formats.push(format);
    out
}

fn lengths(out: &mut Schema, bounds: &Bounds) {
    if bounds.min_length.is_some() || bounds.max_length.is_some() {
        let rules = out.text_mut();
        (rules.min, rules.max) = (bounds.min_length.unwrap_or(0), bounds.max_length);
    }
}

fn exact(number: Decimal) -> Option<Number> {
    Number::new(number.mantissa(), -(number.scale() as i32))
}

/// The range of the kind, and the author's.
fn number(rules: &mut NumberRules, scalar: &Scalar, bounds: &Bounds) {
    rules.integer = scalar.integer_range().is_some();
    let (low, high) = scalar.integer_range().unzip();
    for min in [low, bounds.min].into_iter().flatten().filter_map(exact) {
        rules.at_least(min, false);
    }
    for max in [high, bounds.max].into_iter().flatten().filter_map(exact) {
        rules.at_most(max, false);
    }
    if let Scalar::Decimal(scale) = scalar {
        let whole = Scalar::whole_digits(*scale) as i32;
        rules.multiples.extend(Number::new(1, -(*scale as i32)));
        for (sign, limit) in [(-1, Number::new(-1, whole)), (1, Number::new(1, whole))] {
            match (sign, limit) {
                (-1, Some(limit)) => rules.at_least(limit, true),
                (_, Some(limit)) => rules.at_most(limit, true),
                _ => {}
            }
        }
    }
}

/// Base64 of so many bytes; see the emitted schema for how lengths of bytes become lengths of text.
fn bytes(arena: &mut Arena, bounds: &Bounds, at: Origin) -> Schema {
    let mut out = Schema::of(Kinds::TEXT);
    let base64 = arena.patterns.add(BYTES);
    out.text_mut().patterns.push(base64);
    let mut either = |pattern: &str, min: u64, max: Option<u64>| {
        let mut matched = Schema::default();
        let pattern = arena.patterns.add(pattern);
        matched.text_mut().patterns.push(pattern);
        let mut long = Schema::default();
        (long.text_mut().min, long.text_mut().max) = (min, max);
        let branches: Vec<NodeId> = vec![arena.add(matched, at), arena.add(long, at)];
        let mut any = Schema::default();
        any.logic_mut().any.push(branches);
        any
    };
    let mut all = Vec::new();
    if let Some(min) = bounds.min_length {
        let length = min.div_ceil(3).saturating_mul(4);
        out.text_mut().min = length;
        match min % 3 {
            0 if min > 0 => all.push(either("[^=]$", length.saturating_add(1), None)),
            2 => all.push(either("[^=]=?$", length.saturating_add(1), None)),
            _ => {}
        }
    }
    if let Some(max) = bounds.max_length {
        out.text_mut().max = Some(max.div_ceil(3).saturating_mul(4));
        let full = (max / 3).saturating_mul(4);
        match max % 3 {
            1 => all.push(either("==$", 0, Some(full))),
            2 => all.push(either("=$", 0, Some(full))),
            _ => {}
        }
    }
    for any in all {
        let any = arena.add(any, at);
        out.logic_mut().all.push(any);
    }
    out
}

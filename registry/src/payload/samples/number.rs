//! Numbers: small ones, those at declared bounds, and as large as the type holds where nothing bounds them.

use super::Sample;
use isobar_model::{
    Value,
    shape::{Bounds, Scalar},
};
use rust_decimal::Decimal;

/// The plainest number first, the bounds last, the ends of what the type holds behind them.
pub(super) fn numbers(scalar: &Scalar, bounds: &Bounds) -> Vec<Sample> {
    let (low, high) = range(scalar);
    let (min, max) = (bounds.min.map_or(low, |it| it.max(low)), bounds.max.map_or(high, |it| it.min(high)));
    let step = match scalar {
        Scalar::Decimal(scale) => Decimal::new(1, *scale),
        Scalar::Float => Decimal::new(5, 1),
        _ => Decimal::ONE,
    };
    // Beyond 32 bits, and its square is not beyond 64.
    let large = Decimal::from(3_000_000_000_u32);
    let usual = [Decimal::ONE, Decimal::ZERO, step, -step, -Decimal::ONE, large, -large];
    let bounded = [bounds.min, bounds.max].into_iter().flatten();
    let small = matches!(scalar, Scalar::Int32 | Scalar::Uint32);
    // A quarter, so that a sum of them still fits.
    let quarter = |end: Decimal| (end / Decimal::from(4)).trunc();
    let ends = [quarter(low), quarter(high), low, high];
    let mut out: Vec<Sample> = Vec::new();
    let mut add = |number: Decimal, extreme: bool| {
        let value = Value::Number(number.normalize());
        if min <= number && number <= max && out.iter().all(|it| it.value != value) {
            out.push(Sample { value, extreme });
        }
    };
    usual.into_iter().chain(bounded).for_each(|number| add(number, false));
    ends.into_iter().for_each(|number| add(number, !small));
    if *scalar == Scalar::Float && bounds.max.is_none() {
        out.push(Sample { value: Value::Float(f64::MAX), extreme: true });
    }
    if *scalar == Scalar::Float && bounds.min.is_none() {
        out.push(Sample { value: Value::Float(f64::MIN), extreme: true });
    }
    out
}

/// The ends of what a type of numbers holds; of a float, as far as decimals go.
fn range(scalar: &Scalar) -> (Decimal, Decimal) {
    if let Some(range) = scalar.integer_range() {
        return range;
    }
    let nines = |scale: u32| {
        let digits = Scalar::whole_digits(scale) + scale;
        // At most 28 digits, which fit.
        Decimal::from_i128_with_scale(10_i128.pow(digits.min(28)) - 1, scale)
    };
    let most = match scalar {
        Scalar::Decimal(scale) => nines(*scale),
        _ => Decimal::MAX,
    };
    (-most, most)
}

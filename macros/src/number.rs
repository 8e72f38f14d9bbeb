//! Numbers as they are written in attributes, exactly: no bound or default goes through binary floating point on its way to
//! a decimal.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::cmp::Ordering;
use syn::{Lit, Token, parse::Parse, parse::ParseStream};

/// A number of at most 28 digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// The digits, without the point.
    mantissa: i128,
    /// How many of them stand after the point; no zero ends them.
    pub(crate) scale: u32,
}

impl Parse for Number {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus: Option<Token![-]> = input.parse()?;
        let digits = match input.parse()? {
            Lit::Int(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
            Lit::Float(number) if number.suffix().is_empty() => number.base10_digits().to_owned(),
            other => return Err(syn::Error::new_spanned(other, "not a number")),
        };
        let text = if minus.is_some() { format!("-{digits}") } else { digits };
        Self::read(&text).ok_or_else(|| input.error("not a number of at most 28 digits, written out"))
    }
}

impl Number {
    /// Reads `-12.50`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction = fraction.trim_end_matches('0');
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let short = mantissa.unsigned_abs() < 10_u128.pow(28);
        short.then_some(Self { mantissa, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// The literal of an integer, if it is one of the type `kind`.
    pub(crate) fn integer(self, kind: &str) -> Option<TokenStream> {
        let (low, high): (i128, i128) = match kind {
            "i32" => (i32::MIN.into(), i32::MAX.into()),
            "i64" => (i64::MIN.into(), i64::MAX.into()),
            "u32" => (0, u32::MAX.into()),
            _ => (0, u64::MAX.into()),
        };
        let fits = self.scale == 0 && (low..=high).contains(&self.mantissa);
        let literal = Literal::i128_unsuffixed(self.mantissa.abs());
        fits.then(|| if self.mantissa < 0 { quote!(-#literal) } else { quote!(#literal) })
    }

    /// The literal of a float.
    pub(crate) fn float(self) -> TokenStream {
        // Parsing is what rounds, once, to the nearest double.
        let value: f64 = format!("{}e-{}", self.mantissa, self.scale).parse().unwrap_or_default();
        let literal = Literal::f64_suffixed(value.abs());
        if value < 0.0 { quote!(-#literal) } else { quote!(#literal) }
    }

    /// An expression that is the decimal.
    pub(crate) fn decimal(self) -> TokenStream {
        let (mantissa, scale) = (Literal::i128_unsuffixed(self.mantissa.abs()), self.scale);
        let sign = (self.mantissa < 0).then(|| quote!(-));
        quote!(::isobar::Decimal::from_i128_with_scale(#sign #mantissa, #scale))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let whole = |n: &Self| n.mantissa.div_euclid(10_i128.pow(n.scale.min(38)));
        let rest = |n: &Self| n.mantissa.rem_euclid(10_i128.pow(n.scale.min(38)));
        // Fractions of at most 28 digits each, brought to 28.
        let fraction = |n: &Self| rest(n).saturating_mul(10_i128.pow(28_u32.saturating_sub(n.scale)));
        whole(self).cmp(&whole(other)).then_with(|| fraction(self).cmp(&fraction(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::read(text).unwrap()
    }

    #[test]
    fn order_is_exact() {
        let sorted =
            ["-2", "-1.5", "-1.25", "0", "0.1", "0.25", "1", "1.0000000000000000000000001", "9999999999999999"];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        assert_eq!(number("1.50"), number("1.5"));
        assert!(Number::read("1e3").is_none() && Number::read(&"9".repeat(29)).is_none());
    }

    #[test]
    fn literals_are_those_of_the_type() {
        let text = |tokens: Option<TokenStream>| tokens.map(|tokens| tokens.to_string().replace(' ', ""));
        assert_eq!(text(number("-5").integer("i32")).as_deref(), Some("-5"));
        assert_eq!(text(number("-1").integer("u64")), None);
        assert_eq!(text(number("1.5").integer("i64")), None);
        assert_eq!(text(number("2147483648").integer("i32")), None);
        assert_eq!(text(Some(number("-0.1").float())).as_deref(), Some("-0.1f64"));
        assert_eq!(
            text(Some(number("9.90").decimal())).as_deref(),
            Some("::isobar::Decimal::from_i128_with_scale(99,1u32)")
        );
    }
}

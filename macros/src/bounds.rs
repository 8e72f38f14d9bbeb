//! The bounds of a value: which settings there are, on what kinds they may stand, and the checks that they become.

use crate::{
    errors::Errors,
    kind::Kind,
    number::Number,
    settings::{Setting, Settings},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

/// The settings that bound a value.
pub(crate) const BOUNDS: [&str; 5] = ["min", "max", "min_length", "max_length", "pattern"];

/// What a value is bounded to.
#[derive(Default)]
pub(crate) struct Bounds {
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<LitStr>,
}

impl Bounds {
    /// Takes the bounds of a value of this kind; `None` for a kind that is wrong itself.
    pub(crate) fn take(settings: &mut Settings, kind: Option<&Kind>, errors: &mut Errors) -> Self {
        let mut bounds = Self::default();
        let kind = kind.map(Kind::unboxed);
        for key in ["min", "max"] {
            if let Some(setting) = settings.take(key) {
                let number = number(&setting, kind, errors);
                *(if key == "min" { &mut bounds.min } else { &mut bounds.max }) = number;
                if bounds.min.zip(bounds.max).is_some_and(|(min, max)| min > max) {
                    errors.add(&setting, "`min` is greater than `max`, so that there is no value", "swap the two");
                }
            }
        }
        for key in ["min_length", "max_length"] {
            if let Some((written, length)) = settings.count(key, errors) {
                let many = matches!(kind, Some(Kind::Text | Kind::Bytes | Kind::List(_) | Kind::Set(_) | Kind::Map(_)));
                if kind.is_some() && !many {
                    misplaced(&written, key, "counts characters, bytes or items", kind, errors);
                }
                *(if key == "min_length" { &mut bounds.min_length } else { &mut bounds.max_length }) = Some(length);
                if bounds.min_length.zip(bounds.max_length).is_some_and(|(min, max)| min > max) {
                    errors.add(&written, "`min_length` is greater than `max_length`", "swap the two");
                }
            }
        }
        if let Some(pattern) = settings.text("pattern", "\"^[A-Z]{3}$\"", errors) {
            if kind.is_some() && !matches!(kind, Some(Kind::Text)) {
                misplaced(&pattern, "pattern", "is searched for in a `String`", kind, errors);
            }
            if let Err(error) = regex_lite::Regex::new(&pattern.value()) {
                let message = format!("not a regular expression: {error}");
                errors.add(&pattern, message, "a pattern is written as in JSON Schema, such as \"^[A-Z]{3}$\"");
            }
            bounds.pattern = Some(pattern);
        }
        bounds
    }

    /// Statements that fail with `Invalid` where the variable `value`, a reference, is out of bounds.
    pub(crate) fn checks(&self, kind: &Kind) -> TokenStream {
        if let Kind::Boxed(inner) = kind {
            let checks = self.checks(inner);
            return if checks.is_empty() { checks } else { quote!(let value = &**value; #checks) };
        }
        let mut checks = TokenStream::new();
        for (bound, check) in [(self.min, quote!(at_least)), (self.max, quote!(at_most))] {
            if let Some(bound) = bound.and_then(|bound| literal(bound, kind)) {
                checks.extend(quote!(::isobar::bounds::#check(value, #bound)?;));
            }
        }
        for (bound, text, items) in [
            (self.min_length, quote!(min_length), quote!(min_items)),
            (self.max_length, quote!(max_length), quote!(max_items)),
        ] {
            let Some(bound) = bound.and_then(|bound| usize::try_from(bound).ok()) else { continue };
            checks.extend(match kind {
                Kind::Text => quote!(::isobar::bounds::#text(value, #bound)?;),
                Kind::Bytes => quote!(::isobar::bounds::#items(value.0.len(), #bound)?;),
                _ => quote!(::isobar::bounds::#items(value.len(), #bound)?;),
            });
        }
        if let Some(pattern) = &self.pattern {
            checks.extend(quote! {
                static PATTERN: ::isobar::Pattern = ::isobar::Pattern::new(#pattern);
                ::isobar::bounds::pattern(value, &PATTERN)?;
            });
        }
        checks
    }

    /// What is wrong with a default that is a number.
    pub(crate) fn refuses_number(&self, number: Number) -> Option<&'static str> {
        match () {
            () if self.min.is_some_and(|min| number < min) => Some("less than `min`"),
            () if self.max.is_some_and(|max| number > max) => Some("greater than `max`"),
            () => None,
        }
    }

    /// What is wrong with a default that is text.
    pub(crate) fn refuses_text(&self, text: &str) -> Option<&'static str> {
        let length = text.chars().count() as u64;
        let matches =
            |pattern: &LitStr| regex_lite::Regex::new(&pattern.value()).map_or(true, |regex| regex.is_match(text));
        match () {
            () if self.min_length.is_some_and(|min| length < min) => Some("shorter than `min_length`"),
            () if self.max_length.is_some_and(|max| length > max) => Some("longer than `max_length`"),
            () if !self.pattern.as_ref().is_none_or(matches) => Some("not matched by `pattern`"),
            () => None,
        }
    }
}

/// The number as an expression of the type.
pub(crate) fn literal(number: Number, kind: &Kind) -> Option<TokenStream> {
    match kind {
        Kind::Integer(kind) => number.integer(kind),
        Kind::Float => Some(number.float()),
        Kind::Decimal(_) => Some(number.decimal()),
        _ => None,
    }
}

fn number(setting: &Setting, kind: Option<&Kind>, errors: &mut Errors) -> Option<Number> {
    let number: Number = setting.parse("1", errors)?;
    match kind {
        None => None,
        Some(Kind::Integer(name)) if number.integer(name).is_none() => {
            errors.add(setting, format!("this bound is no value of `{name}`"), "write an integer that the type holds");
            None
        }
        Some(Kind::Decimal(scale)) if number.scale > *scale => {
            let message = format!("this bound has more than {scale} digits after the point");
            errors.add(setting, message, "a value never has as many: raise `scale`, or round the bound");
            None
        }
        Some(Kind::Integer(_) | Kind::Float | Kind::Decimal(_)) => Some(number),
        Some(_) => {
            misplaced(setting, &setting.key.to_string(), "bounds a number", kind, errors);
            None
        }
    }
}

fn misplaced(at: impl quote::ToTokens, key: &str, does: &str, kind: Option<&Kind>, errors: &mut Errors) {
    let help = match kind {
        Some(Kind::Named(_)) => {
            "the bounds of a type of your own stand on that type: `#[isobar(...)] struct Name(String);`"
        }
        Some(Kind::List(_) | Kind::Set(_) | Kind::Map(_)) => "to bound the items, give them a type of their own",
        _ if key.ends_with("length") => "numbers are bounded by `min` and `max`",
        _ => "texts are bounded by `min_length`, `max_length` and `pattern`",
    };
    errors.add(at, format!("`{key}` {does}, and this is none"), help);
}

//! An item as its derives understand it: a record, a new type, an enum of values or a tagged union. Everything that can be
//! wrong with it is told here, once, whatever is derived.

use crate::{
    bounds::{BOUNDS, Bounds},
    errors::Errors,
    field::{Field, fields},
    kind::{self, Kind, Kinds},
    names::Case,
    settings::Settings,
};
use std::collections::HashSet;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Type, Variant};

/// What an item is on the wire.
pub(crate) enum Item {
    /// An object with these members.
    Record(Vec<Field>),
    /// What its one field is.
    NewType(Box<NewType>),
    /// One of a few texts; with a variant for every other text.
    Values { values: Vec<(Ident, LitStr)>, unknown: Option<Ident> },
    /// An object whose member `tag` says which branch it is.
    Union { tag: LitStr, branches: Vec<Branch> },
}

/// A struct around one value.
pub(crate) struct NewType {
    pub(crate) ty: Type,
    pub(crate) kind: Kind,
    pub(crate) bounds: Bounds,
    /// What its text starts with, where it is an identifier.
    pub(crate) prefix: Option<LitStr>,
}

/// A branch of a union.
pub(crate) struct Branch {
    pub(crate) ident: Ident,
    /// The tag's text.
    pub(crate) value: LitStr,
    pub(crate) body: Body,
}

/// What a branch holds beside the tag.
pub(crate) enum Body {
    Nothing,
    Type(Box<Type>),
    Record(Vec<Field>),
}

/// Reads an item that derives `Encode`, `Decode` or `JsonSchema`.
pub(crate) fn read(input: &DeriveInput, errors: &mut Errors) -> Option<Item> {
    not_generic(input, errors);
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => new_type(input, &unnamed.unnamed[0], errors),
            Fields::Unnamed(_) => {
                let help = "name the fields, or keep one field for a new type";
                errors.add(&input.ident, "a tuple struct has no names on the wire", help);
                None
            }
            named => record(input, named, errors).map(Item::Record),
        },
        Data::Enum(data) => variants(input, data.variants.iter().collect(), errors),
        Data::Union(_) => {
            errors.add(&input.ident, "a `union` has no wire form", "write an enum with `#[isobar(tag = \"kind\")]`");
            None
        }
    }
}

/// Reads the fields of an event or a command, which must be a struct with named fields.
pub(crate) fn message(input: &DeriveInput, what: &str, errors: &mut Errors) -> Option<Vec<Field>> {
    not_generic(input, errors);
    match &input.data {
        Data::Struct(data) if !matches!(data.fields, Fields::Unnamed(_)) => record(input, &data.fields, errors),
        _ => {
            let help = "write a struct with named fields; `Aggregate` is for the enum of an aggregate's events";
            errors.add(&input.ident, format!("{what} is an object on the wire"), help);
            None
        }
    }
}

fn not_generic(input: &DeriveInput, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "a message has one wire form, and a generic type has many",
            "name the type that it holds",
        );
    }
}

fn record(input: &DeriveInput, given: &Fields, errors: &mut Errors) -> Option<Vec<Field>> {
    let mut settings = Settings::read(&input.attrs, "isobar", &["rename_all"], "a record", errors);
    let case = Case::take(&mut settings, errors);
    fields(given, case, &[], errors)
}

fn new_type(input: &DeriveInput, field: &syn::Field, errors: &mut Errors) -> Option<Item> {
    let allowed: Vec<&str> = ["prefix", "scale"].into_iter().chain(BOUNDS).collect();
    let mut settings = Settings::read(&input.attrs, "isobar", &allowed, "a new type", errors);
    Settings::read(&field.attrs, "isobar", &[], "the field of a new type; it stands on the struct", errors);
    let scale = settings.count("scale", errors);
    if kind::in_option(&field.ty).is_some() {
        errors.add(&field.ty, "a new type is never absent", "make the field that holds it an `Option`");
        return None;
    }
    let kind = Kinds::new(scale, errors).whole(&field.ty);
    let bounds = Bounds::take(&mut settings, kind.as_ref(), errors);
    let prefix = settings.text("prefix", "\"order_\"", errors);
    if let (Some(prefix), Some(kind)) = (&prefix, &kind) {
        if !matches!(kind, Kind::Text) {
            errors.add(&field.ty, "an identifier with a prefix is text", "write `String`");
        }
        if prefix.value().is_empty() {
            errors.add(prefix, "the prefix is empty", "write what every identifier starts with, such as \"order_\"");
        }
    }
    Some(Item::NewType(Box::new(NewType { ty: field.ty.clone(), kind: kind?, bounds, prefix })))
}

fn variants(input: &DeriveInput, variants: Vec<&Variant>, errors: &mut Errors) -> Option<Item> {
    let mut settings = Settings::read(&input.attrs, "isobar", &["rename_all", "open", "tag"], "an enum", errors);
    let case = Case::take(&mut settings, errors);
    let open = settings.flag("open", errors);
    let tag = settings.text("tag", "\"kind\"", errors);
    if variants.is_empty() {
        errors.add(&input.ident, "an enum without variants has no values", "add a variant");
        return None;
    }
    if let Some(tag) = tag {
        if let Some(open) = open {
            errors.add(&open, "a tagged union is closed", "`open` is for enums whose variants hold nothing");
        }
        let branches: Vec<Branch> = variants.iter().filter_map(|variant| branch(variant, &tag, case, errors)).collect();
        distinct(branches.iter().map(|branch| (&branch.ident, &branch.value)), errors);
        return (branches.len() == variants.len()).then_some(Item::Union { tag, branches });
    }
    let holds = variants.iter().find(|variant| !variant.fields.is_empty() && !is_unknown(variant));
    if let Some(variant) = holds {
        let help = "write `#[isobar(tag = \"kind\")]` on the enum: that member says which variant it is";
        errors.add(variant, "a variant that holds something needs the enum to have a tag", help);
        return None;
    }
    let (unknown, known): (Vec<&Variant>, Vec<&Variant>) =
        variants.into_iter().partition(|variant| is_unknown(variant));
    match (&open, unknown.first()) {
        (Some(open), None) => {
            errors.add(open, "an open enum keeps values that it does not know", "add the variant `Unknown(String)`");
        }
        (None, Some(unknown)) => {
            errors.add(unknown, "only an open enum has `Unknown(String)`", "write `#[isobar(open)]` on the enum");
        }
        _ => {}
    }
    for variant in &unknown {
        Settings::read(&variant.attrs, "isobar", &[], "`Unknown`, which has no text of its own", errors);
    }
    let values: Vec<(Ident, LitStr)> =
        known.iter().map(|variant| (variant.ident.clone(), text(variant, case, errors))).collect();
    distinct(values.iter().map(|(ident, value)| (ident, value)), errors);
    Some(Item::Values { values, unknown: unknown.first().map(|variant| variant.ident.clone()) })
}

/// `Unknown(String)`.
fn is_unknown(variant: &Variant) -> bool {
    variant.ident == "Unknown"
        && matches!(&variant.fields, Fields::Unnamed(one) if one.unnamed.len() == 1 && kind::is(&one.unnamed[0].ty, "String"))
}

fn branch(variant: &Variant, tag: &LitStr, case: Case, errors: &mut Errors) -> Option<Branch> {
    let value = text(variant, case, errors);
    let body = match &variant.fields {
        Fields::Unit => Body::Nothing,
        Fields::Named(_) => Body::Record(fields(&variant.fields, Case::Camel, &[tag.value()], errors)?),
        Fields::Unnamed(one) if one.unnamed.len() == 1 => {
            let field = &one.unnamed[0];
            Settings::read(&field.attrs, "isobar", &[], "what a branch holds", errors);
            let kind = match kind::in_option(&field.ty) {
                Some(_) => None,
                None => Some(Kinds::new(None, errors).whole(&field.ty)?),
            };
            if !matches!(kind.as_ref().map(Kind::unboxed), Some(Kind::Named(_))) {
                let message = format!("`{}` is not an object, and has no room for the tag", kind::shown(&field.ty));
                errors.add(
                    &field.ty,
                    message,
                    "let the variant hold a record, or name its fields: `Card { number: String }`",
                );
                return None;
            }
            Body::Type(Box::new(field.ty.clone()))
        }
        Fields::Unnamed(several) => {
            errors.add(several, "a branch holds one record", "name the fields: `Card { number: String }`");
            return None;
        }
    };
    Some(Branch { ident: variant.ident.clone(), value, body })
}

/// The text of a variant.
fn text(variant: &Variant, case: Case, errors: &mut Errors) -> LitStr {
    let mut settings = Settings::read(&variant.attrs, "isobar", &["rename"], "a variant", errors);
    let renamed = settings.text("rename", "\"name\"", errors);
    renamed.unwrap_or_else(|| LitStr::new(&case.apply(&variant.ident), variant.ident.span()))
}

fn distinct<'v>(values: impl Iterator<Item = (&'v Ident, &'v LitStr)>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for (_, value) in values {
        if !seen.insert(value.value()) {
            let message = format!("`{}` is the text of two variants", value.value());
            errors.add(value, message, "give one of them another with `#[isobar(rename = \"...\")]`");
        }
    }
}

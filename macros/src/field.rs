//! One member of a record: its name on the wire, whether it may be absent, and its value.

use crate::{
    bounds::{self, BOUNDS, Bounds},
    errors::Errors,
    kind::{self, Kind, Kinds},
    names::Case,
    number::Number,
    settings::{Setting, Settings},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::{Fields, Ident, LitStr, Type};

/// One member of a record.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// Its name on the wire.
    pub(crate) key: LitStr,
    /// Its type, without the `Option` of one that may be absent.
    pub(crate) ty: Type,
    pub(crate) kind: Kind,
    pub(crate) bounds: Bounds,
    pub(crate) presence: Presence,
    pub(crate) doc: Option<String>,
}

/// Whether a member must be there.
pub(crate) enum Presence {
    Required,
    /// An `Option`: absent and `null` are `None`.
    Optional,
    /// Absent means this expression.
    Default(TokenStream),
}

/// Reads the fields of a struct or a variant. `taken` are the names on the wire that no field may have.
pub(crate) fn fields(given: &Fields, case: Case, taken: &[String], errors: &mut Errors) -> Option<Vec<Field>> {
    let fields: Vec<Field> = given.iter().filter_map(|field| read(field, case, errors)).collect();
    let mut seen: HashSet<String> = taken.iter().cloned().collect();
    for field in &fields {
        let key = field.key.value();
        if taken.contains(&key) {
            let help = "rename the field, or choose another tag";
            errors.add(&field.key, format!("`{key}` is the tag of the union already"), help);
        } else if !seen.insert(key.clone()) {
            let help = "give one of them another with `#[isobar(rename = \"...\")]`";
            errors.add(&field.key, format!("two fields are called `{key}` on the wire"), help);
        }
    }
    (fields.len() == given.len()).then_some(fields)
}

fn read(field: &syn::Field, case: Case, errors: &mut Errors) -> Option<Field> {
    let ident = field.ident.clone()?;
    let allowed: Vec<&str> = ["rename", "default", "scale"].into_iter().chain(BOUNDS).collect();
    let mut settings = Settings::read(&field.attrs, "isobar", &allowed, "a field", errors);
    let key = settings.text("rename", "\"name\"", errors);
    if let Some(empty) = key.as_ref().filter(|key| key.value().is_empty()) {
        errors.add(empty, "a name on the wire is not empty", "write the name that the JSON has");
    }
    let scale = settings.count("scale", errors);
    let optional = kind::in_option(&field.ty);
    let ty = optional.unwrap_or(&field.ty);
    let kind = Kinds::new(scale, errors).whole(ty);
    let bounds = Bounds::take(&mut settings, kind.as_ref(), errors);
    let default = settings.take("default");
    let presence = match (optional, default) {
        (Some(_), Some(default)) => {
            let help = "drop `default`: absent is `None`; or drop the `Option`: absent is the default";
            errors.add(&default, "an `Option` has no other default than `None`", help);
            Presence::Optional
        }
        (Some(_), None) => Presence::Optional,
        (None, None) => Presence::Required,
        (None, Some(default)) => Presence::Default(value(&default, kind.as_ref(), &bounds, errors)),
    };
    let key = key.unwrap_or_else(|| LitStr::new(&case.apply(&ident), ident.span()));
    Some(Field { ident, key, ty: ty.clone(), kind: kind?, bounds, presence, doc: doc(&field.attrs) })
}

/// The expression of `default` or `default = expr`. Literals become values of the type: text a `String`, a number a `Decimal`.
pub(crate) fn value(setting: &Setting, kind: Option<&Kind>, bounds: &Bounds, errors: &mut Errors) -> TokenStream {
    let Some(written) = setting.value() else {
        return quote_spanned!(setting.key.span()=> ::core::default::Default::default());
    };
    let mut refuse = |why: Option<&str>| {
        if let Some(why) = why {
            errors.add(written, format!("the default is {why}"), "a default is a value that the bounds allow");
        }
    };
    if let (Some(Kind::Text), Ok(text)) = (kind, syn::parse2::<LitStr>(written.clone())) {
        refuse(bounds.refuses_text(&text.value()));
        return quote!(::std::string::String::from(#text));
    }
    let number = syn::parse2::<Number>(written.clone()).ok();
    match (kind, number) {
        (Some(kind @ (Kind::Integer(_) | Kind::Float | Kind::Decimal(_))), Some(number)) => {
            refuse(bounds.refuses_number(number));
            if matches!(kind, Kind::Decimal(scale) if number.scale > *scale) {
                refuse(Some("more precise than `scale`"));
            }
            // A literal that is not of the type is for the compiler to refuse.
            bounds::literal(number, kind).unwrap_or_else(|| written.clone())
        }
        _ => written.clone(),
    }
}

/// The text of the doc comments.
pub(crate) fn doc(attrs: &[syn::Attribute]) -> Option<String> {
    let lines = attrs.iter().filter_map(|attribute| {
        let line = &attribute.meta.require_name_value().ok().filter(|meta| meta.path.is_ident("doc"))?.value;
        syn::parse2::<LitStr>(line.to_token_stream()).ok().map(|line| line.value().trim().to_owned())
    });
    let text = lines.collect::<Vec<String>>().join("\n");
    (!text.is_empty()).then_some(text)
}

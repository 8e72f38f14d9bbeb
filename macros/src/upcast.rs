//! `Upcast`: how the data of the version before comes into this one. The old value is taken apart field by field, so that the
//! compiler refuses a field that nobody has thought of.

use crate::{
    bounds::Bounds,
    errors::Errors,
    field,
    kind::{self, Kind, Kinds},
    settings::{Setting, Settings},
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use std::collections::BTreeMap;
use syn::{
    Attribute, Data, DeriveInput, Fields, Ident, LitStr, Path, Token, parse::Parser, punctuated::Punctuated,
    spanned::Spanned,
};

const ITEM: [&str; 3] = ["from", "removed", "back"];
const FIELD: [&str; 5] = ["rename", "path", "default", "with", "try_with"];

/// The version before.
pub(crate) struct Before {
    pub(crate) ty: Path,
    /// Whether there is a way back to it.
    pub(crate) back: bool,
}

/// The version before, where `#[upcast(from = ...)]` names one.
pub(crate) fn before(attrs: &[Attribute], errors: &mut Errors) -> Option<Before> {
    let mut settings = Settings::read(attrs, "upcast", &ITEM, "an upcast", errors);
    let back = settings.flag("back", errors).is_some();
    Some(Before { ty: settings.take("from")?.parse("OrderPlacedV1", errors)?, back })
}

/// Where the value of a new field comes from.
enum Source {
    /// A value for old data only.
    Value(TokenStream),
    /// A field of the old value, or one further within.
    Old(Vec<Ident>),
}

/// A field of the new version.
struct Target<'i> {
    ident: &'i Ident,
    ty: &'i syn::Type,
    source: Source,
    /// The function that the value, or the whole old one, goes through, and whether it may fail.
    with: Option<(Path, bool)>,
    /// Whether the function gets the whole old value.
    whole: bool,
}

/// `#[derive(Upcast)]`.
pub(crate) fn upcast(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let mut settings = Settings::read(&input.attrs, "upcast", &ITEM, "an upcast", &mut errors);
    let from: Option<Path> = match settings.take("from") {
        Some(setting) => setting.parse("OrderPlacedV1", &mut errors),
        None => {
            let help = "write `#[upcast(from = OrderPlacedV1)]`";
            errors.add(&input.ident, "the version to upcast from is not named", help);
            None
        }
    };
    let removed = settings.take("removed").map(|setting| removed(&setting, &mut errors)).unwrap_or_default();
    let targets: Vec<Target<'_>> = match &input.data {
        Data::Struct(data) if !matches!(data.fields, Fields::Unnamed(_)) => {
            data.fields.iter().filter_map(|field| target(field, &mut errors)).collect()
        }
        _ => {
            let help = "for other types, write `From` by hand and call it with `#[upcast(with = ...)]`";
            errors.add(&input.ident, "only a struct with named fields is upcast field by field", help);
            Vec::new()
        }
    };
    for target in &targets {
        if let Source::Old(path) = &target.source
            && let Some(gone) = path.first().filter(|first| removed.contains(first))
        {
            let help = "drop it from `removed`: its data goes on";
            errors.add(gone, format!("`{gone}` is removed, and read here"), help);
        }
    }
    errors.or(|| from.map(|from| implementation(&input.ident, &from, &removed, &targets)).unwrap_or_default())
}

/// `removed(region, note)`.
fn removed(setting: &Setting, errors: &mut Errors) -> Vec<Ident> {
    let Some(value) = setting.list() else {
        errors.add(setting, "`removed` names nothing", "write `removed(region)`");
        return Vec::new();
    };
    match Punctuated::<Ident, Token![,]>::parse_terminated.parse2(value.clone()) {
        Ok(names) => names.into_iter().collect(),
        Err(_) => {
            errors.add(value, "`removed` lists fields of the version before", "write `removed(region)`");
            Vec::new()
        }
    }
}

fn target<'i>(field: &'i syn::Field, errors: &mut Errors) -> Option<Target<'i>> {
    let ident = field.ident.as_ref()?;
    let mut settings = Settings::read(&field.attrs, "upcast", &FIELD, "a field's upcast", errors);
    let rename = settings.take("rename");
    let path = settings.take("path");
    let default = settings.take("default");
    let with = settings.take("with");
    let try_with = settings.take("try_with");
    for (one, other, why) in [
        (&path, &rename, "both name the old field"),
        (&default, &rename, "a default is for data that old payloads have not"),
        (&default, &path, "a default is for data that old payloads have not"),
        (&default, &with, "a function gives the value already"),
        (&default, &try_with, "a function gives the value already"),
        (&try_with, &with, "both give the value"),
    ] {
        if let (Some(one), Some(other)) = (one, other) {
            let message = format!("`{}` and `{}` do not go together: {why}", one.key, other.key);
            errors.add(&one.key, message, "keep one of the two");
        }
    }
    let named = rename.or(path);
    let function = |setting: Option<Setting>, errors: &mut Errors| -> Option<Path> {
        setting?.parse("path::to::function", errors)
    };
    let with = function(with, errors).map(|path| (path, false));
    let with = function(try_with, errors).map(|path| (path, true)).or(with);
    let whole = with.is_some() && named.is_none();
    let source = match (default, &named) {
        (Some(default), _) => Source::Value(value(&default, field, errors)),
        (None, Some(named)) => Source::Old(path_of(named, errors)?),
        (None, None) => Source::Old(vec![ident.clone()]),
    };
    Some(Target { ident, ty: &field.ty, source, with, whole })
}

/// The value for old data; literals become values of the field's type, as in `#[isobar(default = ...)]`.
fn value(default: &Setting, field: &syn::Field, errors: &mut Errors) -> TokenStream {
    // What is wrong with the type or its scale, the derive that reads it says.
    let mut ignored = Errors::default();
    let mut settings = Settings::read(&field.attrs, "isobar", &["scale"], "a field", &mut ignored);
    let scale = settings.count("scale", &mut ignored);
    let kind: Option<Kind> = match kind::in_option(&field.ty) {
        Some(_) => None,
        None => Kinds::new(scale, &mut ignored).whole(&field.ty),
    };
    field::value(default, kind.as_ref(), &Bounds::default(), errors)
}

/// `rename = "total_amount"`, `path = "pricing.total"`.
fn path_of(setting: &Setting, errors: &mut Errors) -> Option<Vec<Ident>> {
    let rename = setting.key == "rename";
    let form = if rename { "\"total_amount\"" } else { "\"pricing.total\"" };
    let written: LitStr = setting.parse(form, errors)?;
    let text = written.value();
    // A keyword is a field's name too, and is written without its mark.
    let ident = |name: &str| syn::parse_str(name).or_else(|_| syn::parse_str(&format!("r#{name}"))).ok();
    let names: Option<Vec<Ident>> = text.split('.').map(|name| Some(at(ident(name)?, written.span()))).collect();
    match names {
        Some(names) if !rename || names.len() == 1 => Some(names),
        Some(_) => {
            errors.add(&written, "`rename` is one field of the version before", format!("write `path = \"{text}\"`"));
            None
        }
        None => {
            let help = format!("write the fields as they are called in Rust, as in `{} = {form}`", setting.key);
            errors.add(&written, format!("`{text}` names no field"), help);
            None
        }
    }
}

/// The same identifier, raw or not, at another place.
fn at(mut ident: Ident, span: Span) -> Ident {
    ident.set_span(span);
    ident
}

/// `impl From`, or `TryFrom` where a function may fail.
fn implementation(ident: &Ident, from: &Path, removed: &[Ident], targets: &[Target<'_>]) -> TokenStream {
    let old = Ident::new("old", Span::mixed_site());
    // Variables that no expression of the author sees; what the compiler says of them, it says at the field.
    let local = |prefix: &str, field: &Ident, at: Span| {
        format_ident!("{}_{}", prefix, field, span = Span::mixed_site().located_at(at))
    };
    // Functions that get the whole old value come first, while there is one.
    let whole = targets.iter().filter(|target| target.whole).filter_map(|target| {
        let (path, _) = target.with.as_ref()?;
        let new = local("new", target.ident, path.span());
        let call = called(target, quote!(&#old), path);
        Some(quote!(let #new = #call;))
    });
    let mut read: BTreeMap<String, &Ident> = BTreeMap::new();
    for target in targets.iter().filter(|target| !target.whole) {
        if let Source::Old(path) = &target.source
            && let Some(first) = path.first()
        {
            read.entry(first.to_string()).or_insert(first);
        }
    }
    let bindings = read.values().map(|field| {
        // Not at the field, or the compiler would mend the attribute as if it were the pattern.
        let local = local("old", field, Span::mixed_site());
        quote!(#field: #local)
    });
    let gone = removed.iter().map(|field| quote!(#field: _));
    // A function that sees everything may read any field.
    let rest = targets.iter().any(|target| target.whole).then(|| quote!(..));
    let fields = targets.iter().map(|target| {
        let ident = target.ident;
        let value = match (&target.source, &target.with) {
            (_, Some((path, _))) if target.whole => local("new", ident, path.span()).into_token_stream(),
            (Source::Value(value), _) => value.clone(),
            (Source::Old(path), with) => {
                let (first, rest) = path.split_first().unwrap_or((ident, &[]));
                let first = local("old", first, first.span());
                let value = quote_spanned!(first.span()=> #first #(.#rest)*);
                match with {
                    Some((path, _)) => called(target, value, path),
                    None => unchanged(target.ty, &value),
                }
            }
        };
        quote!(#ident: #value)
    });
    let pattern = quote_spanned!(from.span()=> #from { #(#bindings,)* #(#gone,)* #rest });
    let body = quote! {
        #(#whole)*
        let #pattern = #old;
        let new = Self { #(#fields),* };
    };
    if targets.iter().any(|target| target.with.as_ref().is_some_and(|(_, fails)| *fails)) {
        quote! {
            #[automatically_derived]
            #[allow(deprecated, clippy::useless_conversion)]
            impl ::core::convert::TryFrom<#from> for #ident {
                type Error = ::isobar::UpcastError;

                fn try_from(#old: #from) -> ::core::result::Result<Self, ::isobar::UpcastError> {
                    #body
                    ::core::result::Result::Ok(new)
                }
            }
        }
    } else {
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl ::core::convert::From<#from> for #ident {
                fn from(#old: #from) -> Self {
                    #body
                    new
                }
            }
        }
    }
}

/// The same value, or an error of the compiler that says what to do about another type.
fn unchanged(ty: &syn::Type, value: &TokenStream) -> TokenStream {
    quote_spanned!(ty.span()=> ::isobar::unchanged::<#ty, _>(#value))
}

fn called(target: &Target<'_>, argument: TokenStream, path: &Path) -> TokenStream {
    let span = path.span();
    match target.with {
        Some((_, true)) => {
            quote_spanned!(span=> #path(#argument).map_err(<::isobar::UpcastError as ::core::convert::From<_>>::from)?)
        }
        _ => quote_spanned!(span=> #path(#argument)),
    }
}

//! `JsonSchema`: the schema of what `Decode` reads, from the same attributes, as `schemars` knows it.

use crate::{
    bounds::{self, Bounds},
    errors::Errors,
    field::{self, Field, Presence},
    item::{self, Body, Branch, Item, NewType},
    kind::Kind,
    number::Number,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr};

/// `#[derive(JsonSchema)]`.
pub(crate) fn schema(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let item = item::read(input, &mut errors);
    errors.or(|| item.map(|item| implementation(input, &item)).unwrap_or_default())
}

fn implementation(input: &DeriveInput, item: &Item) -> TokenStream {
    let ident = &input.ident;
    let name = ident.to_string();
    let schema = match item {
        Item::Record(fields) => record(fields),
        Item::NewType(new_type) => self::new_type(new_type),
        Item::Values { values, unknown } => {
            let (texts, open) = (values.iter().map(|(_, text)| text), unknown.is_some());
            quote!(::isobar::json_schema::values(&[#(#texts),*], #open))
        }
        Item::Union { tag, branches } => {
            let branches = branches.iter().map(branch);
            quote!(::isobar::json_schema::union(#tag, ::std::vec![#(#branches),*]))
        }
    };
    let schema = described(schema, field::doc(&input.attrs).as_deref());
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::isobar::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut ::isobar::schemars::SchemaGenerator) -> ::isobar::schemars::Schema {
                #schema
            }
        }
    }
}

/// With the doc comment as its description.
fn described(schema: TokenStream, doc: Option<&str>) -> TokenStream {
    match doc {
        None => schema,
        Some(doc) => quote!(::isobar::json_schema::with(#schema, "description", #doc)),
    }
}

fn record(fields: &[Field]) -> TokenStream {
    let members = fields.iter().map(|field| {
        let Field { key, ty, kind, bounds, presence, doc, .. } = field;
        let value = self::kind(kind, bounds);
        let (value, required) = match presence {
            Presence::Required => (value, true),
            Presence::Optional => (quote!(::isobar::json_schema::nullable(#value)), false),
            Presence::Default(default) => (
                quote! {{
                    let default: #ty = #default;
                    ::isobar::json_schema::with(#value, "default", ::isobar::json_schema::value(&default))
                }},
                false,
            ),
        };
        let value = described(value, doc.as_deref());
        quote!((#key, #value, #required))
    });
    quote!(::isobar::json_schema::record(::std::vec![#(#members),*]))
}

fn new_type(new_type: &NewType) -> TokenStream {
    let NewType { kind, bounds, prefix, .. } = new_type;
    let schema = self::kind(kind, bounds);
    match prefix {
        Some(prefix) => quote!(::isobar::json_schema::identifier(#schema, #prefix)),
        None => schema,
    }
}

fn branch(branch: &Branch) -> TokenStream {
    let value = &branch.value;
    let schema = match &branch.body {
        Body::Nothing => record(&[]),
        Body::Type(ty) => quote!(generator.subschema_for::<#ty>()),
        Body::Record(fields) => record(fields),
    };
    quote!((#value, #schema))
}

fn kind(kind: &Kind, bounds: &Bounds) -> TokenStream {
    let none = Bounds::default();
    let (min_length, max_length) = (option(bounds.min_length), option(bounds.max_length));
    let float = |bound: Option<Number>| option(bound.map(Number::float));
    match kind {
        Kind::Text => {
            let pattern = option(bounds.pattern.as_ref().map(LitStr::value));
            quote!(::isobar::json_schema::text(#min_length, #max_length, #pattern))
        }
        Kind::Integer(name) => {
            let ty = syn::Ident::new(name, proc_macro2::Span::call_site());
            let literal = |bound: Option<Number>| bound.and_then(|bound| bounds::literal(bound, kind));
            let low = literal(bounds.min).unwrap_or_else(|| quote!(::core::primitive::#ty::MIN));
            let high = literal(bounds.max).unwrap_or_else(|| quote!(::core::primitive::#ty::MAX));
            quote!(::isobar::json_schema::integer::<::core::primitive::#ty>(#low, #high))
        }
        Kind::Float => {
            let (min, max) = (float(bounds.min), float(bounds.max));
            quote!(::isobar::json_schema::float(#min, #max))
        }
        Kind::Decimal(scale) => {
            let (min, max) = (float(bounds.min), float(bounds.max));
            quote!(::isobar::json_schema::decimal(#scale, #min, #max))
        }
        Kind::Plain(name) => {
            let function = syn::Ident::new(name, proc_macro2::Span::call_site());
            quote!(::isobar::json_schema::#function())
        }
        Kind::Bytes => quote!(::isobar::json_schema::bytes(#min_length, #max_length)),
        Kind::List(item) => {
            let item = self::kind(item, &none);
            quote!(::isobar::json_schema::list(#item, #min_length, #max_length))
        }
        Kind::Set(item) => {
            let item = self::kind(item, &none);
            quote!(::isobar::json_schema::set(#item, #min_length, #max_length))
        }
        Kind::Map(item) => {
            let item = self::kind(item, &none);
            quote!(::isobar::json_schema::map(#item, #min_length, #max_length))
        }
        Kind::Boxed(inner) => self::kind(inner, bounds),
        Kind::Named(ty) => quote!(generator.subschema_for::<#ty>()),
    }
}

fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

//! `Encode::check`: the bounds that reading checks, before a value is written.

use crate::{
    bounds::Bounds,
    codec::local,
    field::{Field, Presence},
    item::{Body, Branch, Item},
    kind::Kind,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

/// The method, where there may be something to check.
pub(crate) fn of(item: &Item) -> TokenStream {
    let body = match item {
        Item::Record(fields) => members(fields, &|field| quote!(&self.#field)),
        Item::NewType(new_type) => {
            let prefix = new_type.prefix.iter().map(|prefix| quote!(::isobar::bounds::prefix(value, #prefix)?;));
            let checks = value(&new_type.kind, &new_type.bounds);
            let checks = quote!(#(#prefix)* #checks);
            if checks.is_empty() { checks } else { quote!(let value = &self.0; #checks) }
        }
        Item::Values { .. } => TokenStream::new(),
        Item::Union { branches, .. } => {
            let arms: Vec<TokenStream> = branches.iter().filter_map(branch).collect();
            if arms.is_empty() { TokenStream::new() } else { quote!(match self { #(#arms)* _ => {} }) }
        }
    };
    if body.is_empty() {
        return body;
    }
    quote! {
        // Not every variant has something to check, nor every field of one.
        #[allow(unreachable_patterns, unused_variables)]
        fn check(&self) -> ::core::result::Result<(), ::isobar::Invalid> {
            #body
            ::core::result::Result::Ok(())
        }
    }
}

/// Statements for every field that has something to check; `this` is a reference to it.
fn members(fields: &[Field], this: &dyn Fn(&Ident) -> TokenStream) -> TokenStream {
    let checks = fields.iter().filter_map(|Field { ident, key, kind, bounds, presence, .. }| {
        let (checks, this) = (value(kind, bounds), this(ident));
        let method = if matches!(presence, Presence::Optional) { quote!(optional) } else { quote!(member) };
        let check = closure(checks)?;
        Some(quote!(::isobar::bounds::#method(#key, #this, #check)?;))
    });
    checks.collect()
}

fn branch(branch: &Branch) -> Option<TokenStream> {
    let ident = &branch.ident;
    match &branch.body {
        Body::Nothing => None,
        Body::Type(ty) => Some(quote!(Self::#ident(value) => <#ty as ::isobar::Encode>::check(value)?,)),
        Body::Record(fields) => {
            let checks = members(fields, &|field| local(field).into_token_stream());
            let bindings = fields.iter().map(|field| (&field.ident, local(&field.ident)));
            let bindings = bindings.map(|(field, local)| quote!(#field: #local));
            (!checks.is_empty()).then(|| quote!(Self::#ident { #(#bindings),* } => { #checks }))
        }
    }
}

/// Statements that fail with `Invalid` where the variable `value`, a reference, may not be written.
fn value(kind: &Kind, bounds: &Bounds) -> TokenStream {
    let own = bounds.checks(kind);
    let none = Bounds::default();
    let within = match kind {
        Kind::Decimal(scale) => quote!(::isobar::bounds::decimal(value, #scale)?;),
        Kind::List(item) | Kind::Set(item) => closure(value(item, &none))
            .map(|check| quote!(::isobar::bounds::items(value, #check)?;))
            .unwrap_or_default(),
        Kind::Map(item) => closure(value(item, &none))
            .map(|check| quote!(::isobar::bounds::entries(value, #check)?;))
            .unwrap_or_default(),
        Kind::Boxed(inner) => {
            let checks = value(inner, &none);
            if checks.is_empty() { checks } else { quote!({ let value = &**value; #checks }) }
        }
        Kind::Named(ty) => quote!(<#ty as ::isobar::Encode>::check(value)?;),
        _ => TokenStream::new(),
    };
    // What is inside is told of before how much of it there is, as on reading.
    quote!(#within #own)
}

fn closure(checks: TokenStream) -> Option<TokenStream> {
    (!checks.is_empty()).then(|| quote!(|value| { #checks ::core::result::Result::Ok(()) }))
}

//! `Aggregate`: an enum with a variant for each event of an aggregate is the set of them.

use crate::{errors::Errors, kind};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::HashMap;
use syn::{Data, DeriveInput, Fields, Ident, Type, spanned::Spanned};

/// `#[derive(Aggregate)]`.
pub(crate) fn aggregate(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let events = events(input, &mut errors);
    errors.or(|| {
        let from = events.iter().map(|(variant, ty)| from(&input.ident, variant, ty));
        let set = set(&input.ident, &events);
        quote!(#(#from)* #set)
    })
}

/// The variants with the events that they hold.
fn events<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Vec<(&'i Ident, &'i Type)> {
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "the events of an aggregate are fixed, and a generic enum has others each time",
            "name them",
        );
    }
    let Data::Enum(data) = &input.data else {
        let help = "write an enum with a variant for each event: `enum OrderEvent { OrderPlaced(OrderPlaced) }`";
        errors.add(&input.ident, "the events of an aggregate are an enum", help);
        return Vec::new();
    };
    if data.variants.is_empty() {
        errors.add(&input.ident, "an aggregate without events decodes nothing", "add a variant for each event");
    }
    let mut seen: HashMap<String, &Ident> = HashMap::new();
    let mut events = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(one) if one.unnamed.len() == 1 => {
                let ty = &one.unnamed[0].ty;
                if let Some(first) = seen.insert(kind::shown(ty), &variant.ident) {
                    let message = format!("`{}` holds this event already", first);
                    errors.add(ty, message, "every event has one variant: drop one of the two");
                }
                events.push((&variant.ident, ty));
            }
            _ => {
                let help = format!("write `{0}({0})`", variant.ident);
                errors.add(variant, "a variant of an aggregate holds one event", help);
            }
        }
    }
    events
}

fn from(ident: &Ident, variant: &Ident, ty: &Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::core::convert::From<#ty> for #ident {
            fn from(event: #ty) -> Self {
                Self::#variant(event)
            }
        }
    }
}

fn set(ident: &Ident, events: &[(&Ident, &Type)]) -> TokenStream {
    let names: Vec<TokenStream> =
        events.iter().map(|(_, ty)| quote_spanned!(ty.span()=> <#ty as ::isobar::Events>::NAMES)).collect();
    let decode = events.iter().zip(&names).map(|((variant, ty), names)| {
        quote_spanned! {ty.span()=>
            if #names.contains(&name) {
                return <#ty as ::isobar::Events>::decode(name, version, payload).map(Self::#variant);
            }
        }
    });
    let decode_all = events.iter().zip(&names).map(|((variant, ty), names)| {
        quote_spanned! {ty.span()=>
            if #names.contains(&name) {
                let all = <#ty as ::isobar::Events>::decode_all(name, version, payload)?;
                return ::core::result::Result::Ok(all.into_iter().map(Self::#variant).collect());
            }
        }
    });
    let of_each = |(method, arguments): (&str, TokenStream)| {
        let method = Ident::new(method, ident.span());
        let arms = events.iter().map(|(variant, ty)| {
            let call = quote_spanned!(ty.span()=> <#ty as ::isobar::Events>::#method);
            quote!(Self::#variant(event) => #call(event, #arguments),)
        });
        quote!(match self { #(#arms)* })
    };
    let [encode, name, version, envelope, schema_id] =
        ["encode", "name", "version", "envelope", "schema_id"].map(|method| of_each((method, quote!())));
    let [encode_as, name_in, negotiate] =
        [("encode_as", quote!(version)), ("name_in", quote!(version)), ("negotiate", quote!(accepted))].map(of_each);
    let distinct = quote_spanned! {ident.span()=>
        const _: () = ::core::assert!(
            ::isobar::by_hand::distinct(<#ident as ::isobar::Events>::NAMES),
            "two events of this aggregate have a name in common, so that `decode` could not tell them apart"
        );
    };
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::isobar::Events for #ident {
            const NAMES: &'static [&'static str] = {
                const EACH: &[&[&str]] = &[#(#names),*];
                const ALL: [&str; ::isobar::by_hand::count(EACH)] = ::isobar::by_hand::concat(EACH);
                &ALL
            };

            fn decode(
                name: &str,
                version: &str,
                payload: &[u8],
            ) -> ::core::result::Result<Self, ::isobar::DecodeError> {
                #(#decode)*
                ::core::result::Result::Err(::isobar::unknown_name(name, <Self as ::isobar::Events>::NAMES))
            }

            fn decode_all(
                name: &str,
                version: &str,
                payload: &[u8],
            ) -> ::core::result::Result<::std::vec::Vec<Self>, ::isobar::DecodeError> {
                #(#decode_all)*
                ::core::result::Result::Err(::isobar::unknown_name(name, <Self as ::isobar::Events>::NAMES))
            }

            fn encode(&self) -> ::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeError> {
                #encode
            }

            fn name(&self) -> &'static str {
                #name
            }

            fn version(&self) -> ::isobar::Version {
                #version
            }

            fn envelope(&self) -> ::core::option::Option<&'static ::isobar::Profile> {
                #envelope
            }

            fn schema_id(&self) -> ::core::option::Option<&'static str> {
                #schema_id
            }

            fn encode_as(
                &self,
                version: &str,
            ) -> ::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeAsError> {
                #encode_as
            }

            fn name_in(&self, version: ::isobar::Version) -> &'static str {
                #name_in
            }

            fn negotiate(
                &self,
                accepted: &str,
            ) -> ::core::result::Result<::isobar::Version, ::isobar::NegotiateError> {
                #negotiate
            }
        }
        #distinct
    }
}

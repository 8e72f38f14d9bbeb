//! What a derived event implements: `Event`, which knows its versions, and `Events`, since an event is the set of itself.

use super::{Before, Named};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Ident, LitStr, Path, spanned::Spanned};

/// What an envelope asks of the event.
pub(super) fn travels(envelope: Option<&Path>, schema_id: Option<&LitStr>) -> TokenStream {
    let envelope = envelope.map(|profile| {
        quote_spanned! {profile.span()=>
            const ENVELOPE: ::core::option::Option<&'static ::isobar::Profile> = ::core::option::Option::Some(&#profile);
        }
    });
    let schema_id = schema_id
        .map(|id| quote!(const SCHEMA_ID: ::core::option::Option<&'static str> = ::core::option::Option::Some(#id);));
    quote!(#envelope #schema_id)
}

/// `impl Event`.
pub(super) fn one(
    input: &DeriveInput,
    named: &Named,
    version: (u32, u32),
    before: Option<&Before>,
    travels: &TokenStream,
) -> TokenStream {
    let (ident, consts, (major, minor)) = (&input.ident, named.consts(), version);
    let (known, older) = match before.map(|before| &before.ty) {
        None => (
            quote!(&[<Self as ::isobar::Event>::VERSION]),
            quote!(::core::result::Result::Err(::isobar::unknown_version(
                <Self as ::isobar::Event>::NAME,
                version,
                <Self as ::isobar::Event>::KNOWN,
            ))),
        ),
        Some(from) => (
            quote_spanned! {from.span()=> {
                const BEFORE: &[::isobar::Version] = <#from as ::isobar::Event>::KNOWN;
                const ALL: [::isobar::Version; BEFORE.len() + 1] =
                    ::isobar::by_hand::and(BEFORE, <#ident as ::isobar::Event>::VERSION);
                &ALL
            }},
            quote_spanned!(from.span()=> ::isobar::by_hand::decode_older::<#from, Self>(version, payload)),
        ),
    };
    let back = before.map(|before| back(ident, before));
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::isobar::Event for #ident {
            #consts
            const VERSION: ::isobar::Version = ::isobar::Version::new(#major, #minor);
            const KNOWN: &'static [::isobar::Version] = #known;
            #travels
            #back

            fn decode_version(
                version: ::isobar::Version,
                payload: &[u8],
            ) -> ::core::result::Result<Self, ::isobar::DecodeError> {
                if version.major == #major {
                    return ::isobar::decode_payload(<Self as ::isobar::Event>::NAME, version, payload);
                }
                #older
            }
        }
    }
}

/// What its versions before were called, and how it is written as one of them.
fn back(ident: &Ident, before: &Before) -> TokenStream {
    let from = &before.ty;
    let names = quote_spanned! {from.span()=>
        const FORMER_NAMES: &'static [(::isobar::Version, &'static str)] = {
            const ALL: [(::isobar::Version, &str); <#from as ::isobar::Event>::KNOWN.len()] =
                ::isobar::by_hand::former_names::<#from, { <#from as ::isobar::Event>::KNOWN.len() }>();
            &ALL
        };
    };
    let encode = before.back.then(|| {
        quote_spanned! {from.span()=>
            const NO_WAY_BACK: ::core::option::Option<(::isobar::Version, ::isobar::Version)> =
                <#from as ::isobar::Event>::NO_WAY_BACK;

            fn encode_version(
                &self,
                version: ::isobar::Version,
            ) -> ::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeAsError> {
                ::isobar::by_hand::encode_older::<#from, #ident>(self, version)
            }
        }
    });
    quote!(#names #encode)
}

/// `impl Events`: an event is the set of itself.
pub(super) fn set(input: &DeriveInput, named: &Named, former: &[LitStr]) -> TokenStream {
    let (ident, name) = (&input.ident, named.name.value());
    let (context, bare) = name.split_once('.').unwrap_or_default();
    let mut names = vec![named.wire.value(), bare.to_owned(), name.clone()];
    for former in former.iter().map(LitStr::value) {
        let full = if former.contains('.') { former.clone() } else { format!("{context}.{former}") };
        let bare = full.rsplit('.').next().unwrap_or_default().to_owned();
        names.extend([bare, full]);
    }
    let mut unique: Vec<String> = Vec::new();
    names.into_iter().for_each(|name| {
        if !unique.contains(&name) {
            unique.push(name)
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::isobar::Events for #ident {
            const NAMES: &'static [&'static str] = &[#(#unique),*];

            fn decode(
                name: &str,
                version: &str,
                payload: &[u8],
            ) -> ::core::result::Result<Self, ::isobar::DecodeError> {
                match name {
                    #(#unique)|* => ::isobar::decode_event(version, payload),
                    _ => ::core::result::Result::Err(::isobar::unknown_name(name, <Self as ::isobar::Events>::NAMES)),
                }
            }

            fn encode(&self) -> ::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeError> {
                ::isobar::encode_payload(self)
            }

            fn name(&self) -> &'static str {
                <Self as ::isobar::Event>::WIRE_NAME
            }

            fn version(&self) -> ::isobar::Version {
                <Self as ::isobar::Event>::VERSION
            }

            fn envelope(&self) -> ::core::option::Option<&'static ::isobar::Profile> {
                <Self as ::isobar::Event>::ENVELOPE
            }

            fn schema_id(&self) -> ::core::option::Option<&'static str> {
                <Self as ::isobar::Event>::SCHEMA_ID
            }

            fn encode_as(
                &self,
                version: &str,
            ) -> ::core::result::Result<::std::vec::Vec<u8>, ::isobar::EncodeAsError> {
                ::isobar::encode_event_as(self, version)
            }

            fn name_in(&self, version: ::isobar::Version) -> &'static str {
                ::isobar::name_in::<Self>(version)
            }

            fn negotiate(
                &self,
                accepted: &str,
            ) -> ::core::result::Result<::isobar::Version, ::isobar::NegotiateError> {
                ::isobar::negotiate::<Self>(accepted)
            }
        }
    }
}

/// What only the compiler knows of the version before.
pub(super) fn check_previous(ident: &Ident, from: &Path) -> TokenStream {
    quote_spanned! {from.span()=>
        const _: () = {
            ::core::assert!(
                ::isobar::by_hand::lists(<#ident as ::isobar::Events>::NAMES, <#from as ::isobar::Event>::NAME),
                "the version before is another event; if this one was renamed, say so with `renamed_from`"
            );
            ::core::assert!(
                <#from as ::isobar::Event>::VERSION.major < <#ident as ::isobar::Event>::VERSION.major,
                "the version before must be of an earlier major; a new minor adds fields to the same type"
            );
        };
    }
}

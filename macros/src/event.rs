//! `Event` and `Command`: what a message is called, which version it is, and which versions came before.

use crate::{
    codec,
    errors::Errors,
    item::{self, Item},
    settings::{Setting, Settings},
    upcast::{self, Before},
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    DeriveInput, Ident, LitStr, Path, Token,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
};

/// What the attribute says of an event or a command.
struct Named {
    /// `ordering.OrderPlaced`.
    name: LitStr,
    wire: LitStr,
    aggregate: Option<LitStr>,
}

impl Named {
    fn take(settings: &mut Settings, attribute: &str, ident: &Ident, errors: &mut Errors) -> Option<Self> {
        let example = format!("ordering.{ident}");
        let wire = settings.text("wire", "\"OrderPlaced\"", errors);
        let aggregate = settings.text("aggregate", "\"Order\"", errors);
        let Some(setting) = settings.take("name") else {
            let help = format!("write `#[{attribute}(name = \"{example}\", ...)]`");
            errors.add(ident, format!("the {attribute} has no name"), help);
            return None;
        };
        let name: LitStr = setting.parse(&format!("\"{example}\""), errors)?;
        let text = name.value();
        match text.split_once('.') {
            Some((context, bare)) if is_name(context) && is_name(bare) => {
                let wire = wire.unwrap_or_else(|| LitStr::new(bare, name.span()));
                Some(Self { name, wire, aggregate })
            }
            _ => {
                let help = format!("write the context before it: \"{example}\"");
                errors.add(&name, format!("`{text}` is no name of a context and a message"), help);
                None
            }
        }
    }

    fn consts(&self) -> TokenStream {
        let Self { name, wire, aggregate } = self;
        let aggregate = aggregate.iter().map(|aggregate| {
            quote! {
                const AGGREGATE: ::core::option::Option<&'static str> = ::core::option::Option::Some(#aggregate);
            }
        });
        quote! {
            const NAME: &'static str = #name;
            const WIRE_NAME: &'static str = #wire;
            #(#aggregate)*
        }
    }
}

/// A name of the notation: letters, digits, `_` and, in a context, `-`.
fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// `#[derive(Command)]`.
pub(crate) fn command(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = item::message(input, "a command", &mut errors);
    let mut settings =
        Settings::read(&input.attrs, "command", &["name", "wire", "aggregate"], "a command", &mut errors);
    let named = Named::take(&mut settings, "command", &input.ident, &mut errors);
    errors.or(|| {
        let (Some(fields), Some(named)) = (fields, named) else { return TokenStream::new() };
        let (ident, consts, item) = (&input.ident, named.consts(), Item::Record(fields));
        let codec = [codec::encode(ident, &item), codec::decode(ident, &item)];
        quote! {
            #(#codec)*

            #[automatically_derived]
            #[allow(deprecated)]
            impl ::isobar::Command for #ident {
                #consts
            }
        }
    })
}

const EVENT: [&str; 7] = ["name", "version", "aggregate", "renamed_from", "wire", "envelope", "schema_id"];

/// `#[derive(Event)]`.
pub(crate) fn event(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let fields = item::message(input, "an event", &mut errors);
    let mut settings = Settings::read(&input.attrs, "event", &EVENT, "an event", &mut errors);
    let named = Named::take(&mut settings, "event", &input.ident, &mut errors);
    let version = match settings.take("version") {
        Some(setting) => version(&setting, &mut errors),
        None => {
            let help = "write `#[event(name = \"...\", version = \"v1.0\")]`; a new major is a new type";
            errors.add(&input.ident, "the event has no version", help);
            None
        }
    };
    let former = settings.take("renamed_from").map(|setting| former(&setting, &mut errors)).unwrap_or_default();
    let envelope: Option<Path> =
        settings.take("envelope").and_then(|setting| setting.parse("path::to::PROFILE", &mut errors));
    let schema_id = settings.text("schema_id", "\"https://example.com/order-placed.json\"", &mut errors);
    let before = upcast::before(&input.attrs, &mut errors);
    errors.or(|| match (fields, named, version) {
        (Some(fields), Some(named), Some(version)) => {
            let item = Item::Record(fields);
            let codec = [codec::encode(&input.ident, &item), codec::decode(&input.ident, &item)];
            let travels = travels(envelope.as_ref(), schema_id.as_ref());
            let event = one(input, &named, version, before.as_ref(), &travels);
            let events = set(input, &named, &former);
            let check = before.as_ref().map(|before| check_previous(&input.ident, &before.ty));
            quote!(#(#codec)* #event #events #check)
        }
        _ => TokenStream::new(),
    })
}

/// `v2.0`.
fn version(setting: &Setting, errors: &mut Errors) -> Option<(u32, u32)> {
    let written: LitStr = setting.parse("\"v1.0\"", errors)?;
    let text = written.value();
    let number = |text: &str| {
        let canonical = text == "0" || text.starts_with(|c: char| ('1'..='9').contains(&c));
        if canonical { text.parse().ok() } else { None }
    };
    let read = text.strip_prefix('v').and_then(|text| text.split_once('.'));
    let read = read.and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
    if read.is_none() {
        errors.add(&written, format!("`{text}` is no version"), "write a major and a minor, as in \"v1.0\"");
    }
    read
}

/// One text, or several in brackets.
struct Names(Vec<LitStr>);

impl Parse for Names {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(syn::token::Bracket) {
            return Ok(Self(vec![input.parse()?]));
        }
        let content;
        syn::bracketed!(content in input);
        Ok(Self(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.into_iter().collect()))
    }
}

/// `"OrderCreated"`, or several in brackets.
fn former(setting: &Setting, errors: &mut Errors) -> Vec<LitStr> {
    const FORM: &str = "\"OrderCreated\"";
    let names = match setting.required(FORM, errors) {
        None => return Vec::new(),
        Some(value) => match syn::parse2::<Names>(value.clone()) {
            Ok(names) => names.0,
            Err(_) => {
                let help = format!("write `renamed_from = {FORM}`, or several in brackets");
                errors.add(value, "`renamed_from` has a value of another form", help);
                return Vec::new();
            }
        },
    };
    for name in &names {
        if !name.value().split('.').all(is_name) || name.value().split('.').count() > 2 {
            errors.add(name, format!("`{}` is no name of an event", name.value()), format!("write {FORM}"));
        }
    }
    names
}

/// What an envelope asks of the event.
fn travels(envelope: Option<&Path>, schema_id: Option<&LitStr>) -> TokenStream {
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
fn one(
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
fn set(input: &DeriveInput, named: &Named, former: &[LitStr]) -> TokenStream {
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
fn check_previous(ident: &Ident, from: &Path) -> TokenStream {
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

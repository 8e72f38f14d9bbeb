//! `Event` and `Command`: what a message is called, which version it is, and which versions came before.

mod traits;

use crate::{
    codec,
    errors::Errors,
    item::{self, Item},
    settings::{Setting, Settings},
    upcast::{self, Before},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    DeriveInput, Ident, LitStr, Path, Token,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
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
            let travels = traits::travels(envelope.as_ref(), schema_id.as_ref());
            let event = traits::one(input, &named, version, before.as_ref(), &travels);
            let events = traits::set(input, &named, &former);
            let check = before.as_ref().map(|before| traits::check_previous(&input.ident, &before.ty));
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

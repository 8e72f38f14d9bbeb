//! The settings of one attribute, `#[isobar(rename = "total", min = 1)]`, each to be taken once. Here it is said which keys
//! and forms of values there are; what they mean, nobody here knows.

use crate::errors::{Errors, listed, similar};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Ident, LitInt, LitStr, Meta, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

/// `key`, `key = value` or `key(value)`.
pub(crate) struct Setting {
    pub(crate) key: Ident,
    /// After `=`. A value of no tokens is none.
    value: Option<TokenStream>,
    /// In parentheses.
    list: Option<TokenStream>,
}

impl Parse for Setting {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        let mut setting = Self { key, value: None, list: None };
        if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            setting.list = Some(content.parse()?);
        } else if input.parse::<Option<Token![=]>>()?.is_some() {
            let mut value = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                value.extend([input.parse::<TokenTree>()?]);
            }
            setting.value = Some(value).filter(|value| !value.is_empty());
        }
        Ok(setting)
    }
}

impl ToTokens for Setting {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.key.to_tokens(tokens);
        self.value.to_tokens(tokens);
        self.list.to_tokens(tokens);
    }
}

impl Setting {
    /// The value, of which there must be one; `form` shows it.
    pub(crate) fn required(&self, form: &str, errors: &mut Errors) -> Option<&TokenStream> {
        if self.value.is_none() {
            errors.add(self, format!("`{}` needs a value", self.key), format!("write `{} = {form}`", self.key));
        }
        self.value.as_ref()
    }

    /// The value, if there is one.
    pub(crate) fn value(&self) -> Option<&TokenStream> {
        self.value.as_ref()
    }

    /// What stands in parentheses.
    pub(crate) fn list(&self) -> Option<&TokenStream> {
        self.list.as_ref()
    }

    /// The value as a `T`; `form` shows one.
    pub(crate) fn parse<T: Parse>(&self, form: &str, errors: &mut Errors) -> Option<T> {
        let value = self.required(form, errors)?;
        match syn::parse2(value.clone()) {
            Ok(value) => Some(value),
            Err(_) => {
                errors.add(
                    value,
                    format!("`{}` has a value of another form", self.key),
                    format!("write `{} = {form}`", self.key),
                );
                None
            }
        }
    }
}

/// The settings of the attributes of one name on one item, field or variant.
pub(crate) struct Settings(Vec<Setting>);

impl Settings {
    /// Reads the attributes `name`, whose keys are `allowed` here; `place` says where that is.
    pub(crate) fn read(attrs: &[Attribute], name: &str, allowed: &[&str], place: &str, errors: &mut Errors) -> Self {
        let mut all: Vec<Setting> = Vec::new();
        for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident(name)) {
            let read = match &attribute.meta {
                Meta::List(list) => Punctuated::<Setting, Token![,]>::parse_terminated.parse2(list.tokens.clone()),
                other => Err(syn::Error::new_spanned(other, "there are no parentheses")),
            };
            match read {
                Ok(settings) => settings.into_iter().for_each(|setting| {
                    let key = setting.key.to_string();
                    if !allowed.contains(&key.as_str()) {
                        errors.add(
                            &setting.key,
                            format!("`{key}` is not a setting of {place}"),
                            unknown(&key, name, allowed),
                        );
                    } else if all.iter().any(|other| other.key == setting.key) {
                        errors.add(&setting.key, format!("`{key}` is set twice"), "keep one of the two");
                    } else {
                        all.push(setting);
                    }
                }),
                Err(error) => {
                    let help = format!("write `#[{name}(key = value, ...)]`");
                    errors.add_at(error.span(), format!("not a list of settings: {error}"), help);
                }
            }
        }
        Self(all)
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Setting> {
        let at = self.0.iter().position(|setting| setting.key == key)?;
        Some(self.0.swap_remove(at))
    }

    /// A setting without a value.
    pub(crate) fn flag(&mut self, key: &str, errors: &mut Errors) -> Option<Ident> {
        let setting = self.take(key)?;
        if let Some(value) = setting.value.as_ref().or(setting.list.as_ref()) {
            errors.add(value, format!("`{key}` takes no value"), format!("write `{key}` alone"));
        }
        Some(setting.key)
    }

    /// A setting whose value is text.
    pub(crate) fn text(&mut self, key: &str, form: &str, errors: &mut Errors) -> Option<LitStr> {
        self.take(key)?.parse(form, errors)
    }

    /// A setting whose value is a whole number.
    pub(crate) fn count(&mut self, key: &str, errors: &mut Errors) -> Option<(LitInt, u64)> {
        let number: LitInt = self.take(key)?.parse("2", errors)?;
        match number.base10_parse() {
            Ok(count) => Some((number, count)),
            Err(_) => {
                errors.add(
                    &number,
                    format!("`{key}` is a whole number without a suffix"),
                    format!("write `{key} = 2`"),
                );
                None
            }
        }
    }
}

fn unknown(key: &str, name: &str, allowed: &[&str]) -> String {
    if allowed.is_empty() {
        return format!("leave `#[{name}(...)]` out here");
    }
    match similar(key, allowed) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", listed(allowed)),
    }
}

//! `Encode` and `Decode`: the code that the generator emits, for items written by hand.

use crate::{
    check,
    field::{Field, Presence},
    item::{Body, Branch, Item, NewType},
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, LitStr, spanned::Spanned};

/// `impl Encode`.
pub(crate) fn encode(ident: &Ident, item: &Item) -> TokenStream {
    let body = match item {
        Item::Record(fields) => {
            let this = |field: &Ident| quote!(&self.#field);
            write_record(fields, &this)
        }
        Item::NewType(_) => quote!(::isobar::Encode::encode(&self.0, w);),
        Item::Values { values, unknown } => {
            let arms = values.iter().map(|(variant, text)| quote!(Self::#variant => #text,));
            let unknown = unknown.iter().map(|variant| quote!(Self::#variant(text) => text,));
            quote!(w.string(match self { #(#arms)* #(#unknown)* });)
        }
        Item::Union { tag, branches } => {
            let arms = branches.iter().map(|branch| write_branch(tag, branch));
            quote!(match self { #(#arms)* })
        }
    };
    let check = check::of(item);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl ::isobar::Encode for #ident {
            fn encode(&self, w: &mut ::isobar::Writer) {
                #body
            }

            #check
        }
    }
}

fn write_record(fields: &[Field], this: &dyn Fn(&Ident) -> TokenStream) -> TokenStream {
    let members = fields.iter().map(|Field { ident, key, ty, presence, .. }| {
        let value = this(ident);
        let encode = quote_spanned!(ty.span()=> <#ty as ::isobar::Encode>::encode);
        match presence {
            Presence::Optional => quote! {
                if let ::core::option::Option::Some(value) = #value {
                    w.key(#key);
                    #encode(value, w);
                }
            },
            _ => quote! {
                w.key(#key);
                #encode(#value, w);
            },
        }
    });
    quote! {
        w.begin_object();
        #(#members)*
        w.end_object();
    }
}

fn write_branch(tag: &LitStr, branch: &Branch) -> TokenStream {
    let Branch { ident, value, body } = branch;
    let (pattern, rest) = match body {
        Body::Nothing => (quote!(), write_record(&[], &|_| quote!())),
        Body::Type(ty) => (quote!((value)), quote_spanned!(ty.span()=> <#ty as ::isobar::Encode>::encode(value, w);)),
        Body::Record(fields) => {
            // The fields under names of their own, since theirs may be `w`.
            let bindings = fields.iter().map(|field| (&field.ident, local(&field.ident)));
            let bindings = bindings.map(|(field, local)| quote!(#field: #local));
            (quote!({ #(#bindings),* }), write_record(fields, &|field| local(field).into_token_stream()))
        }
    };
    quote! {
        Self::#ident #pattern => {
            w.tag(#tag, #value);
            #rest
        }
    }
}

/// `impl Decode`.
pub(crate) fn decode(ident: &Ident, item: &Item) -> TokenStream {
    let body = match item {
        Item::Record(fields) => read_record(fields, &quote!(Self)),
        Item::NewType(new_type) => read_new_type(new_type),
        Item::Values { values, unknown } => {
            let arms =
                values.iter().map(|(variant, text)| quote!(#text => ::core::result::Result::Ok(Self::#variant),));
            let texts = values.iter().map(|(_, text)| text);
            let other = match unknown {
                Some(variant) => {
                    quote!(::core::result::Result::Ok::<_, ::isobar::Invalid>(Self::#variant(::std::string::String::from(text))))
                }
                None => quote!(::core::result::Result::Err(::isobar::unknown_value(text, &[#(#texts),*]))),
            };
            quote!(r.text(|text| match text { #(#arms)* _ => #other }))
        }
        Item::Union { tag, branches } => {
            let arms = branches.iter().map(read_branch);
            let tags = branches.iter().map(|branch| &branch.value);
            quote! {
                match r.tag(#tag)?.as_str() {
                    #(#arms)*
                    other => ::core::result::Result::Err(::isobar::unknown_tag(#tag, other, &[#(#tags),*])),
                }
            }
        }
    };
    quote! {
        #[automatically_derived]
        #[allow(deprecated, clippy::redundant_closure)]
        impl ::isobar::Decode for #ident {
            fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid> {
                #body
            }
        }
    }
}

/// Reads an object into `Self { ... }`, or another constructor.
fn read_record(fields: &[Field], constructor: &TokenStream) -> TokenStream {
    let keys: Vec<&LitStr> = fields.iter().map(|field| &field.key).collect();
    let slots: Vec<Ident> = fields.iter().map(|field| local(&field.ident)).collect();
    let last = fields.len().saturating_sub(1);
    let arms = fields.iter().zip(&slots).enumerate().map(|(i, (field, slot))| {
        let pattern = if i == last { quote!(_) } else { quote!(#i) };
        let method = if matches!(field.presence, Presence::Optional) { quote!(optional) } else { quote!(member) };
        let read = checked(field);
        quote!(#pattern => r.#method(KEYS[#i], &mut #slot, #read)?,)
    });
    let values = fields.iter().zip(&slots).enumerate().map(|(i, (field, slot))| {
        let ident = &field.ident;
        match &field.presence {
            Presence::Required => quote!(#ident: ::isobar::required(KEYS[#i], #slot)?),
            Presence::Optional => quote!(#ident: #slot.flatten()),
            Presence::Default(value) => quote! {
                #ident: match #slot {
                    ::core::option::Option::Some(value) => value,
                    ::core::option::Option::None => #value,
                }
            },
        }
    });
    let members = match fields {
        [] => quote!(while r.next_key(KEYS)?.is_some() {}),
        _ => quote! {
            while let ::core::option::Option::Some(key) = r.next_key(KEYS)? {
                match key {
                    #(#arms)*
                }
            }
        },
    };
    quote! {
        const KEYS: &[&str] = &[#(#keys),*];
        #(let mut #slots = ::core::option::Option::None;)*
        r.begin_object()?;
        #members
        ::core::result::Result::Ok(#constructor { #(#values),* })
    }
}

/// What reads the value of a field, and checks it.
fn checked(field: &Field) -> TokenStream {
    let read = field.kind.read(&field.ty);
    let checks = field.bounds.checks(&field.kind);
    if checks.is_empty() {
        return read;
    }
    quote! {
        |r: &mut ::isobar::Reader<'_>| {
            let read = (#read)(r)?;
            let value = &read;
            #checks
            ::core::result::Result::Ok(read)
        }
    }
}

fn read_new_type(new_type: &NewType) -> TokenStream {
    let NewType { ty, kind, bounds, prefix } = new_type;
    let read = match prefix {
        Some(prefix) => quote!(r.id(#prefix)?),
        None => {
            let read = kind.read(ty);
            quote!((#read)(r)?)
        }
    };
    let checks = bounds.checks(kind);
    let checks = if checks.is_empty() { checks } else { quote!(let value = &read; #checks) };
    quote! {
        let read: #ty = #read;
        #checks
        ::core::result::Result::Ok(Self(read))
    }
}

fn read_branch(branch: &Branch) -> TokenStream {
    let Branch { ident, value, body } = branch;
    let read = match body {
        Body::Nothing => read_record(&[], &quote!(Self::#ident)),
        Body::Record(fields) => read_record(fields, &quote!(Self::#ident)),
        Body::Type(ty) => quote_spanned!(ty.span()=> <#ty as ::isobar::Decode>::decode(r).map(Self::#ident)),
    };
    quote!(#value => { #read })
}

/// The local variable of a field: no expression that an author writes can see it or be shadowed by it.
pub(crate) fn local(field: &Ident) -> Ident {
    format_ident!("field_{}", field, span = Span::mixed_site())
}

//! What a Rust type is on the wire, told by how it is written: a derive sees no more of it. Types that have no wire form and
//! are often written by mistake stand in one table.

use crate::errors::Errors;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, Path, PathArguments, Type, spanned::Spanned};

/// What a type is on the wire.
pub(crate) enum Kind {
    Text,
    Integer(&'static str),
    Float,
    Decimal(u32),
    /// A value of the runtime without bounds: the function that describes it.
    Plain(&'static str),
    Bytes,
    List(Box<Kind>),
    Set(Box<Kind>),
    Map(Box<Kind>),
    Boxed(Box<Kind>),
    /// Any other type, which says itself what it is.
    Named(Box<Type>),
}

/// Types that have no wire form, and what to write in their place.
const REFUSED: [(&str, &str); 18] = [
    ("f32", "f64"),
    ("i8", "i32"),
    ("i16", "i32"),
    ("u8", "u32"),
    ("u16", "u32"),
    ("i128", "i64, or isobar::Decimal with `scale = 0`"),
    ("u128", "u64, or isobar::Decimal with `scale = 0`"),
    ("isize", "i64"),
    ("usize", "u64"),
    ("char", "String"),
    ("str", "String"),
    ("HashMap", "std::collections::BTreeMap<String, T>"),
    ("HashSet", "isobar::Set<T>"),
    ("BTreeSet", "isobar::Set<T>"),
    ("VecDeque", "Vec<T>"),
    ("SystemTime", "isobar::Timestamp"),
    ("DateTime", "isobar::Timestamp"),
    ("Cow", "String"),
];

/// The most digits that a decimal may keep after its point.
const MAX_SCALE: u64 = 18;

/// Reads types; keeps the `scale` that their decimals need.
pub(crate) struct Kinds<'e> {
    scale: Option<(TokenStream, u32)>,
    decimals: usize,
    errors: &'e mut Errors,
}

impl<'e> Kinds<'e> {
    pub(crate) fn new(scale: Option<(syn::LitInt, u64)>, errors: &'e mut Errors) -> Self {
        let scale = scale.map(|(written, scale)| {
            if scale > MAX_SCALE {
                errors.add(&written, format!("`scale` is at most {MAX_SCALE}"), "money seldom needs more than 4");
            }
            (written.into_token_stream(), u32::try_from(scale).unwrap_or_default())
        });
        Self { scale, decimals: 0, errors }
    }

    /// The kind of a whole field's type, which is not an `Option`.
    pub(crate) fn whole(mut self, ty: &Type) -> Option<Kind> {
        let kind = self.kind(ty);
        if let (Some((written, _)), Some(_), 0) = (&self.scale, &kind, self.decimals) {
            let message = format!("`scale` belongs to an isobar::Decimal, and `{}` is none", shown(ty));
            self.errors.add(written, message, "drop `scale`, or make the type isobar::Decimal");
        }
        kind
    }

    fn kind(&mut self, ty: &Type) -> Option<Kind> {
        let path = match ty {
            Type::Group(group) => return self.kind(&group.elem),
            Type::Paren(paren) => return self.kind(&paren.elem),
            Type::Path(path) if path.qself.is_none() => &path.path,
            Type::Path(_) => return Some(Kind::Named(Box::new(ty.clone()))),
            Type::Reference(_) | Type::Ptr(_) => {
                return self.refuse(ty, "is borrowed, and a message owns its data", "own the value, as in `String`");
            }
            Type::Tuple(_) => {
                return self.refuse(
                    ty,
                    "has no names on the wire",
                    "name its parts in a struct that derives `Encode` and `Decode`",
                );
            }
            Type::Array(_) | Type::Slice(_) => return self.refuse(ty, "has no wire form", "write `Vec<T>`"),
            _ => return self.refuse(ty, "has no wire form", "name a type that derives `Encode` and `Decode`"),
        };
        let name = path.segments.last()?.ident.to_string();
        if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return self.refuse(ty, "has no wire form", format!("write {instead}"));
        }
        let first = path.segments.first()?.ident.to_string();
        if name == "Duration" && path.segments.len() > 1 && matches!(first.as_str(), "std" | "core" | "chrono") {
            return self.refuse(ty, "has no wire form", "write isobar::Duration");
        }
        let arguments = arguments(path);
        let kind = match (name.as_str(), arguments.as_slice()) {
            ("String", []) => Kind::Text,
            ("i32", []) => Kind::Integer("i32"),
            ("i64", []) => Kind::Integer("i64"),
            ("u32", []) => Kind::Integer("u32"),
            ("u64", []) => Kind::Integer("u64"),
            ("f64", []) => Kind::Float,
            ("bool", []) => Kind::Plain("boolean"),
            ("Uuid", []) => Kind::Plain("uuid"),
            ("Timestamp", []) => Kind::Plain("timestamp"),
            ("Date", []) => Kind::Plain("date"),
            ("Duration", []) => Kind::Plain("duration"),
            ("Json", []) => Kind::Plain("json"),
            ("Bytes", []) => Kind::Bytes,
            ("Decimal", []) => return self.decimal(ty),
            ("Option", _) => {
                return self.refuse(
                    ty,
                    "can be absent where only a whole field can",
                    "make the field itself an `Option`",
                );
            }
            ("Vec", [item]) if is(item, "u8") => {
                return self.refuse(
                    ty,
                    "would be a list of numbers",
                    "write isobar::Bytes, which is base64 on the wire",
                );
            }
            ("Vec", [item]) => Kind::List(Box::new(self.kind(item)?)),
            ("Set", [item]) if is(item, "Json") => {
                return self.refuse(ty, "cannot tell whether two of its items are equal", "write Vec<isobar::Json>");
            }
            ("Set", [item]) => Kind::Set(Box::new(self.kind(item)?)),
            ("BTreeMap", [key, item]) if is(key, "String") => Kind::Map(Box::new(self.kind(item)?)),
            ("BTreeMap", [key, _]) => {
                return self.refuse(key, "is no key: the keys of a JSON object are text", "write BTreeMap<String, T>");
            }
            ("Box", [inner]) => Kind::Boxed(Box::new(self.kind(inner)?)),
            _ => Kind::Named(Box::new(ty.clone())),
        };
        Some(kind)
    }

    fn decimal(&mut self, ty: &Type) -> Option<Kind> {
        self.decimals += 1;
        match &self.scale {
            Some((_, scale)) => Some(Kind::Decimal(*scale)),
            None => {
                let help = "write `#[isobar(scale = 2)]`: so many digits are kept after the point";
                self.errors.add(ty, "a Decimal needs its scale", help);
                None
            }
        }
    }

    fn refuse(&mut self, ty: impl ToTokens, why: &str, help: impl std::fmt::Display) -> Option<Kind> {
        self.errors.add(&ty, format!("`{}` {why}", shown(&ty)), help);
        None
    }
}

impl Kind {
    /// A function from `&mut Reader` to the value. `ty` is the type as written, where errors of the compiler belong.
    pub(crate) fn read(&self, ty: &Type) -> TokenStream {
        match self {
            Kind::Decimal(scale) => quote!(|r: &mut ::isobar::Reader<'_>| r.decimal(#scale)),
            // A closure, so that a type that is not read is told of once.
            _ if !self.has_decimal() => {
                quote_spanned!(ty.span()=> |r: &mut ::isobar::Reader<'_>| <#ty as ::isobar::Decode>::decode(r))
            }
            Kind::List(item) => Self::items("list", item, ty),
            Kind::Set(item) => Self::items("set", item, ty),
            Kind::Map(item) => Self::items("map", item, ty),
            Kind::Boxed(item) => {
                let read = item.read(ty);
                quote!(|r: &mut ::isobar::Reader<'_>| (#read)(r).map(::std::boxed::Box::new))
            }
            // No other kind holds a decimal.
            _ => TokenStream::new(),
        }
    }

    fn items(method: &str, item: &Kind, ty: &Type) -> TokenStream {
        let (method, read) = (syn::Ident::new(method, Span::call_site()), item.read(ty));
        quote!(|r: &mut ::isobar::Reader<'_>| r.#method(#read))
    }

    fn has_decimal(&self) -> bool {
        match self {
            Kind::Decimal(_) => true,
            Kind::List(item) | Kind::Set(item) | Kind::Map(item) | Kind::Boxed(item) => item.has_decimal(),
            _ => false,
        }
    }

    /// Without the boxes around it.
    pub(crate) fn unboxed(&self) -> &Kind {
        match self {
            Kind::Boxed(inner) => inner.unboxed(),
            kind => kind,
        }
    }
}

/// The type in an `Option`.
pub(crate) fn in_option(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Group(group) => in_option(&group.elem),
        Type::Path(path) if path.qself.is_none() && path.path.segments.last()?.ident == "Option" => {
            match arguments(&path.path).as_slice() {
                [inner] => Some(inner),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether the type is written as this one name, whatever its path.
pub(crate) fn is(ty: &Type, name: &str) -> bool {
    match ty {
        Type::Group(group) => is(&group.elem, name),
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident == name && last.arguments.is_none())
        }
        _ => false,
    }
}

/// The types between `<` and `>` of the last segment.
fn arguments(path: &Path) -> Vec<&Type> {
    let Some(PathArguments::AngleBracketed(arguments)) = path.segments.last().map(|last| &last.arguments) else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// Tokens as people write them.
pub(crate) fn shown(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    [(" ::", "::"), (":: ", "::"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

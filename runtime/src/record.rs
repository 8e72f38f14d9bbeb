//! The macros that make types of tables: what is generated for a record, an enum, a union or a named value is its table, and what
//! all have in common stands here. They match flat lists without calling themselves, since that is what is quick to compile, and
//! name everything by its absolute path. They decide nothing: how a member is read and checked is its form's business.

/// Defines a record: a struct with public fields, `new`, its reading, writing and checking, and a `Debug` that keeps secrets.
///
/// ```
/// isobar::record! {
///     /// A line of an order.
///     #[derive(Clone, PartialEq)]
///     pub struct Line: Invalid {
///         "sku" sku: String,
///         /// What one costs.
///         "unitPrice" unit_price: isobar::Decimal = decimal(2).at_least(isobar::Decimal::ZERO),
///         "quantity" = 1 => quantity: i64 = checked().at_least(1),
///         "giftFor" ("<pii>")? gift_for: String,
///         "next"? next: Box<Line> = checked(),
///     }
/// }
/// let line = Line::new("pen".into(), isobar::Decimal::ONE)?;
/// assert_eq!(isobar::to_vec(&line)?, br#"{"sku":"pen","unitPrice":1,"quantity":1}"#);
/// let wrong = isobar::from_slice::<Line>(br#"{"sku": "pen", "unitPrice": 1, "quantity": 0}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "quantity: 0 is less than the minimum 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A row is the key in JSON, the field and its type, and behind a `=` its form where it has bounds or no form of its own:
/// `checked()`, `decimal(scale)`, `id(prefix)`, `each(form)`, with `.at_least(..)`, `.at_most(..)`, `.min_length(..)`,
/// `.max_length(..)`, `.matches(pattern!(..))`, `.hidden("<tag>")` behind it. Between key and field stand
///
/// - `("<tag>")`: what `Debug` and errors show in the place of the value;
/// - `?`: it may be absent, and the field is an `Option`;
/// - `= value =>`: what it is where it is absent;
/// - `->`: it is kept in a `Box`, which `new` makes.
///
/// Behind the name of the struct `("<tag>")` hides it as a whole, and `: Invalid` says that `new` can fail. `Debug` is not to be
/// derived.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(($whole:literal))? $(: $invalid:ident)? {
            $(
                $(#[$of:meta])*
                $wire:literal $(($mask:literal))?
                $($req:ident: $req_ty:ty $(= $req_form:expr)?,)?
                $(-> $bx:ident: $bx_ty:ty $(= $bx_form:expr)?,)?
                $(? $opt:ident: $opt_ty:ty $(= $opt_form:expr)?,)?
                $(= $default:expr => $def:ident: $def_ty:ty $(= $def_form:expr)?,)?
            )*
        }
    ) => {
        $(#[$meta])*
        pub struct $name {
            $(
                $(#[$of])*
                #[doc = ::core::concat!(
                    "\n\nIn JSON `", ::core::stringify!($wire), "`"
                    $(, ", by default `", ::core::stringify!($default), "`")?
                    $($(, ", `", ::core::stringify!($req_form), "`")?)?
                    $($(, ", `", ::core::stringify!($bx_form), "`")?)?
                    $($(, ", `", ::core::stringify!($opt_form), "`")?)?
                    $($(, ", `", ::core::stringify!($def_form), "`")?)?
                    $(, ", shown as `", $mask, "`")?
                    , "."
                )]
                $(pub $req: $req_ty,)?
                $(pub $bx: ::std::boxed::Box<$bx_ty>,)?
                $(pub $opt: ::core::option::Option<$opt_ty>,)?
                $(pub $def: $def_ty,)?
            )*
        }

        $crate::constructor! {
            [$($invalid)?] $name
            ($($($req: $req_ty,)? $($bx: $bx_ty,)?)*)
            { $(
                $($req,)?
                $($bx: ::std::boxed::Box::new($bx),)?
                $($opt: ::core::option::Option::None,)?
                $($def: $default,)?
            )* }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $(if true { return f.write_str($whole); })?
                $crate::form::debug(
                    f,
                    ::core::stringify!($name),
                    ::core::stringify!($($($req)? $($bx)? $($opt)? $($def)?),*),
                    &[$({
                        let shown: &dyn ::core::fmt::Debug = &self.$($req)?$($bx)?$($opt)?$($def)?;
                        $(let shown: &dyn ::core::fmt::Debug = &$crate::form::Shown($mask);)?
                        shown
                    }),*],
                )
            }
        }

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                const KEYS: &[&str] = &[$($wire),*];
                $(
                    $(let mut $req: ::core::option::Option<$req_ty> = ::core::option::Option::None;)?
                    $(let mut $bx: ::core::option::Option<$bx_ty> = ::core::option::Option::None;)?
                    $(let mut $opt: ::core::option::Option<::core::option::Option<$opt_ty>> =
                        ::core::option::Option::None;)?
                    $(let mut $def: ::core::option::Option<$def_ty> = ::core::option::Option::None;)?
                )*
                r.begin_object()?;
                while let ::core::option::Option::Some(key) = r.next_key(KEYS)? {
                    // The compiler counts, and makes a `match` of it.
                    let mut at = 0;
                    $(
                        if key == at {
                            $($crate::form::read(r, $wire, &mut $req, ($($req_form)?)))?
                            $($crate::form::read(r, $wire, &mut $bx, ($($bx_form)?)))?
                            $($crate::form::read_optional(r, $wire, &mut $opt, ($($opt_form)?)))?
                            $($crate::form::read(r, $wire, &mut $def, ($($def_form)?)))?
                            $(.map_err(|e| e.hide($mask)))?
                            ?;
                            continue;
                        }
                        at += 1;
                    )*
                }
                ::core::result::Result::Ok(Self { $(
                    $($req: $crate::required($wire, $req)?,)?
                    $($bx: ::std::boxed::Box::new($crate::required($wire, $bx)?),)?
                    $($opt: $opt.flatten(),)?
                    $($def: match $def {
                        ::core::option::Option::Some(value) => value,
                        ::core::option::Option::None => $default,
                    },)?
                )* })
            }
        }

        impl $crate::Encode for $name {
            fn encode(&self, w: &mut $crate::Writer) {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                w.begin_object();
                $(
                    $($crate::form::write(w, $wire, &self.$req, ($($req_form)?));)?
                    $($crate::form::write(w, $wire, &*self.$bx, ($($bx_form)?));)?
                    $($crate::form::write_optional(w, $wire, &self.$opt, ($($opt_form)?));)?
                    $($crate::form::write(w, $wire, &self.$def, ($($def_form)?));)?
                )*
                w.end_object();
            }

            fn check(&self) -> ::core::result::Result<(), $crate::Invalid> {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                $(
                    let mask = "";
                    $(let mask = $mask;)?
                    $($($crate::form::check($wire, &self.$req, $req_form, mask)?;)?)?
                    $($($crate::form::check($wire, &*self.$bx, $bx_form, mask)?;)?)?
                    $($($crate::form::check_optional($wire, &self.$opt, $opt_form, mask)?;)?)?
                    $($($crate::form::check($wire, &self.$def, $def_form, mask)?;)?)?
                )*
                ::core::result::Result::Ok(())
            }
        }
    };
}

/// `new` of a record: in square brackets what it fails with, if it can.
#[doc(hidden)]
#[macro_export]
macro_rules! constructor {
    ([] $name:ident () $fields:tt) => {
        impl $name {
            /// With nothing but what its fields are by default.
            #[must_use]
            pub fn new() -> Self {
                Self $fields
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ([] $name:ident ($($arguments:tt)*) $fields:tt) => {
        impl $name {
            /// With what is required; the rest is absent, or what it is by default.
            #[must_use]
            pub fn new($($arguments)*) -> Self {
                Self $fields
            }
        }
    };
    ([$invalid:ident] $name:ident ($($arguments:tt)*) $fields:tt) => {
        impl $name {
            /// With what is required; the rest is absent, or what it is by default.
            ///
            /// # Errors
            /// A value that is out of its bounds, with its path.
            pub fn new($($arguments)*) -> ::core::result::Result<Self, $crate::$invalid> {
                let new = Self $fields;
                $crate::Encode::check(&new)?;
                ::core::result::Result::Ok(new)
            }
        }
    };
}

/// Defines an enum of texts. Behind `..` is the variant that keeps a text which none of the others is; without it, such a text is
/// an error. A literal behind the name is what `Debug` shows, which is not to be derived then.
///
/// ```
/// isobar::choice! {
///     /// What became of an order.
///     #[derive(Clone, Debug, PartialEq)]
///     pub enum Status { "open" Open, "shut" Shut, ..Unknown }
/// }
/// assert_eq!(Status::from("shut"), Status::Shut);
/// assert_eq!(Status::from("lost").as_str(), "lost");
/// ```
#[macro_export]
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(($mask:literal))? {
            $($(#[$of:meta])* $wire:literal $value:ident,)*
            $(..$unknown:ident)?
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $(
                $(#[$of])*
                #[doc = ::core::concat!("\n\nThe value `", ::core::stringify!($wire), "`.")]
                $value,
            )*
            $(
                /// A value that this version does not know, kept as it is.
                $unknown(::std::string::String),
            )?
        }

        impl $name {
            /// Every known value, in declared order.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// Its text in JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$value => $wire,)*
                    $(Self::$unknown(value) => value,)?
                }
            }
        }

        $crate::parse_choice! { [$($unknown)?] $name $($wire $value)* }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $(
            impl ::core::fmt::Debug for $name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str($mask)
                }
            }
        )?

        impl $crate::Encode for $name {
            fn encode(&self, w: &mut $crate::Writer) {
                w.string(self.as_str());
            }
        }
    };
}

/// How an enum is made of text: an open one of any, a closed one only of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! parse_choice {
    ([] $name:ident $($wire:literal $value:ident)*) => {
        impl ::core::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::Invalid> {
                match text {
                    $($wire => ::core::result::Result::Ok(Self::$value),)*
                    _ => ::core::result::Result::Err($crate::unknown_value(text, &[$($wire),*])),
                }
            }
        }

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                r.text(str::parse)
            }
        }
    };
    ([$unknown:ident] $name:ident $($wire:literal $value:ident)*) => {
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$value,)*
                    _ => Self::$unknown(::std::string::String::from(text)),
                }
            }
        }

        impl ::core::str::FromStr for $name {
            // `Self::Err` would be ambiguous where a value is called `err`.
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                r.text(|text| ::core::result::Result::Ok::<_, $crate::Invalid>(Self::from(text)))
            }
        }
    };
}

/// Defines a union of records that the member `by` tells apart. A literal behind the name is what `Debug` shows, which is not to
/// be derived then.
///
/// ```
/// isobar::record! {
///     /// By card.
///     #[derive(Clone, PartialEq)]
///     pub struct Card { "number" number: String, }
/// }
/// isobar::union! {
///     /// How an order is paid.
///     #[derive(Clone, Debug, PartialEq)]
///     pub enum Payment by "kind" { "card" Card(Card), }
/// }
/// let payment: Payment = isobar::from_slice(br#"{"kind": "card", "number": "1"}"#)?;
/// assert_eq!(payment, Payment::Card(Card::new("1".into())));
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(($mask:literal))? by $tag:literal {
            $($(#[$of:meta])* $wire:literal $branch:ident($ty:ty),)*
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $(
                $(#[$of])*
                #[doc = ::core::concat!("\n\nThe branch `", ::core::stringify!($wire), "`.")]
                $branch($ty),
            )*
        }

        $(
            impl ::core::fmt::Debug for $name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str($mask)
                }
            }
        )?

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                match r.tag($tag)?.as_str() {
                    $($wire => $crate::Decode::decode(r).map(Self::$branch),)*
                    other => ::core::result::Result::Err($crate::unknown_tag($tag, other, &[$($wire),*])),
                }
            }
        }

        impl $crate::Encode for $name {
            fn encode(&self, w: &mut $crate::Writer) {
                match self {
                    $(Self::$branch(value) => {
                        w.tag($tag, $wire);
                        $crate::Encode::encode(value, w);
                    })*
                }
            }

            fn check(&self) -> ::core::result::Result<(), $crate::Invalid> {
                match self {
                    $(Self::$branch(value) => $crate::Encode::check(value),)*
                }
            }
        }
    };
}

/// Defines a named value that nobody can change once it is made. Behind the type is its form, where it has bounds. A literal behind
/// the name is what `Debug` shows; `Debug` is not to be derived.
///
/// ```
/// isobar::newtype! {
///     /// How many.
///     #[derive(Clone, Copy, PartialEq)]
///     pub struct Quantity[i64 = checked().at_least(1)];
/// }
/// assert_eq!(*Quantity::new(2)?.get(), 2);
/// assert!(Quantity::new(0).is_err());
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[macro_export]
macro_rules! newtype {
    ($(#[$meta:meta])* pub struct $name:ident $(($mask:literal))? [$ty:ty];) => {
        $crate::newtype! { @ $(#[$meta])* $name ($($mask)?) $ty, () }

        impl $name {
            /// Wraps a value.
            #[must_use]
            pub const fn new(value: $ty) -> Self {
                Self { value }
            }
        }
    };
    ($(#[$meta:meta])* pub struct $name:ident $(($mask:literal))? [$ty:ty = $form:expr];) => {
        $crate::newtype! { @ $(#[$meta])* $name ($($mask)?) $ty, $form }

        impl $name {
            /// Wraps a value.
            ///
            /// # Errors
            /// A value that is out of its bounds.
            pub fn new(value: $ty) -> ::core::result::Result<Self, $crate::Invalid> {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                $crate::form::Form::check(&$form, &value)?;
                ::core::result::Result::Ok(Self { value })
            }
        }
    };
    (@ $(#[$meta:meta])* $name:ident ($($mask:literal)?) $ty:ty, $form:expr) => {
        $(#[$meta])*
        // Without a constructor of its name, a variable may be called like it.
        pub struct $name {
            value: $ty,
        }

        impl $name {
            /// Wraps a value that is known to be within the bounds; used by generated code.
            #[doc(hidden)]
            #[must_use]
            pub const fn trusted(value: $ty) -> Self {
                Self { value }
            }

            /// The value inside.
            #[must_use]
            pub const fn get(&self) -> &$ty {
                &self.value
            }

            /// The value inside, taken out.
            #[must_use]
            pub fn into_inner(self) -> $ty {
                self.value
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $(if true { return f.write_str($mask); })?
                f.debug_tuple(::core::stringify!($name)).field(&self.value).finish()
            }
        }

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                $crate::form::Form::read(&$form, r).map(|value| Self { value })
            }
        }

        impl $crate::Encode for $name {
            fn encode(&self, w: &mut $crate::Writer) {
                #[allow(unused_imports)]
                use $crate::form::begin::*;
                $crate::form::Form::write(&$form, &self.value, w);
            }
        }
    };
}

/// A regular expression of a form's table, compiled when it is first used.
#[doc(hidden)]
#[macro_export]
macro_rules! pattern {
    ($source:literal) => {{
        static PATTERN: $crate::Pattern = $crate::Pattern::new($source);
        &PATTERN
    }};
}

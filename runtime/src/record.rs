//! The macro that makes a record of its table: what is generated for a record is the table, and what all records have in common
//! stands here. It matches a flat list and never calls itself, since that is what is quick to compile, and names everything by its
//! absolute path. It decides nothing: how a member is read and checked is its form's business.

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
                        let _shown: &dyn ::core::fmt::Debug = &self.$($req)?$($bx)?$($opt)?$($def)?;
                        $(let _shown: &dyn ::core::fmt::Debug = &$crate::form::Shown($mask);)?
                        _shown
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
                    let mut _at = 0;
                    $(
                        if key == _at {
                            $($crate::form::read(r, $wire, &mut $req, ($($req_form)?)))?
                            $($crate::form::read(r, $wire, &mut $bx, ($($bx_form)?)))?
                            $($crate::form::read_optional(r, $wire, &mut $opt, ($($opt_form)?)))?
                            $($crate::form::read(r, $wire, &mut $def, ($($def_form)?)))?
                            $(.map_err(|e| e.hide($mask)))?
                            ?;
                            continue;
                        }
                        _at += 1;
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
                    let _mask = "";
                    $(let _mask = $mask;)?
                    $($($crate::form::check($wire, &self.$req, $req_form, _mask)?;)?)?
                    $($($crate::form::check($wire, &*self.$bx, $bx_form, _mask)?;)?)?
                    $($($crate::form::check_optional($wire, &self.$opt, $opt_form, _mask)?;)?)?
                    $($($crate::form::check($wire, &self.$def, $def_form, _mask)?;)?)?
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

/// A regular expression of a form's table, compiled when it is first used.
#[doc(hidden)]
#[macro_export]
macro_rules! pattern {
    ($source:literal) => {{
        static PATTERN: $crate::Pattern = $crate::Pattern::new($source);
        &PATTERN
    }};
}

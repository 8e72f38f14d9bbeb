//! The macros that make enums, unions and named values of their tables, as `record!` makes records: flat lists, absolute paths, and
//! nothing that depends on where they are used.

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

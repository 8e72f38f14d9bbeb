//! Macros for the types that generated code has most of: identifiers and other checked texts.
//! What they expand to names everything by its absolute path, and carries its own documentation.

/// Defines an identifier: a text with a fixed prefix and something after it. A literal after the prefix is shown by `Debug`
/// in the identifier's place, as in [`text!`](crate::text!).
///
/// ```
/// isobar::id! {
///     /// Identifies an order.
///     pub struct OrderId("order_");
/// }
/// let id = OrderId::new("order_17")?;
/// assert_eq!(id.as_str(), "order_17");
/// assert!(OrderId::new("cust_17").is_err());
/// assert!(OrderId::random().as_str().starts_with(OrderId::PREFIX));
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $vis:vis struct $name:ident($prefix:literal $(, $mask:literal)?);) => {
        $crate::checked_text! {
            $(#[$meta])*
            $vis struct $name(|text| $crate::bounds::prefix(text, $prefix) $(, $mask)?);
        }

        $crate::text_schema! {
            $name = |text| $crate::json_schema::identifier(text, $prefix)
        }

        impl $name {
            /// What every identifier of this type starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new identifier: the prefix and a UUID of version 7, so that later ones sort after earlier ones.
            #[must_use]
            pub fn random() -> Self {
                Self { text: ::std::format!("{}{}", $prefix, $crate::Uuid::now_v7().simple()) }
            }
        }
    };
}

/// Defines a checked text: a new type over `String` that only holds what its check accepts. The check is a
/// closure `|text| ...` from `&str` to `Result<(), Invalid>` that captures nothing.
///
/// ```
/// isobar::text! {
///     /// An ISO 4217 code.
///     pub struct Currency(|text| {
///         static PATTERN: isobar::Pattern = isobar::Pattern::new("^[A-Z]{3}$");
///         isobar::bounds::pattern(text, &PATTERN)
///     });
/// }
/// assert_eq!("EUR".parse::<Currency>()?.into_string(), "EUR");
/// assert!(Currency::new("euro").is_err());
/// # Ok::<(), isobar::Invalid>(())
/// ```
///
/// A literal after the check is what `Debug` and errors show instead of the text, so that it does not get into logs:
///
/// ```
/// isobar::text! {
///     /// Where a person is written to.
///     pub struct Email(|text| isobar::bounds::max_length(text, 100), "<pii>");
/// }
/// assert_eq!(format!("{:?}", Email::new("ada@example.com")?), "<pii>");
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[macro_export]
macro_rules! text {
    ($(#[$meta:meta])* $vis:vis struct $name:ident($check:expr $(, $mask:literal)?);) => {
        $crate::checked_text! {
            $(#[$meta])*
            $vis struct $name($check $(, $mask)?);
        }

        $crate::text_schema! {
            $name = |text| text
        }
    };
}

/// What `id!` and `text!` have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! checked_text {
    ($(#[$meta:meta])* $vis:vis struct $name:ident($check:expr);) => {
        $crate::checked_text! { @type $(#[$meta])* $vis struct $name($check); }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($name)).field(&self.text).finish()
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $name:ident($check:expr, $mask:literal);) => {
        $crate::checked_text! {
            @type $(#[$meta])*
            $vis struct $name(|text| {
                let check: fn(&str) -> ::core::result::Result<(), $crate::Invalid> = $check;
                check(text).map_err(|invalid| invalid.hide($mask))
            });
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str($mask)
            }
        }
    };
    (@type $(#[$meta:meta])* $vis:vis struct $name:ident($check:expr);) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        // Without a constructor of its name, a variable may be called like it.
        $vis struct $name {
            text: ::std::string::String,
        }

        impl $name {
            /// Checks a text and wraps it.
            ///
            /// # Errors
            /// When the text is not one that this type holds.
            pub fn new(
                text: impl ::core::convert::Into<::std::string::String>,
            ) -> ::core::result::Result<Self, $crate::Invalid> {
                let text = text.into();
                let check: fn(&str) -> ::core::result::Result<(), $crate::Invalid> = $check;
                check(&text)?;
                ::core::result::Result::Ok(Self { text })
            }

            /// Wraps a text that is known to be one that this type holds; for generated code.
            #[doc(hidden)]
            #[must_use]
            pub fn trusted(text: ::std::string::String) -> Self {
                Self { text }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// The text.
            #[must_use]
            pub fn into_string(self) -> ::std::string::String {
                self.text
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.text, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::Invalid;

            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }

        impl ::core::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::Invalid;

            fn try_from(text: ::std::string::String) -> ::core::result::Result<Self, $crate::Invalid> {
                Self::new(text)
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        impl $crate::Decode for $name {
            fn decode(r: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Invalid> {
                Self::new(r.string()?)
            }
        }

        impl $crate::Encode for $name {
            fn encode(&self, w: &mut $crate::Writer) {
                w.string(&self.text);
            }
        }
    };
}

/// The JSON Schema of a checked text. Whether there is one is decided by the features of this crate, not of the one that the
/// macro is used in.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! text_schema {
    ($name:ident = $schema:expr) => {
        impl $crate::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)))
            }

            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                let schema: fn($crate::schemars::Schema) -> $crate::schemars::Schema = $schema;
                schema($crate::json_schema::text(
                    ::core::option::Option::None,
                    ::core::option::Option::None,
                    ::core::option::Option::None,
                ))
            }
        }
    };
}

/// Without the feature `schemars` there is none.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! text_schema {
    ($name:ident = $schema:expr) => {};
}

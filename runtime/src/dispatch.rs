//! The macros that make an event of the table of its versions, and a set of events of the table of its names. The way from one
//! version to the next is `From` or `TryFrom`, written elsewhere; these only call it.

/// Implements [`Event`](crate::Event), and with a row `named` also [`Events`](crate::Events). After the head come former majors,
/// oldest first, each with what its data becomes on the way to the newest one; then older versions, each with what the newest data
/// becomes on the way back. In braces stand functions and constants of the trait that are not what it supposes.
///
/// ```text
/// isobar::event! {
///     OrderPaid = "shop.OrderPaid", "OrderPaid", (2, 0), of "Order", schema "urn:isobar:tiny:shop.OrderPaid:v2.0":
///     (1, 0) super::v1::OrderPaid > (2, 0) Self;
///     back (1, 0): (1, 0) super::v1::OrderPaid;
///     named "OrderPaid" | "shop.OrderPaid";
/// }
/// ```
#[macro_export]
macro_rules! event {
    (
        $ident:ident = $name:literal, $wire:literal, ($major:literal, $minor:literal)
        $(, of $aggregate:literal)? $(, schema $schema:literal)? $(, envelope $profile:path)?:
        $(($from:literal, $from_minor:literal) $old:ty $(> ($to:literal, $to_minor:literal) $next:ty)+;)*
        $(back $(
            ($older:literal, $older_minor:literal):
            $(($back:literal, $back_minor:literal) $before:ty)>+
        ),+;)?
        $(named $($named:literal)|+; $(past $past:tt |$v:ident, $p:ident| $one:tt $all:tt)?)?
        $({ $($more:item)* })?
    ) => {
        impl $crate::Event for $ident {
            const NAME: &'static str = $name;
            const WIRE_NAME: &'static str = $wire;
            const VERSION: $crate::Version = $crate::Version::new($major, $minor);
            const KNOWN: &'static [$crate::Version] = &[
                $($crate::Version::new($from, $from_minor),)*
                $crate::Version::new($major, $minor),
            ];
            $(const AGGREGATE: ::core::option::Option<&'static str> = ::core::option::Option::Some($aggregate);)?
            $(const SCHEMA_ID: ::core::option::Option<&'static str> = ::core::option::Option::Some($schema);)?
            $(
                const ENVELOPE: ::core::option::Option<&'static $crate::Profile> =
                    ::core::option::Option::Some(&$profile);
            )?
            $($($more)*)?

            $(
                const NO_WAY_BACK: ::core::option::Option<($crate::Version, $crate::Version)> =
                    ::core::option::Option::None;

                fn encode_version(
                    &self,
                    version: $crate::Version,
                ) -> ::core::result::Result<::std::vec::Vec<u8>, $crate::EncodeAsError> {
                    match (version.major, version.minor) {
                        ($major, $minor) => ::core::result::Result::Ok($crate::encode_payload(self)?),
                        $(($older, $older_minor) => {
                            let (data, at) = (self.clone(), $crate::Version::new($major, $minor));
                            $(
                                let to = $crate::Version::new($back, $back_minor);
                                let (data, at): ($before, _) = ($crate::hop_back($name, at, to, data)?, to);
                            )+
                            ::core::result::Result::Ok($crate::encode_payload(&data)?)
                        })+
                        _ => ::core::result::Result::Err($crate::unknown_older(
                            $name,
                            version,
                            <Self as $crate::Event>::VERSIONS,
                        )),
                    }
                }
            )?

            fn decode_version(
                version: $crate::Version,
                payload: &[u8],
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                match version.major {
                    $($from => {
                        let old: $old = $crate::decode_payload($name, version, payload)?;
                        let at = $crate::Version::new($from, $from_minor);
                        $(
                            let to = $crate::Version::new($to, $to_minor);
                            let (old, at): ($next, _) = ($crate::hop($name, at, to, old)?, to);
                        )+
                        ::core::result::Result::Ok(old)
                    })*
                    $major => $crate::decode_payload($name, version, payload),
                    _ => ::core::result::Result::Err($crate::unknown_version(
                        $name,
                        version,
                        <Self as $crate::Event>::KNOWN,
                    )),
                }
            }
        }

        $($crate::events! {
            @ $ident, event;
            [$ident: $($named)|+, event, ::core::convert::identity]
            $(past $past |$v, $p| $one $all)?
        })?
    };
}

/// Defines the enum of several events, each with the names that it is found by, and implements [`Events`](crate::Events). Behind
/// `past` are events that are over, as arms of `decode` and, where one is not exactly one event, of `decode_all`.
///
/// ```text
/// isobar::events! {
///     /// Any event of the aggregate `Order`.
///     #[derive(Clone, Debug, PartialEq)]
///     pub enum OrderEvent {
///         /// An order has been paid.
///         OrderPaid: "OrderPaid" | "shop.OrderPaid";
///     }
/// }
/// ```
///
/// Behind `@` it only implements the trait: for each event its type and names, the pattern that binds it, and what makes a value
/// of the set of it. One event is a set of itself.
#[macro_export]
macro_rules! events {
    (
        @ $set:ident, $it:ident;
        $([$event:ty: $($name:literal)|+, $pattern:pat, $make:expr])*
        $(past [$($past:literal),*] |$version:ident, $payload:ident| { $($one:tt)* } { $($all:tt)* })?
    ) => {
        #[allow(unused_variables, clippy::map_identity, clippy::match_single_binding)]
        impl $crate::Events for $set {
            const NAMES: &'static [&'static str] = &[$($($name,)+)* $($($past),*)?];

            fn decode(
                name: &str,
                version: &str,
                payload: &[u8],
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                $(let ($version, $payload) = (version, payload);)?
                match name {
                    $($($name)|+ => $crate::decode_event(version, payload).map($make),)*
                    $($($one)*)?
                    _ => ::core::result::Result::Err($crate::unknown_name(name, <Self as $crate::Events>::NAMES)),
                }
            }

            $(
                fn decode_all(
                    name: &str,
                    $version: &str,
                    $payload: &[u8],
                ) -> ::core::result::Result<::std::vec::Vec<Self>, $crate::DecodeError> {
                    match name {
                        $($all)*
                        _ => <Self as $crate::Events>::decode(name, $version, $payload)
                            .map(|event| ::std::vec![event]),
                    }
                }
            )?

            fn encode(&self) -> ::core::result::Result<::std::vec::Vec<u8>, $crate::EncodeError> {
                match self { $($pattern => $crate::encode_payload($it),)* }
            }

            fn name(&self) -> &'static str {
                match self { $($pattern => <$event as $crate::Event>::WIRE_NAME,)* }
            }

            fn version(&self) -> $crate::Version {
                match self { $($pattern => <$event as $crate::Event>::VERSION,)* }
            }

            fn envelope(&self) -> ::core::option::Option<&'static $crate::Profile> {
                match self { $($pattern => <$event as $crate::Event>::ENVELOPE,)* }
            }

            fn schema_id(&self) -> ::core::option::Option<&'static str> {
                match self { $($pattern => <$event as $crate::Event>::SCHEMA_ID,)* }
            }

            fn encode_as(
                &self,
                version: &str,
            ) -> ::core::result::Result<::std::vec::Vec<u8>, $crate::EncodeAsError> {
                match self { $($pattern => $crate::encode_event_as($it, version),)* }
            }

            fn name_in(&self, version: $crate::Version) -> &'static str {
                match self { $($pattern => $crate::name_in::<$event>(version),)* }
            }

            fn negotiate(&self, accepted: &str) -> ::core::result::Result<$crate::Version, $crate::NegotiateError> {
                match self { $($pattern => $crate::negotiate::<$event>(accepted),)* }
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $ident:ident {
            $($(#[$of:meta])* $event:ident: $($name:literal)|+;)*
        }
        $(past $past:tt |$version:ident, $payload:ident| $one:tt $all:tt)?
    ) => {
        $(#[$meta])*
        pub enum $ident {
            $($(#[$of])* $event($event),)*
        }

        $(
            impl ::core::convert::From<$event> for $ident {
                fn from(event: $event) -> Self {
                    Self::$event(event)
                }
            }
        )*

        $crate::events! {
            @ $ident, event;
            $([$event: $($name)|+, Self::$event(event), Self::$event])*
            $(past $past |$version, $payload| $one $all)?
        }
    };
}

//! The derives of `isobar`, for people who write the types of their events by hand. What they implement is what generated
//! types implement, so that both meet in the same `decode`. Nothing here reads a file, or knows more of a type than how it
//! is written.
//!
//! Use them through `isobar` with its feature `derive`; the paths that they emit start with `::isobar`.
//!
//! | derive | for | implements |
//! |---|---|---|
//! | [`Event`] | a version of an event | `Encode`, `Decode`, `Event`, `Events` |
//! | [`Upcast`] | a version that another came before | `From` or `TryFrom` the version before |
//! | [`Aggregate`] | the enum of an aggregate's events | `Events`, `From` each event |
//! | [`Command`] | a command | `Encode`, `Decode`, `Command` |
//! | [`Encode`], [`Decode`] | what messages are made of | themselves |
//! | [`JsonSchema`] | any of them but an aggregate | `schemars::JsonSchema` (feature `schemars`) |
//!
//! A field's name on the wire is its name in Rust in `camelCase`, and so is a variant's; `#[isobar(rename_all = "...")]` and
//! `#[isobar(rename = "...")]` choose others. What a field is on the wire is told by how its type is written: `Option<T>`
//! may be absent, and `String`, `bool`, `i32`, `i64`, `u32`, `u64`, `f64`, `Vec<T>`, `Box<T>`, `BTreeMap<String, T>` and the
//! values of `isobar` (`Decimal`, `Timestamp`, `Date`, `Duration`, `Uuid`, `Bytes`, `Json`, `Set<T>`) are themselves, whatever
//! their path. Every other type says itself what it is. A type of your own should not bear one of these names.

mod aggregate;
mod bounds;
mod check;
mod codec;
mod errors;
mod event;
mod field;
mod item;
mod kind;
mod names;
mod number;
mod schema;
mod settings;
mod upcast;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Writes a value: a struct with named fields as an object, a struct around one value as that value, an enum of names as text,
/// and an enum with `#[isobar(tag = "...")]` as a tagged union. The settings are those of [`Decode`]; a value that reading would
/// refuse is not written.
///
/// ```
/// use isobar::{Decode, Encode};
///
/// #[derive(Encode, Decode)]
/// #[isobar(tag = "kind")]
/// enum Payment {
///     Card { number: String },
///     #[isobar(rename = "on-account")]
///     OnAccount(Account),
///     Cash,
/// }
///
/// #[derive(Encode, Decode)]
/// struct Account {
///     days: u32,
///     note: Option<String>,
/// }
///
/// let payment = Payment::OnAccount(Account { days: 30, note: None });
/// assert_eq!(isobar::to_vec(&payment)?, br#"{"kind":"on-account","days":30}"#);
/// assert_eq!(isobar::to_vec(&Payment::Cash)?, br#"{"kind":"cash"}"#);
/// # Ok::<(), isobar::EncodeError>(())
/// ```
#[proc_macro_derive(Encode, attributes(isobar))]
pub fn encode(input: TokenStream) -> TokenStream {
    codec_of(&parse_macro_input!(input), codec::encode)
}

/// Reads a value, as strictly as generated code does: bounds are checked, nothing is rounded, and an error has its path.
///
/// | setting | on | meaning |
/// |---|---|---|
/// | `rename = "name"` | a field, a variant | its name on the wire |
/// | `rename_all = "snake_case"` | a record, an enum | the case of all names: also `camelCase` (the default), `PascalCase`, `SCREAMING_SNAKE_CASE`, `kebab-case` |
/// | `default`, `default = expr` | a field | what absent means; literals become `String`s and `Decimal`s |
/// | `scale = 2` | a `Decimal`, or what holds some | the digits after the point, which every `Decimal` needs |
/// | `min`, `max` | a number | bounds, inclusive |
/// | `min_length`, `max_length` | text, bytes, lists, sets, maps | characters, bytes or items |
/// | `pattern = "^[A-Z]{3}$"` | a `String` | found somewhere in the text |
/// | `prefix = "order_"` | a struct around a `String` | an identifier: the prefix, and something after it |
/// | `open` | an enum of names | other texts become `Unknown(String)` and are kept |
/// | `tag = "kind"` | an enum | a tagged union: the member that says which variant it is |
///
/// `scale` and the bounds of a struct around one value stand on the struct.
///
/// ```
/// use isobar::{Decimal, Decode, Encode, from_slice};
///
/// #[derive(Debug, Encode, Decode)]
/// struct LineItem {
///     product_id: ProductId,
///     #[isobar(min = 1)]
///     quantity: i64,
///     #[isobar(scale = 2)]
///     unit_price: Decimal,
///     #[isobar(default = "USD", pattern = "^[A-Z]{3}$")]
///     currency: String,
///     status: Option<Status>,
/// }
///
/// #[derive(Debug, Encode, Decode)]
/// #[isobar(prefix = "product_")]
/// struct ProductId(String);
///
/// #[derive(Debug, PartialEq, Encode, Decode)]
/// #[isobar(open)]
/// enum Status {
///     InStock,
///     Unknown(String),
/// }
///
/// let item: LineItem = from_slice(br#"{"productId":"product_1","quantity":2,"unitPrice":49.99,"status":"lost"}"#)?;
/// assert_eq!(item.currency, "USD");
/// assert_eq!(item.status, Some(Status::Unknown("lost".to_owned())));
///
/// let wrong = from_slice::<LineItem>(br#"{"productId":"product_1","quantity":0,"unitPrice":1}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "quantity: 0 is less than the minimum 1");
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[proc_macro_derive(Decode, attributes(isobar))]
pub fn decode(input: TokenStream) -> TokenStream {
    codec_of(&parse_macro_input!(input), codec::decode)
}

fn codec_of(input: &DeriveInput, code: impl Fn(&syn::Ident, &item::Item) -> proc_macro2::TokenStream) -> TokenStream {
    let mut errors = errors::Errors::default();
    let item = item::read(input, &mut errors);
    errors.or(|| item.map(|item| code(&input.ident, &item)).unwrap_or_default()).into()
}

/// A version of an event: a struct with named fields, read and written as [`Decode`] and [`Encode`] say, with their settings.
///
/// | setting of `#[event(...)]` | meaning |
/// |---|---|
/// | `name = "ordering.OrderPlaced"` | the context and the event; required |
/// | `version = "v1.1"` | the version that is written; required. A new minor adds fields with defaults to the same struct, a new major is a new struct |
/// | `wire = "order-placed"` | its name on the wire, where that is not `OrderPlaced` |
/// | `aggregate = "Order"` | the aggregate that it is an event of |
/// | `envelope = path::to::PROFILE` | the `isobar::Profile` of the envelope that it travels in |
/// | `schema_id = "https://..."` | the `$id` of its JSON Schema, for envelopes that name it |
/// | `renamed_from = "OrderCreated"` | a former name, which is still read; several in brackets |
///
/// A major that another came before names that one with `#[upcast(from = ...)]`, and then reads all majors; the step between
/// the two is [`Upcast`], or a `From` or `TryFrom` of your own. The oldest major stands at the end of the chain. With
/// `#[upcast(from = ..., back)]` and a `From` or `TryFrom` of your own for the other direction, `encode_as` writes the event for
/// readers of the major before, too.
///
/// ```
/// use isobar::{Event, Events, Upcast};
///
/// #[derive(Event)]
/// #[event(name = "ordering.OrderPlaced", version = "v1.0")]
/// struct OrderPlacedV1 {
///     customer: String,
/// }
///
/// #[derive(Event, Upcast)]
/// #[event(name = "ordering.OrderPlaced", version = "v2.0", aggregate = "Order")]
/// #[upcast(from = OrderPlacedV1)]
/// struct OrderPlaced {
///     #[upcast(rename = "customer")]
///     customer_id: String,
/// }
///
/// let event = OrderPlaced::decode("OrderPlaced", "v1.0", br#"{"customer":"c1"}"#)?;
/// assert_eq!(event.encode()?, br#"{"customerId":"c1"}"#);
/// let unknown = OrderPlaced::decode("OrderPlaced", "v3.0", b"{}").map(drop).unwrap_err();
/// assert_eq!(unknown.to_string(), "ordering.OrderPlaced has no version \"v3.0\"; known are v1.0, v2.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[proc_macro_derive(Event, attributes(event, isobar, upcast))]
pub fn event(input: TokenStream) -> TokenStream {
    event::event(&parse_macro_input!(input)).into()
}

/// A command: a struct with named fields, read and written as [`Decode`] and [`Encode`] say, with their settings.
///
/// `#[command(...)]` has `name`, which is required, `wire` and `aggregate`, as [`Event`] does.
///
/// ```
/// use isobar::Command;
///
/// #[derive(Command)]
/// #[command(name = "ordering.PlaceOrder", aggregate = "Order")]
/// struct PlaceOrder {
///     order_id: String,
/// }
///
/// let command: PlaceOrder = isobar::from_slice(br#"{"orderId":"o1"}"#)?;
/// assert_eq!((PlaceOrder::WIRE_NAME, command.order_id.as_str()), ("PlaceOrder", "o1"));
/// # Ok::<(), isobar::Invalid>(())
/// ```
#[proc_macro_derive(Command, attributes(command, isobar))]
pub fn command(input: TokenStream) -> TokenStream {
    event::command(&parse_macro_input!(input)).into()
}

/// The events of an aggregate: an enum with a variant around each, in one `decode`. The events may be derived, generated, or
/// aggregates themselves. No name may be that of two of them, nor a former name of one that of another.
///
/// ```
/// use isobar::{Aggregate, Event, Events};
///
/// #[derive(Event)]
/// #[event(name = "ordering.OrderPlaced", version = "v1.0")]
/// struct OrderPlaced {}
///
/// #[derive(Event)]
/// #[event(name = "ordering.OrderShipped", version = "v1.0")]
/// struct OrderShipped {
///     carrier: String,
/// }
///
/// #[derive(Aggregate)]
/// enum OrderEvent {
///     OrderPlaced(OrderPlaced),
///     OrderShipped(OrderShipped),
/// }
///
/// let event = OrderEvent::decode("OrderShipped", "v1.0", br#"{"carrier":"post"}"#)?;
/// assert!(matches!(&event, OrderEvent::OrderShipped(shipped) if shipped.carrier == "post"));
/// assert_eq!(event.name(), "OrderShipped");
/// # Ok::<(), isobar::DecodeError>(())
/// ```
#[proc_macro_derive(Aggregate)]
pub fn aggregate(input: TokenStream) -> TokenStream {
    aggregate::aggregate(&parse_macro_input!(input)).into()
}

/// How the data of the version before comes into this one: `From` it, or `TryFrom` with `isobar::UpcastError` where a function
/// may fail. The item names the version before with `#[upcast(from = OrderPlacedV1)]`, and fields that are gone on purpose
/// with `removed(region, note)`. A field without a setting is the old one of its name.
///
/// | setting of a field | its value |
/// |---|---|
/// | `rename = "customer"` | the old field `customer` |
/// | `path = "pricing.total"` | what is within an old field |
/// | `default`, `default = expr` | a value for old data; literals become `String`s and `Decimal`s |
/// | `with = path::to::function` | what the function makes of the old value as a whole, `&OrderPlacedV1`; beside `rename` or `path`, of what they name |
/// | `try_with = path::to::function` | the same of a function that gives a `Result`, whose error comes into `isobar::UpcastError` by `From` |
///
/// An old field that nothing reads and that `removed` does not name is an error, "pattern does not mention field". Only where a
/// function gets the old value as a whole, nobody can tell what it reads.
///
/// ```
/// use isobar::{Decimal, Event, Upcast, UpcastError};
///
/// #[derive(Event)]
/// #[event(name = "ordering.OrderPlaced", version = "v1.0")]
/// struct OrderPlacedV1 {
///     customer: String,
///     total: String,
///     region: String,
/// }
///
/// #[derive(Event, Upcast)]
/// #[event(name = "ordering.OrderPlaced", version = "v2.0")]
/// #[upcast(from = OrderPlacedV1, removed(region))]
/// struct OrderPlaced {
///     #[upcast(rename = "customer")]
///     customer_id: String,
///     #[isobar(scale = 2)]
///     #[upcast(rename = "total", try_with = amount)]
///     total: Decimal,
///     #[upcast(default)]
///     items: Vec<String>,
/// }
///
/// fn amount(text: String) -> Result<Decimal, UpcastError> {
///     text.parse().map_err(|_| UpcastError::Hook(format!("{text:?} is no amount")))
/// }
///
/// let old = OrderPlacedV1 { customer: "c1".into(), total: "9.90".into(), region: "EU".into() };
/// assert_eq!(OrderPlaced::try_from(old)?.total, Decimal::new(990, 2));
/// # Ok::<(), UpcastError>(())
/// ```
#[proc_macro_derive(Upcast, attributes(upcast, isobar))]
pub fn upcast(input: TokenStream) -> TokenStream {
    upcast::upcast(&parse_macro_input!(input)).into()
}

/// `schemars::JsonSchema` of what [`Decode`] reads, from the same settings: the schema that Isobar writes for a model that says
/// the same. Doc comments become descriptions. Needs the feature `schemars`.
///
/// ```
/// use isobar::{Decode, Encode, JsonSchema, schemars::schema_for};
///
/// #[derive(Encode, Decode, JsonSchema)]
/// struct LineItem {
///     /// How many.
///     #[isobar(min = 1)]
///     quantity: u32,
/// }
///
/// let schema = schema_for!(LineItem);
/// assert_eq!(schema.pointer("/properties/quantity/minimum"), Some(&1.into()));
/// assert_eq!(schema.pointer("/properties/quantity/description"), Some(&"How many.".into()));
/// ```
#[proc_macro_derive(JsonSchema, attributes(isobar))]
pub fn json_schema(input: TokenStream) -> TokenStream {
    schema::schema(&parse_macro_input!(input)).into()
}

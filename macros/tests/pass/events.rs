// Events in three majors, a command and an aggregate, under strict lints and in this edition.
#![deny(warnings, missing_docs, clippy::all)]
//! Messages.

use isobar::{Aggregate, Command, Decimal, Event, Events, Profile, Upcast, UpcastError, Version};

/// An envelope.
pub static DOMAIN: Profile = Profile::new(
    "domain",
    &[(isobar::Role::Id, &["id"]), (isobar::Role::Type, &["type"]), (isobar::Role::Time, &["time"]), (isobar::Role::Data, &["data"])],
);

/// The first major, under its old name.
#[derive(Debug, PartialEq, Event)]
#[event(name = "sales.OrderCreated", version = "v1.3")]
pub struct OrderCreatedV1 {
    /// Goes on under another name.
    pub reference: String,
    /// Goes on within a record.
    #[isobar(scale = 2)]
    pub total: Decimal,
    /// Becomes a number.
    pub lines: String,
    /// Gone.
    pub region: Option<String>,
    /// Goes on under a name that is no keyword.
    #[isobar(default)]
    pub r#type: i64,
}

/// An amount.
#[derive(Debug, PartialEq, isobar::Encode, isobar::Decode)]
pub struct Pricing {
    /// The amount.
    #[isobar(scale = 2)]
    pub total: Decimal,
    /// A currency.
    pub currency: String,
}

/// The second major.
#[derive(Debug, PartialEq, Event, Upcast)]
#[event(name = "sales.OrderPlaced", version = "v2.0", renamed_from = "OrderCreated")]
#[upcast(from = OrderCreatedV1, removed(region))]
pub struct OrderPlacedV2 {
    /// Renamed.
    #[upcast(rename = "reference")]
    pub order_id: String,
    /// Converted from one field.
    #[upcast(rename = "total", with = euros)]
    pub pricing: Pricing,
    /// Converted, which may fail.
    #[upcast(rename = "lines", try_with = count)]
    pub line_count: i64,
    /// New.
    #[upcast(default = "none")]
    pub note: String,
    /// It was a keyword.
    #[upcast(rename = "type")]
    pub r#match: i64,
}

fn euros(total: Decimal) -> Pricing {
    Pricing { total, currency: "EUR".to_owned() }
}

fn count(lines: String) -> Result<i64, UpcastError> {
    lines.parse().map_err(|_| UpcastError::Hook(format!("{lines:?} counts nothing")))
}

/// The third major.
#[derive(Clone, Debug, PartialEq, Event, Upcast)]
#[event(name = "sales.OrderPlaced", version = "v3.1", renamed_from = ["OrderCreated"], wire = "order-placed", aggregate = "Order", envelope = DOMAIN, schema_id = "urn:order-placed")]
#[upcast(from = OrderPlacedV2, removed(line_count, r#match), back)]
pub struct OrderPlaced {
    /// The same.
    pub order_id: String,
    /// From within.
    #[upcast(path = "pricing.total")]
    #[isobar(scale = 2)]
    pub total: Decimal,
    /// The same.
    pub note: String,
    /// New, exactly.
    #[upcast(default = -0.05)]
    #[isobar(scale = 2)]
    pub fee: Decimal,
    /// New and absent.
    #[upcast(default)]
    pub coupon: Option<String>,
}

/// The way back.
impl From<OrderPlaced> for OrderPlacedV2 {
    fn from(new: OrderPlaced) -> Self {
        Self { order_id: new.order_id, pricing: euros(new.total), line_count: 0, note: new.note, r#match: 0 }
    }
}

/// An old event that is still read.
#[derive(Debug, PartialEq, Event)]
#[event(name = "sales.OrderCancelled", version = "v1.0")]
#[deprecated(note = "orders are refunded")]
pub struct OrderCancelled {
    /// Why.
    #[deprecated]
    pub reason: Option<String>,
}

/// A command.
#[derive(Debug, PartialEq, Command)]
#[command(name = "sales.PlaceOrder", aggregate = "Order")]
pub struct PlaceOrder {
    /// Which.
    pub order_id: String,
}

/// Any event of an order.
#[derive(Debug, PartialEq, Aggregate)]
#[allow(deprecated)]
pub enum OrderEvent {
    /// One.
    OrderPlaced(OrderPlaced),
    /// Another.
    Cancelled(OrderCancelled),
}

fn main() {
    assert_eq!(OrderPlaced::KNOWN, [Version::new(1, 3), Version::new(2, 0), Version::new(3, 1)]);
    assert_eq!(<OrderPlaced as Events>::NAMES, ["order-placed", "OrderPlaced", "sales.OrderPlaced", "OrderCreated", "sales.OrderCreated"]);
    assert_eq!((OrderPlaced::AGGREGATE, PlaceOrder::NAME, PlaceOrder::WIRE_NAME), (Some("Order"), "sales.PlaceOrder", "PlaceOrder"));
    assert_eq!(OrderEvent::NAMES.len(), 7);

    let v1 = br#"{"reference":"o1","total":9.90,"lines":"3","region":"EU"}"#;
    for name in OrderPlaced::NAMES {
        let OrderEvent::OrderPlaced(event) = OrderEvent::decode(name, "v1", v1).unwrap() else { panic!("{name}") };
        assert_eq!(event, OrderPlaced { order_id: "o1".into(), total: Decimal::new(99, 1), note: "none".into(), fee: Decimal::new(-5, 2), coupon: None });
        let event = OrderEvent::from(event);
        assert_eq!(event.encode().unwrap(), br#"{"orderId":"o1","total":9.9,"note":"none","fee":-0.05}"#);
        assert_eq!((event.name(), event.version()), ("order-placed", Version::new(3, 1)));
        assert_eq!((event.envelope().map(Profile::name), event.schema_id()), (Some("domain"), Some("urn:order-placed")));
    }
    // Back to the major before, under its name, and no further.
    let OrderEvent::OrderPlaced(event) = OrderEvent::decode("OrderPlaced", "v1", v1).unwrap() else { panic!() };
    let event = OrderEvent::from(event);
    assert_eq!(event.encode_as("v3.1"), Ok(event.encode().unwrap()));
    let v2 = br#"{"orderId":"o1","pricing":{"total":9.9,"currency":"EUR"},"lineCount":0,"note":"none","match":0}"#;
    assert_eq!(event.encode_as("v2.0").unwrap(), v2);
    assert_eq!(event.encode_as("v1.3").unwrap_err().to_string(), "sales.OrderPlaced has no way from v2.0 back to v1.3");
    assert_eq!(event.encode_as("v1.0").unwrap_err().to_string(), "sales.OrderPlaced has no version \"v1.0\"; known are v1.3, v2.0, v3.1");
    let names = [(1, 3), (2, 0), (3, 1)].map(|(major, minor)| event.name_in(Version::new(major, minor)));
    assert_eq!(names, ["OrderCreated", "OrderPlaced", "order-placed"]);
    assert_eq!(event.negotiate("v1.0..v2.5"), Ok(Version::new(2, 0)));
    assert!(event.negotiate("v1.0..v1.9").is_err());
    assert_eq!(OrderEvent::decode_all("OrderCreated", "v1", v1), Ok(vec![event]));

    let told = |version: &str, payload: &[u8]| OrderEvent::decode("OrderPlaced", version, payload).unwrap_err().to_string();
    assert_eq!(told("v1.0", br#"{"reference":"o1","total":1,"lines":"x"}"#), "sales.OrderPlaced v1.3 to v2.0: \"x\" counts nothing");
    assert_eq!(told("v4.0", b"{}"), "sales.OrderPlaced has no version \"v4.0\"; known are v1.3, v2.0, v3.1");
    assert_eq!(told("v2.0", b"{}"), "sales.OrderPlaced v2.0: orderId: is missing");
    assert!(matches!(OrderEvent::decode("OrderCancelled", "1", b"{}"), Ok(OrderEvent::Cancelled(_))));
    let command: PlaceOrder = isobar::from_slice(br#"{"orderId":"o1"}"#).unwrap();
    assert_eq!(isobar::to_vec(&command).unwrap(), br#"{"orderId":"o1"}"#);
}

//! The envelopes of the seed documents: each sample is read, and what is written is equal JSON.

use isobar::{Envelope, EnvelopeError, Events, Profile, Role, Version, CLOUD_EVENTS};
use serde_json::{json, Value};
use shop_consumer::{
    bank::accounts::{AccountEvent, AccountOpened},
    seeds::{self, envelopes as profiles},
    shop::{
        customer::{CustomerRegistered, CustomerTier},
        envelopes,
        ordering::{OrderEvent, OrderPlaced},
    },
};

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!("../samples/", $name, ".json"))
    };
}

/// Reads a sample and holds that it is written as it was.
fn same<T: Events>(profile: &Profile, sample: &[u8]) -> Envelope<T> {
    let read: Envelope<T> = Envelope::read(profile, sample).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.data.envelope(), Some(profile), "the event's own");
    assert_eq!(tree(&read.write(profile).unwrap()), tree(sample));
    read
}

fn tree(json: &[u8]) -> Value {
    equal(serde_json::from_slice(json).unwrap())
}

/// `10.0` and `10` are the same number.
fn equal(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(equal).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, equal(value))).collect(),
        other => other,
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn seed_003_domain_event() {
    let read = same::<seeds::seed003::OrderEvent>(&profiles::DOMAIN_003, sample!("envelope_003_domain"));
    assert_eq!(read.id, text("evt_12345"));
    assert_eq!((&read.aggregate_id, &read.aggregate_type), (&text("order_67890"), &text("Order")));
    assert_eq!((read.sequence, read.schema_version), (Some(1), Version::new(1, 0)), "`version` is a sequence number");
    assert_eq!((&read.correlation_id, &read.causation_id), (&text("corr_abc123"), &text("cmd_place_order_xyz")));
    assert_eq!((&read.user, &read.source), (&text("user_789"), &text("order-service")));
    let seeds::seed003::OrderEvent::OrderPlaced(order) = read.data;
    assert_eq!((order.items[0].quantity, order.total_amount.to_string()), (2, "59.98".to_owned()));
}

/// The shop knows this event as v1.0, since nothing says otherwise, and ignores what it does not know of it.
#[test]
fn seed_003_domain_event_in_the_shop() {
    let sample = sample!("envelope_003_domain");
    let read: Envelope<OrderEvent> = Envelope::read(&envelopes::DOMAIN, sample).unwrap();
    assert_eq!((read.schema_version, read.sequence), (Version::new(1, 0), Some(1)));
    let OrderEvent::OrderPlaced(OrderPlaced { pricing, .. }) = &read.data else { panic!("{read:?}") };
    assert_eq!(pricing.total.to_string(), "59.98");
    let mut expected = tree(sample);
    expected["metadata"]["schemaVersion"] = json!("2.0");
    expected["data"] = json!({
        "orderId": "order_67890",
        "customerId": "customer_123",
        "items": [],
        "pricing": { "subtotal": 59.98, "tax": 0, "discount": 0, "total": 59.98 },
    });
    assert_eq!(tree(&read.write(&envelopes::DOMAIN).unwrap()), equal(expected));
}

#[test]
fn seed_003_integration_event() {
    let read = same::<CustomerRegistered>(&envelopes::INTEGRATION, sample!("envelope_003_integration"));
    assert_eq!((read.schema_version, &read.source), (Version::new(1, 0), &text("customer-service")));
    assert_eq!(read.schema_url, text("https://schemas.company.com/customer/registered/v1.0"));
    assert_eq!((read.data.customer_tier, read.data.preferences.newsletter), (CustomerTier::Standard, true));
}

/// "Schema Evolution Example": what is called `version` here is the schema's.
#[test]
fn seed_003_versions() {
    let profile = &profiles::VERSIONS_003;
    let message = |version: &str, data: &[u8]| {
        serde_json::to_vec(&json!({ "eventType": "OrderPlaced", "version": version, "data": tree(data) })).unwrap()
    };
    let last = message("2.0", sample!("order_placed_v2_0"));
    let read: Envelope<OrderEvent> = Envelope::read(profile, &last).unwrap();
    assert_eq!((&read.id, read.time, read.sequence), (&None, None, None));
    assert_eq!(tree(&read.write(profile).unwrap()), tree(&last));
    for (version, minor, data) in
        [("1.0", 0, &sample!("order_placed_v1_0")[..]), ("v1.1", 1, &sample!("order_placed_v1_1")[..])]
    {
        let read: Envelope<OrderEvent> = Envelope::read(profile, &message(version, data)).unwrap();
        assert_eq!((read.schema_version, read.data.version()), (Version::new(1, minor), Version::new(2, 0)));
        let OrderEvent::OrderPlaced(order) = &read.data else { panic!("{read:?}") };
        assert_eq!(order.pricing.total.to_string(), "99.99");
    }
}

#[test]
fn seed_001() {
    let read = same::<seeds::seed001::OrderPlaced>(&profiles::STRUCTURE_001, sample!("envelope_001"));
    assert_eq!((read.schema_version, read.sequence), (Version::new(1, 0), None), "`version` is the schema's");
    assert_eq!((read.correlation_id, read.data.order_id.as_str()), (text("request-uuid"), "123"));
}

#[test]
fn seed_002() {
    let read = same::<seeds::seed002::OrderCreated>(&profiles::STRUCTURE_002, sample!("envelope_002"));
    assert_eq!((read.id, read.data.name()), (text("evt-12345"), "order.created"));
}

#[test]
fn seed_004() {
    let read = same::<seeds::seed004::OrderEvent>(&profiles::CLASS_004, sample!("envelope_004_domain"));
    assert_eq!((read.aggregate_id, read.sequence), (text("order_1"), Some(1)));
    let seeds::seed004::OrderEvent::OrderPlaced(order) = read.data;
    assert_eq!(order.total_amount.value.to_string(), "12.5");
    let read = same::<seeds::seed004::CustomerCreated>(&profiles::INTEGRATION_004, sample!("envelope_004_integration"));
    assert_eq!(read.time.map(|time| time.to_string()), text("2024-01-15T10:30:00.123Z"));
    assert_eq!(read.data.name, "John Doe");
}

#[test]
fn a_cloud_event_carries_all_of_it() {
    let order: Envelope<OrderEvent> = Envelope::read(&envelopes::DOMAIN, sample!("envelope_003_domain")).unwrap();
    let order =
        Envelope { schema_version: Version::new(2, 0), schema_url: order.data.schema_id().map(Into::into), ..order };
    let structured = order.write(&CLOUD_EVENTS).unwrap();
    assert_eq!(tree(&structured)["dataschema"], json!("urn:isobar:shop:ordering.OrderPlaced:v2.0"));
    assert_eq!(Envelope::read(&CLOUD_EVENTS, &structured).as_ref(), Ok(&order));
    let binary = order.write_binary(&CLOUD_EVENTS).unwrap();
    assert_eq!(binary.headers["ce-causationid"], "cmd_place_order_xyz");
    assert_eq!(Envelope::read_http(&CLOUD_EVENTS, &binary.headers, &binary.body), Ok(order));
}

#[test]
fn what_follows_an_event_knows_it() {
    let order: Envelope<OrderEvent> = Envelope::read(&envelopes::DOMAIN, sample!("envelope_003_domain")).unwrap();
    let opened = AccountOpened::decode("AccountOpened", "1", br#"{"accountId":"acc_1","balance":0}"#).unwrap();
    let opened = Envelope::new("evt_2", order.time.unwrap(), opened).caused_by(&order).map(AccountEvent::from);
    assert_eq!((&opened.correlation_id, &opened.causation_id), (&text("corr_abc123"), &text("evt_12345")));
    let profile = opened.data.envelope().unwrap();
    assert_eq!(profile.path(Role::SchemaVersion), Some(&["schemaVersion"][..]));
    let json = tree(&opened.write(profile).unwrap());
    assert_eq!((&json["causationId"], &json["schemaVersion"]), (&json!("evt_12345"), &json!("2.0")));
}

#[test]
fn a_version_that_nobody_could_read_back_is_not_written() {
    let order: Envelope<OrderEvent> = Envelope::read(&envelopes::DOMAIN, sample!("envelope_003_domain")).unwrap();
    let refused = order.write(&profiles::DOMAIN_003).unwrap_err();
    assert!(matches!(refused, EnvelopeError::Unversioned { name: "OrderPlaced", .. }), "{refused}");
}

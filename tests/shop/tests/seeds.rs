//! The version samples of the seed documents. `handle_*` are the results that the handlers of "Schema Evolution Example" return:
//! old payloads as readers of v1.1 see them. `upcastToV2` of "Event Schema Versioning" turns `EventV1` into `EventV2`.

use isobar::{decode_payload, to_vec, Encode, Event, Events, Version};
use shop_consumer::{
    bank::accounts::{account_opened, AccountEvent, AccountOpened},
    shop::ordering::{order_placed, OrderEvent, OrderPlaced},
};

const V1_0: &[u8] = include_bytes!("../samples/order_placed_v1_0.json");
const V1_1: &[u8] = include_bytes!("../samples/order_placed_v1_1.json");
const V2_0: &[u8] = include_bytes!("../samples/order_placed_v2_0.json");

fn json(value: &impl Encode) -> String {
    String::from_utf8(to_vec(value).unwrap()).unwrap()
}

/// What the seed's handlers return: the fields of v1.1.
fn handled(total: &str, discount: &str) -> String {
    format!(
        r#"{{"orderId":"order_123","customerId":"customer_456","totalAmount":{total},"currency":"USD","discountAmount":{discount}}}"#
    )
}

#[test]
fn old_readers_see_what_the_seed_returns() {
    let read =
        |version, payload| decode_payload::<order_placed::v1::OrderPlaced>("OrderPlaced", version, payload).unwrap();
    assert_eq!(json(&read(Version::new(1, 0), V1_0)), handled("99.99", "0"), "handle_v1_0");
    assert_eq!(json(&read(Version::new(1, 1), V1_1)), handled("99.99", "10"), "handle_v1_1");
    let head = OrderPlaced::decode_version(Version::new(2, 0), V2_0).unwrap();
    assert_eq!(json(&order_placed::v1::OrderPlaced::from(head)), handled("97.98", "10"), "handle_v2_0");
}

#[test]
fn every_version_of_order_placed_comes_to_the_head() {
    let upcast = |version, payload| {
        let event = OrderEvent::decode("OrderPlaced", version, payload).unwrap();
        assert_eq!((event.name(), event.version()), ("OrderPlaced", Version::new(2, 0)));
        String::from_utf8(event.encode().unwrap()).unwrap()
    };
    let order = r#"{"orderId":"order_123","customerId":"customer_456","items":"#;
    assert_eq!(
        upcast("1.0", V1_0),
        format!(r#"{order}[],"pricing":{{"subtotal":99.99,"tax":0,"discount":0,"total":99.99}}}}"#)
    );
    assert_eq!(
        upcast("1.1", V1_1),
        format!(r#"{order}[],"pricing":{{"subtotal":109.99,"tax":0,"discount":10,"total":99.99}}}}"#)
    );
    let items = r#"[{"productId":"product_789","quantity":2,"unitPrice":49.99}]"#;
    assert_eq!(
        upcast("2.0", V2_0),
        format!(r#"{order}{items},"pricing":{{"subtotal":99.98,"tax":8,"discount":10,"total":97.98}}}}"#)
    );
}

#[test]
fn event_v1_becomes_event_v2() {
    let upcast = |version, payload| {
        let event = OrderEvent::decode("ordering.OrderAccepted", version, payload).unwrap();
        String::from_utf8(event.encode().unwrap()).unwrap()
    };
    let head = r#"{"orderId":"order_1","customerId":"customer_1","amount":{"value":12.5,"currency":"USD"},"items":"#;
    assert_eq!(upcast("1", include_bytes!("../samples/order_accepted_v1.json")), format!("{head}[]}}"));
    let items = r#"[{"productId":"product_1","quantity":2,"unitPrice":6.25}]"#;
    assert_eq!(upcast("2", include_bytes!("../samples/order_accepted_v2.json")), format!("{head}{items}}}"));
}

#[test]
fn what_is_wrong_is_told_with_its_path() {
    let told = |version, payload: &str| {
        OrderEvent::decode("OrderPlaced", version, payload.as_bytes()).unwrap_err().to_string()
    };
    let none = String::from_utf8(V2_0.to_vec()).unwrap().replace(r#""quantity":2"#, r#""quantity":0"#);
    assert_eq!(told("v2.0", &none), "ordering.OrderPlaced v2.0: items[0].quantity: 0 is less than the minimum 1");
    assert_eq!(told("v3.0", "{}"), r#"ordering.OrderPlaced has no version "v3.0"; known are v1.1, v2.0"#);
    assert_eq!(told("new", "{}"), r#"ordering.OrderPlaced has no version "new"; known are v1.1, v2.0"#);
    let large = r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":99999999999999999999.99,"discountAmount":0.01}"#;
    let message = "ordering.OrderPlaced v1.1 to v2.0: a computed number is too large or needs too many digits";
    assert_eq!(told("v1.1", large), message);
}

#[test]
fn a_rename_and_a_literal_cannot_fail() {
    let old =
        account_opened::v1::AccountOpened { account_id: "acc_1".parse().unwrap(), balance: "12.50".parse().unwrap() };
    // `From`, not `TryFrom`: nothing in this upgrade can fail.
    let new = AccountOpened::from(old);
    assert_eq!(json(&new), r#"{"accountId":"acc_1","ownerId":"own_unknown","initialBalance":12.5}"#);
    let read = AccountEvent::decode("AccountOpened", "v1.0", br#"{"accountId":"acc_1","balance":12.5}"#);
    assert_eq!(read, Ok(AccountEvent::from(new)));
}

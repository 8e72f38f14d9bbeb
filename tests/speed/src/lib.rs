//! One event through three majors: generated, and as a person writes it with serde, with the same payloads for both.

pub mod by_hand;

/// Generated.
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
}

/// A payload of the first major.
pub const V1: &str = r#"{"orderId":"order_4711","customerId":"customer_0815","name":"Ada Lovelace","total":149.97,"placedAt":"2024-01-15T10:30:00Z","priority":3,"urgent":false,"note":"leave at the door","tags":["spring","returning"],"lines":[{"sku":"sku-1","quantity":2,"price":49.99},{"sku":"sku-2","quantity":1,"price":49.99}]}"#;

/// The same as the current major has it.
pub const V3: &str = r#"{"orderId":"order_4711","customerRef":"customer_0815","first":"Ada","last":"Lovelace","pricing":{"total":149.97,"currency":"EUR"},"placedAt":"2024-01-15T10:30:00Z","priority":3,"urgent":false,"note":"leave at the door","tags":["spring","returning"],"lines":[{"sku":"sku-1","quantity":2,"price":49.99},{"sku":"sku-2","quantity":1,"price":49.99}]}"#;

#[cfg(test)]
mod tests {
    use super::{V1, V3, by_hand, generated::sales::OrderPlaced};
    use isobar::Events;

    #[test]
    fn both_read_the_same() {
        let read =
            |version, json: &str| <OrderPlaced as Events>::decode("OrderPlaced", version, json.as_bytes()).unwrap();
        let event = read("v1.0", V1);
        assert_eq!(event, read("v3.0", V3));
        assert_eq!(String::from_utf8(event.encode().unwrap()).unwrap(), V3);
        let hand: by_hand::V3 = by_hand::decode("OrderPlaced", "v1.0", V1.as_bytes()).unwrap();
        assert_eq!(hand, by_hand::decode("OrderPlaced", "v3.0", V3.as_bytes()).unwrap());
        assert_eq!(serde_json::to_string(&hand).unwrap(), V3);
    }
}

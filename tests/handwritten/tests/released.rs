//! The types written by hand are what was released; and what a type that is not looks like.

use handwritten_events::{OrderAccepted, OrderPlaced, order_accepted::OrderAcceptedV1, order_placed::OrderPlacedV1};
use isobar::{Decimal, Event, JsonSchema};
use isobar_registry::matches::{assert_matches, differences, report};
use std::path::Path;

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/shop");

#[test]
fn every_version_is_as_released() {
    assert_matches::<OrderPlacedV1>(SCHEMAS);
    assert_matches::<OrderPlaced>(SCHEMAS);
    assert_matches::<OrderAcceptedV1>(SCHEMAS);
    assert_matches::<OrderAccepted>(SCHEMAS);
}

mod drifted {
    use super::*;
    use isobar::{Decode, Encode};

    #[derive(Debug, Encode, Decode, JsonSchema)]
    pub(crate) struct LineItem {
        pub(crate) product_id: String,
        #[isobar(min = 0)]
        pub(crate) quantity: i32,
        #[isobar(scale = 4)]
        pub(crate) unit_price: Decimal,
        pub(crate) note: Option<String>,
    }

    #[derive(Debug, Encode, Decode, JsonSchema)]
    pub(crate) struct Pricing {
        #[isobar(scale = 2)]
        pub(crate) subtotal: Decimal,
        #[isobar(scale = 2, default = 0)]
        pub(crate) tax: Decimal,
        #[isobar(scale = 2)]
        pub(crate) total: Decimal,
    }

    #[derive(Debug, Event, JsonSchema)]
    #[event(name = "ordering.OrderPlaced", version = "v2.0")]
    pub(crate) struct OrderPlaced {
        pub(crate) order_id: handwritten_events::values::OrderId,
        #[isobar(rename = "customer")]
        pub(crate) customer_id: handwritten_events::values::CustomerId,
        #[isobar(min_length = 1)]
        pub(crate) items: Vec<LineItem>,
        pub(crate) pricing: Pricing,
    }
}

#[test]
fn what_differs_is_printed() {
    let found = differences::<drifted::OrderPlaced>(Path::new(SCHEMAS)).unwrap();
    insta::assert_snapshot!(report::<drifted::OrderPlaced>(&found));
}

#[test]
#[should_panic(expected = "items[].quantity: `minimum` is 1 in the schema, and 0 in the type")]
fn a_test_with_a_drifted_type_fails() {
    assert_matches::<drifted::OrderPlaced>(SCHEMAS);
}

#[test]
fn what_was_never_released_is_told() {
    #[derive(Debug, Event, JsonSchema)]
    #[event(name = "ordering.OrderPlaced", version = "v7.0")]
    struct Future {}
    #[derive(Debug, Event, JsonSchema)]
    #[event(name = "ordering.Unheard", version = "v1.0")]
    struct Unheard {}
    let told = differences::<Future>(Path::new(SCHEMAS)).unwrap_err();
    assert_eq!(told, "ordering.OrderPlaced has no version v7.0; it has v1.0, v1.1, v2.0");
    let told = differences::<Unheard>(Path::new(SCHEMAS)).unwrap_err();
    assert!(told.contains("has no event ordering.Unheard; it has customer.CustomerRegistered, "), "{told}");
}

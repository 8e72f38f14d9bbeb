//! `ordering.OrderAccepted` in its two majors.

use crate::values::{Currency, CustomerId, LineItem, Money, OrderId};
use isobar::{Decimal, Event, JsonSchema, Upcast};

/// The first major, with an amount that had no currency.
#[derive(Clone, Debug, PartialEq, Event, JsonSchema)]
#[event(name = "ordering.OrderAccepted", version = "v1.0", aggregate = "Order")]
pub struct OrderAcceptedV1 {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What is to be paid.
    #[isobar(scale = 2)]
    pub amount: Decimal,
}

/// An order was accepted.
#[derive(Clone, Debug, PartialEq, Event, JsonSchema, Upcast)]
#[event(name = "ordering.OrderAccepted", version = "v2.0", aggregate = "Order")]
#[upcast(from = OrderAcceptedV1)]
pub struct OrderAccepted {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What is to be paid.
    #[upcast(rename = "amount", with = dollars)]
    pub amount: Money,
    /// What is ordered; not known of old orders.
    #[upcast(default)]
    pub items: Vec<LineItem>,
}

fn dollars(value: Decimal) -> Money {
    Money { value, currency: Currency("USD".to_owned()) }
}

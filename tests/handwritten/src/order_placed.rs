//! `ordering.OrderPlaced` in its two majors.

use crate::values::{CustomerId, LineItem, OrderId, Pricing};
use isobar::{Decimal, Event, JsonSchema, Upcast, UpcastError, ops};

/// The first major, v1.1: it reads v1.0 as well, since what came later has a default.
#[derive(Clone, Debug, PartialEq, Event, JsonSchema)]
#[event(name = "ordering.OrderPlaced", version = "v1.1", aggregate = "Order")]
pub struct OrderPlacedV1 {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What is to be paid.
    #[isobar(scale = 2)]
    pub total_amount: Decimal,
    /// The currency of the amounts.
    #[isobar(pattern = "^[A-Z]{3}$", default = "USD")]
    pub currency: String,
    /// What was taken off the price.
    #[isobar(scale = 2, default = 0)]
    pub discount_amount: Decimal,
}

/// A customer has placed an order and its price is fixed.
#[derive(Clone, Debug, PartialEq, Event, JsonSchema, Upcast)]
#[event(name = "ordering.OrderPlaced", version = "v2.0", aggregate = "Order")]
#[upcast(from = OrderPlacedV1, back)]
pub struct OrderPlaced {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What is ordered; not known of old orders.
    #[upcast(default = Vec::new())]
    pub items: Vec<LineItem>,
    /// What it costs.
    #[upcast(try_with = priced)]
    pub pricing: Pricing,
}

fn priced(old: &OrderPlacedV1) -> Result<Pricing, UpcastError> {
    let subtotal = ops::to_decimal(ops::add(old.total_amount, old.discount_amount)?, 2)?;
    Ok(Pricing { subtotal, tax: Decimal::ZERO, discount: old.discount_amount, total: old.total_amount })
}

/// For readers of the first major. The items are lost.
impl From<OrderPlaced> for OrderPlacedV1 {
    fn from(new: OrderPlaced) -> Self {
        Self {
            order_id: new.order_id,
            customer_id: new.customer_id,
            total_amount: new.pricing.total,
            currency: "USD".to_owned(),
            discount_amount: new.pricing.discount,
        }
    }
}

//! What the events are made of.

use isobar::{Decimal, Decode, Encode, JsonSchema};

isobar::id! {
    /// Identifies an order.
    pub struct OrderId("order_");
}

isobar::id! {
    /// Identifies a customer.
    pub struct CustomerId("customer_");
}

/// Identifies a product. A new type has what its author gives it, and its wire form.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, JsonSchema)]
#[isobar(prefix = "product_")]
pub struct ProductId(pub String);

/// An ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, JsonSchema)]
#[isobar(pattern = "^[A-Z]{3}$")]
pub struct Currency(pub String);

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct LineItem {
    /// What is ordered.
    pub product_id: ProductId,
    /// How many of it.
    #[isobar(min = 1)]
    pub quantity: i64,
    /// What one of it costs.
    #[isobar(scale = 2)]
    pub unit_price: Decimal,
}

/// How the price of an order comes about.
#[derive(Clone, Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct Pricing {
    /// The price of all lines.
    #[isobar(scale = 2)]
    pub subtotal: Decimal,
    /// What is added to it.
    #[isobar(scale = 2)]
    pub tax: Decimal,
    /// What is taken off it.
    #[isobar(scale = 2)]
    pub discount: Decimal,
    /// What is to be paid.
    #[isobar(scale = 2)]
    pub total: Decimal,
}

/// An amount in a currency.
#[derive(Clone, Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct Money {
    /// The amount.
    #[isobar(scale = 2)]
    pub value: Decimal,
    /// The currency.
    pub currency: Currency,
}

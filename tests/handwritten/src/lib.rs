//! Events of the shop as someone would write them who has no model: the twins of types that `tests/shop` generates.
#![deny(warnings, missing_docs, clippy::all)]

pub mod order_accepted;
pub mod order_placed;
pub mod values;

pub use order_accepted::OrderAccepted;
pub use order_placed::OrderPlaced;

/// Any event of an order.
#[derive(Clone, Debug, PartialEq, isobar::Aggregate)]
pub enum OrderEvent {
    /// A customer has placed an order and its price is fixed.
    OrderPlaced(OrderPlaced),
    /// An order was accepted, as the shop said before it placed orders.
    OrderAccepted(OrderAccepted),
}

/// What `docs/by-hand.md` shows compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/by-hand.md")]
pub struct ByHand;

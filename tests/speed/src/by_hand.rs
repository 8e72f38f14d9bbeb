//! The event as a person writes it: serde derives, and `From` from each version to the next. No bounds are checked. Amounts are
//! of type `M`: decimals, or doubles where cents may get lost.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::error::Error;

/// The first version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct V1<M = Decimal> {
    pub order_id: String,
    pub customer_id: String,
    pub name: String,
    pub total: M,
    pub placed_at: Timestamp,
    pub priority: i64,
    pub urgent: bool,
    pub note: Option<String>,
    pub tags: Vec<String>,
    pub lines: Vec<Line<M>>,
}

/// The second version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct V2<M = Decimal> {
    pub order_id: String,
    pub customer_ref: String,
    pub name: String,
    pub pricing: Pricing<M>,
    pub placed_at: Timestamp,
    pub priority: i64,
    pub urgent: bool,
    pub note: Option<String>,
    pub tags: Vec<String>,
    pub lines: Vec<Line<M>>,
}

/// The third version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct V3<M = Decimal> {
    pub order_id: String,
    pub customer_ref: String,
    pub first: String,
    pub last: String,
    pub pricing: Pricing<M>,
    pub placed_at: Timestamp,
    pub priority: i64,
    pub urgent: bool,
    pub note: Option<String>,
    pub tags: Vec<String>,
    pub lines: Vec<Line<M>>,
}

/// What is bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct Line<M = Decimal> {
    pub sku: String,
    pub quantity: i64,
    pub price: M,
}

/// What it costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the event's")]
pub struct Pricing<M = Decimal> {
    pub total: M,
    pub currency: String,
}

impl<M> From<V1<M>> for V2<M> {
    fn from(old: V1<M>) -> Self {
        V2 {
            order_id: old.order_id,
            customer_ref: old.customer_id,
            name: old.name,
            pricing: Pricing { total: old.total, currency: "EUR".to_owned() },
            placed_at: old.placed_at,
            priority: old.priority,
            urgent: old.urgent,
            note: old.note,
            tags: old.tags,
            lines: old.lines,
        }
    }
}

impl<M> From<V2<M>> for V3<M> {
    fn from(old: V2<M>) -> Self {
        let mut parts = old.name.split(' ');
        V3 {
            order_id: old.order_id,
            customer_ref: old.customer_ref,
            first: parts.next().unwrap_or_default().to_owned(),
            last: parts.next().unwrap_or_default().to_owned(),
            pricing: old.pricing,
            placed_at: old.placed_at,
            priority: old.priority,
            urgent: old.urgent,
            note: old.note,
            tags: old.tags,
            lines: old.lines,
        }
    }
}

/// Any version as the third.
///
/// # Errors
/// What serde_json reports, or a text that says which name or version is not known.
pub fn decode<M: DeserializeOwned>(name: &str, version: &str, payload: &[u8]) -> Result<V3<M>, Box<dyn Error>> {
    match (name, version) {
        ("OrderPlaced", "v1.0") => Ok(V3::from(V2::from(serde_json::from_slice::<V1<M>>(payload)?))),
        ("OrderPlaced", "v2.0") => Ok(V3::from(serde_json::from_slice::<V2<M>>(payload)?)),
        ("OrderPlaced", "v3.0") => Ok(serde_json::from_slice(payload)?),
        _ => Err(format!("{name} {version} is not known").into()),
    }
}

//! What frameworks see of generated events.

use cqrs_es::{DomainEvent, EventEnvelope, persist::SerializedEvent};
use disintegrate::{Event as _, IdentifierType, IdentifierValue};
use isobar::Events;
use serde_json::{Value, json};
use std::{collections::HashMap, str::FromStr};
use targets_consumer::{
    Currency,
    shop::ordering::{LineItem, OrderEvent, OrderPlaced},
};

fn placed() -> OrderEvent {
    let payload = json!({
        "orderId": "order_1", "customerId": "customer_1",
        "items": [{"productId": "product_1", "quantity": 2, "unitPrice": 49.99}],
        "pricing": {"subtotal": 99.98, "tax": 8, "discount": 10, "total": 97.98}
    });
    OrderEvent::decode("OrderPlaced", "v2.0", payload.to_string().as_bytes()).unwrap()
}

/// An order as cqrs-es folds it.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
struct Order {
    total: String,
}

impl cqrs_es::Aggregate for Order {
    const TYPE: &'static str = "Order";
    type Command = ();
    type Event = OrderEvent;
    type Error = std::fmt::Error;
    type Services = ();

    async fn handle(
        &mut self,
        (): (),
        (): &(),
        sink: &cqrs_es::event_sink::EventSink<Self>,
    ) -> Result<(), Self::Error> {
        sink.write(placed(), self).await;
        Ok(())
    }

    fn apply(&mut self, event: OrderEvent) {
        if let OrderEvent::OrderPlaced(OrderPlaced { pricing, .. }) = event {
            self.total = pricing.total.to_string();
        }
    }
}

fn stored(event_type: &str, event_version: &str, payload: Value) -> SerializedEvent {
    SerializedEvent {
        aggregate_id: "order_1".into(),
        sequence: 1,
        aggregate_type: "Order".into(),
        event_type: event_type.into(),
        event_version: event_version.into(),
        payload,
        metadata: json!({}),
    }
}

#[tokio::test(flavor = "current_thread")]
async fn cqrs_es_stores_and_folds() {
    let store = cqrs_es::mem_store::MemStore::<Order>::default();
    let framework = cqrs_es::CqrsFramework::new(store.clone(), vec![], ());
    framework.execute("order_1", ()).await.unwrap();
    let loaded = cqrs_es::EventStore::load_events(&store, "order_1").await.unwrap();
    assert_eq!(loaded[0].payload, placed());

    let envelope = EventEnvelope::<Order> {
        aggregate_id: "order_1".into(),
        sequence: 1,
        payload: placed(),
        metadata: HashMap::new(),
    };
    let serialized = SerializedEvent::try_from(&envelope).unwrap();
    assert_eq!((serialized.event_type.as_str(), serialized.event_version.as_str()), ("OrderPlaced", "2.0"));
    assert_eq!(serialized.payload["type"], "OrderPlaced");
    assert_eq!(serialized.payload["version"], "v2.0");
    assert_eq!(serialized.payload["data"]["pricing"]["total"].to_string(), "97.98");
    assert_eq!(EventEnvelope::<Order>::try_from(serialized).unwrap().payload, placed());
    assert!(cqrs_es::persist::SemanticVersion::from_str(&placed().event_version()).is_ok());
}

#[test]
fn what_cqrs_es_stored_long_ago_is_upcast() {
    let data = json!({"orderId": "order_1", "customerId": "customer_1", "totalAmount": 99.99});
    let payload = json!({"type": "OrderPlaced", "version": "v1.0", "data": data});
    let event = EventEnvelope::<Order>::try_from(stored("OrderPlaced", "1.0", payload)).unwrap().payload;
    let OrderEvent::OrderPlaced(OrderPlaced { pricing, .. }) = &event else { panic!("{event:?}") };
    assert_eq!(pricing.total.to_string(), "99.99");

    let refused = |payload| match EventEnvelope::<Order>::try_from(stored("OrderPlaced", "1.0", payload)) {
        Ok(envelope) => panic!("{:?}", envelope.payload),
        Err(error) => error.to_string(),
    };
    let error = refused(json!({"type": "OrderPlaced", "version": "v1.0", "data": {"orderId": 1}}));
    assert!(error.contains("orderId: expected a string, found a number"), "{error}");
    let error = refused(json!({"type": "OrderPlaced", "data": {}}));
    assert!(error.contains("version: is missing"), "{error}");
}

#[test]
fn disintegrate_finds_events_by_the_key() {
    let schema = OrderEvent::SCHEMA;
    assert!(schema.events.contains(&"OrderPlaced"));
    assert!(schema.event_info("OrderShipped").unwrap().has_domain_id(&disintegrate::ident!(#order_id)));
    assert_eq!(schema.domain_ids[0].type_info, IdentifierType::String);
    let event = placed();
    let value = IdentifierValue::String("order_1".into());
    assert_eq!(event.domain_ids().get(&disintegrate::ident!(#order_id)), Some(&value));
    assert_eq!(disintegrate::Event::name(&event), "OrderPlaced");

    let query = |id: &str| disintegrate::query!(OrderEvent; order_id == id.to_owned());
    let persisted = disintegrate::PersistedEvent::new(1_i64, event);
    assert!(query("order_1").matches(&persisted) && !query("order_2").matches(&persisted));
}

#[test]
fn every_type_is_serdes_too() {
    let item: LineItem = serde_json::from_str(r#"{"productId":"product_1","quantity":2,"unitPrice":49.990}"#).unwrap();
    assert_eq!(serde_json::to_string(&item).unwrap(), r#"{"productId":"product_1","quantity":2,"unitPrice":49.99}"#);
    assert_eq!(std::collections::BTreeSet::from([item.clone()]).first(), Some(&item), "an attribute derives `Ord`");
    let wrong = serde_json::from_str::<LineItem>(r#"{"productId":"product_1","quantity":0,"unitPrice":1}"#);
    assert!(wrong.unwrap_err().to_string().starts_with("quantity: 0 is less than the minimum 1"));
}

#[test]
#[expect(deprecated, reason = "an event that is on its way out")]
fn a_type_of_the_services_own_is_used() {
    let accepted = |currency: &str| {
        let payload = json!({"orderId": "order_1", "customerId": "customer_1", "items": [],
            "amount": {"value": 1, "currency": currency}});
        OrderEvent::decode("OrderAccepted", "v2.0", payload.to_string().as_bytes()).map_err(|error| error.to_string())
    };
    let Ok(OrderEvent::OrderAccepted(event)) = accepted("EUR") else { panic!("it is an OrderAccepted") };
    assert_eq!(event.amount.currency, Currency::Eur);
    let error = accepted("GBP").unwrap_err();
    assert_eq!(error, "ordering.OrderAccepted v2.0: amount.currency: \"GBP\" is not one of EUR, USD");
}

//! Reads an event of an order, in whatever version it was stored: `shop-consumer OrderPlaced v1.0 < payload.json`.
#![deny(warnings, clippy::all)]

mod schemas {
    include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
}

use isobar::Events;
use schemas::ordering::{OrderEvent, OrderPlaced};
use std::{env, error::Error, io::Read};

fn main() -> Result<(), Box<dyn Error>> {
    let (name, version) =
        env::args().nth(1).zip(env::args().nth(2)).ok_or("usage: shop-consumer EVENT VERSION < PAYLOAD")?;
    let mut payload = Vec::new();
    std::io::stdin().read_to_end(&mut payload)?;
    match OrderEvent::decode(&name, &version, &payload)? {
        OrderEvent::OrderPlaced(OrderPlaced { order_id, pricing, .. }) => println!("{order_id}: {}", pricing.total),
        other => println!("{}", other.name()),
    }
    Ok(())
}

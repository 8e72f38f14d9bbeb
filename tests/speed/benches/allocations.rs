//! How often reading allocates, and how much: generated code beside hand-written code with serde.
//!
//! `cargo bench -p isobar-speed --bench allocations`

use isobar::Events;
use isobar_speed::{V1, V3, by_hand, generated::sales::OrderPlaced};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::{alloc::System, hint::black_box};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn counted<T>(what: &str, read: impl Fn() -> T) {
    drop(read());
    let region = Region::new(ALLOCATOR);
    let value = black_box(read());
    let change = region.change();
    println!("{what:<28} {:>4} {:>7} B", change.allocations + change.reallocations, change.bytes_allocated);
    drop(value);
}

fn main() {
    println!("{:<28} {:>4} {:>9}", "", "allocations", "");
    let ours = |version, json: &str| <OrderPlaced as Events>::decode("OrderPlaced", version, json.as_bytes()).ok();
    counted("current, from_slice", || serde_json::from_slice::<by_hand::V3>(V3.as_bytes()).ok());
    counted("current, by hand", || by_hand::decode::<isobar::Decimal>("OrderPlaced", "v3.0", V3.as_bytes()).ok());
    counted("current, generated", || ours("v3.0", V3));
    counted("v1 to v3, by hand", || by_hand::decode::<isobar::Decimal>("OrderPlaced", "v1.0", V1.as_bytes()).ok());
    counted("v1 to v3, generated", || ours("v1.0", V1));
}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
}

// `Upcast` is not derived, and `From` not written.
#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v2.0")]
#[upcast(from = OrderPlacedV1)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
}

#[derive(isobar::Event, isobar::Upcast)]
#[event(name = "ordering.OrderPlaced", version = "v1.1")]
#[upcast(from = OrderPlacedV1)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
}

// Nobody has written `From<OrderPlaced>` for `OrderPlacedV1`.
#[derive(Clone, isobar::Event, isobar::Upcast)]
#[event(name = "ordering.OrderPlaced", version = "v2.0")]
#[upcast(from = OrderPlacedV1, back)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

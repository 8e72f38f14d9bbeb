#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1, removed)]
struct OrderPlaced {
    order_id: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1, removed("region"))]
struct OrderMade {
    order_id: String,
}

fn main() {}

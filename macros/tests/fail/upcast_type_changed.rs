#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1, removed(region))]
struct OrderPlaced {
    order_id: i64,
}

fn main() {}

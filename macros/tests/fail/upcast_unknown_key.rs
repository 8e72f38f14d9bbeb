#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1, remove(region))]
struct OrderPlaced {
    #[upcast(renamed = "order_id")]
    id: String,
}

fn main() {}

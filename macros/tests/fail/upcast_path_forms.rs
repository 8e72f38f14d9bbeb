#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1)]
struct OrderPlaced {
    #[upcast(rename = "order.id")]
    order_id: String,
    #[upcast(path = "region..name")]
    region: String,
    #[upcast(rename = orderId)]
    other: String,
}

fn main() {}

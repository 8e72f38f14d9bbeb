#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1, removed(region))]
struct OrderPlaced {
    #[upcast(rename = "order_id", path = "order.id")]
    order_id: String,
    #[upcast(default = 1, with = count)]
    lines: i64,
    #[upcast(with = count, try_with = count)]
    parcels: i64,
}

fn main() {}

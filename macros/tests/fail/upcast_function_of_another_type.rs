#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlacedV1 {
    order_id: String,
    region: String,
}

fn area(old: &OrderPlacedV1) -> Option<String> {
    Some(old.region.clone())
}

#[derive(isobar::Upcast)]
#[upcast(from = OrderPlacedV1)]
struct OrderPlaced {
    order_id: String,
    #[upcast(with = area)]
    area: String,
}

fn main() {}

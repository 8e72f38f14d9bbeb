#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0", wire, aggregate =)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

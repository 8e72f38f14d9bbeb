#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0", version = "v1.1")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

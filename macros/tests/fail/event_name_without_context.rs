#[derive(isobar::Event)]
#[event(name = "OrderPlaced", version = "v1.0")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

#[derive(isobar::Event)]
#[event(version = "v1.0")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "1")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

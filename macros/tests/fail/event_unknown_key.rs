#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0", agregate = "Order")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced")]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

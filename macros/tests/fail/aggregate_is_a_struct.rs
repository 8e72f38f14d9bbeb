#[derive(isobar::Aggregate)]
struct OrderEvent {
    order_id: String,
}

fn main() {}

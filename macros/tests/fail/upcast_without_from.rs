#[derive(isobar::Upcast)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

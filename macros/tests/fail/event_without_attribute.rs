// Both things that are missing are told.
#[derive(isobar::Event)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

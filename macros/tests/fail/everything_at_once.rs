// All that is wrong with one item is told at once.
#[derive(isobar::Event)]
#[event(name = "OrderPlaced", version = "1.0", agregate = "Order")]
struct OrderPlaced {
    total: isobar::Decimal,
    weight: f32,
    #[isobar(min = 5, max = 1)]
    quantity: i64,
    #[isobar(pattern = "(")]
    note: String,
}

fn main() {}

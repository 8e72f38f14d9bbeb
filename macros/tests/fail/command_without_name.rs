#[derive(isobar::Command)]
#[command(aggregate = "Order")]
struct PlaceOrder {
    order_id: String,
}

fn main() {}

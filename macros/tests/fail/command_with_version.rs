#[derive(isobar::Command)]
#[command(name = "ordering.PlaceOrder", version = "v1.0")]
struct PlaceOrder {
    order_id: String,
}

fn main() {}

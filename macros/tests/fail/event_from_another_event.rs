#[derive(isobar::Event)]
#[event(name = "ordering.OrderCreated", version = "v1.0")]
struct OrderCreated {
    order_id: String,
}

#[derive(isobar::Event, isobar::Upcast)]
#[event(name = "ordering.OrderPlaced", version = "v2.0")]
#[upcast(from = OrderCreated)]
struct OrderPlaced {
    order_id: String,
}

fn main() {}

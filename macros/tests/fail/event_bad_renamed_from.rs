#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0", renamed_from = OrderCreated)]
struct OrderPlaced {
    order_id: String,
}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderShipped", version = "v1.0", renamed_from = ["Order Sent", "a.b.C"])]
struct OrderShipped {
    order_id: String,
}

fn main() {}

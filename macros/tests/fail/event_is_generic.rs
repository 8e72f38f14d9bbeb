#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlaced<T> {
    order_id: T,
}

fn main() {}

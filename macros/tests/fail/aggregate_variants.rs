#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlaced {}

#[derive(isobar::Aggregate)]
enum OrderEvent {
    OrderPlaced(OrderPlaced),
    PlacedAgain(OrderPlaced),
    OrderShipped,
    OrderCancelled { reason: String },
}

fn main() {}

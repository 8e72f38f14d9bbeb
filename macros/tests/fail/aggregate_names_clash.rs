#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
struct OrderPlaced {}

#[derive(isobar::Event)]
#[event(name = "ordering.OrderAccepted", version = "v1.0", renamed_from = "OrderPlaced")]
struct OrderAccepted {}

#[derive(isobar::Aggregate)]
enum OrderEvent {
    OrderPlaced(OrderPlaced),
    OrderAccepted(OrderAccepted),
}

fn main() {}

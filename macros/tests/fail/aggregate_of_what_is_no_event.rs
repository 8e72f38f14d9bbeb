struct OrderPlaced {}

#[derive(isobar::Aggregate)]
enum OrderEvent {
    OrderPlaced(OrderPlaced),
}

fn main() {}

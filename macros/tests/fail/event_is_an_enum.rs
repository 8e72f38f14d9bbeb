#[derive(isobar::Event)]
#[event(name = "ordering.OrderPlaced", version = "v1.0")]
enum OrderPlaced {
    Online,
    InShop,
}

fn main() {}

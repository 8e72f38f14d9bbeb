#[derive(isobar::Decode)]
struct Line {
    #[isobar(prefix = "order_")]
    order_id: String,
}

fn main() {}

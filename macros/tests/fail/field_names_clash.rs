#[derive(isobar::Decode)]
struct Line {
    order_id: String,
    #[isobar(rename = "orderId")]
    id: String,
    #[isobar(rename = "")]
    other: String,
}

fn main() {}

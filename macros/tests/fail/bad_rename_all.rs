#[derive(isobar::Decode)]
#[isobar(rename_all = "camel")]
struct Line {
    order_id: String,
}

fn main() {}

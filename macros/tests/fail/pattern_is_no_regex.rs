#[derive(isobar::Decode)]
struct Line {
    #[isobar(pattern = "^[A-Z$")]
    sku: String,
}

fn main() {}

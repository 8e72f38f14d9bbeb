#[derive(isobar::Decode)]
struct Line {
    #[isobar(min = 1, default = 0)]
    quantity: i64,
    #[isobar(pattern = "^[A-Z]{3}$", default = "euro")]
    currency: String,
    #[isobar(max_length = 3, default = "many")]
    note: String,
}

fn main() {}

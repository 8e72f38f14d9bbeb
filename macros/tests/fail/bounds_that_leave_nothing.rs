#[derive(isobar::Decode)]
struct Line {
    #[isobar(min = 5, max = 1)]
    quantity: i64,
    #[isobar(min_length = 3, max_length = 2)]
    note: String,
}

fn main() {}

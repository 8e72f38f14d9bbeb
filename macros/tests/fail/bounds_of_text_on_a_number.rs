#[derive(isobar::Decode)]
struct Line {
    #[isobar(min_length = 1)]
    quantity: i64,
    #[isobar(pattern = "^[0-9]$")]
    digit: i32,
}

fn main() {}

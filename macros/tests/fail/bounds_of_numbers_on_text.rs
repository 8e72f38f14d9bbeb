#[derive(isobar::Decode)]
struct Line {
    #[isobar(min = 1)]
    note: String,
    #[isobar(max = 5)]
    notes: Vec<i64>,
}

fn main() {}

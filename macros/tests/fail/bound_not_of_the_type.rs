#[derive(isobar::Decode)]
struct Line {
    #[isobar(min = -1)]
    quantity: u32,
    #[isobar(max = 1.5)]
    boxes: i64,
    #[isobar(min = "1")]
    weight: f64,
    #[isobar(max_length = -1)]
    note: String,
}

fn main() {}

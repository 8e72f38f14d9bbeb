#[derive(isobar::Decode)]
struct Line {
    #[isobar]
    note: String,
    #[isobar = "x"]
    name: String,
    #[isobar(rename("x"))]
    other: String,
    #[isobar(default: 1)]
    count: i64,
}

fn main() {}

#[derive(isobar::Decode)]
struct Line {
    #[isobar(default = "none")]
    note: Option<String>,
}

fn main() {}

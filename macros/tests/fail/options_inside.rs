#[derive(isobar::Decode)]
struct Line {
    notes: Vec<Option<String>>,
    note: Option<Option<String>>,
}

fn main() {}

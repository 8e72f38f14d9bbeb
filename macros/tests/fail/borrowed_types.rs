#[derive(isobar::Decode)]
struct Line<'a> {
    note: &'a str,
}

fn main() {}

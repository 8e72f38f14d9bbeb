#[derive(isobar::Decode)]
enum Status {}

fn main() {}

#[derive(isobar::Aggregate)]
enum OrderEvent {}

fn main() {}

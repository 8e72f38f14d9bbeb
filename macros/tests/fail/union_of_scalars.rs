#[derive(isobar::Decode)]
#[isobar(tag = "kind")]
enum Payment {
    Card(String),
    Points(i64),
    Both(Card, Card),
}

#[derive(isobar::Decode)]
struct Card {}

fn main() {}

#[derive(isobar::Decode)]
#[isobar(tag = "kind")]
enum Payment {
    Card { kind: String },
    Cash,
}

fn main() {}

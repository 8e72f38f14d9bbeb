#[derive(isobar::Decode)]
#[isobar(tag = "kind", open)]
enum Payment {
    Card { number: String },
    Cash,
}

fn main() {}

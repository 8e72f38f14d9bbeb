#[derive(isobar::Decode)]
enum Payment {
    Card { number: String },
    Cash,
}

fn main() {}

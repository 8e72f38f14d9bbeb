#[derive(isobar::Encode, isobar::Decode)]
enum Status {
    Pending,
    Unknown(String),
}

fn main() {}

struct Sku(String);

#[derive(isobar::Encode, isobar::Decode)]
struct Line {
    sku: Sku,
}

fn main() {}

#[derive(isobar::Decode)]
struct Sku(String);

#[derive(isobar::Decode)]
struct Line {
    #[isobar(pattern = "^[A-Z]+$")]
    sku: Sku,
}

fn main() {}

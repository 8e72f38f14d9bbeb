#[derive(isobar::Decode)]
struct Line {
    #[isobar(default = "one")]
    quantity: i64,
    #[isobar(default)]
    sku: Sku,
}

#[derive(isobar::Decode)]
struct Sku(String);

fn main() {}

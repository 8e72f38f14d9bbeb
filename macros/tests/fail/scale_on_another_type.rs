#[derive(isobar::Decode)]
struct Pricing {
    #[isobar(scale = 2)]
    total: f64,
}

fn main() {}

#[derive(isobar::Decode)]
struct Pricing {
    #[isobar(scale = 2, min = 0.001)]
    total: isobar::Decimal,
    #[isobar(scale = 2, default = 0.125)]
    tax: isobar::Decimal,
}

fn main() {}

#[derive(isobar::Decode)]
struct Pricing {
    #[isobar(scale = 19)]
    total: isobar::Decimal,
    #[isobar(scale = "2")]
    tax: isobar::Decimal,
}

fn main() {}

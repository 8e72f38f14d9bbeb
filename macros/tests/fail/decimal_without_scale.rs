use isobar::Decimal;

#[derive(isobar::Encode, isobar::Decode)]
struct Pricing {
    total: Decimal,
    taxes: Vec<Option<Decimal>>,
    parts: std::collections::BTreeMap<String, Decimal>,
}

fn main() {}

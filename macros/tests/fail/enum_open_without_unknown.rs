#[derive(isobar::Encode, isobar::Decode)]
#[isobar(open)]
enum Status {
    Pending,
    Shipped,
}

fn main() {}

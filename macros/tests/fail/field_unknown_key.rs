#[derive(isobar::Encode, isobar::Decode)]
struct Line {
    #[isobar(minlength = 1)]
    note: String,
    #[isobar(skip)]
    cache: String,
    #[isobar(rname = "n")]
    name: String,
}

fn main() {}

#[derive(isobar::Decode)]
enum Status {
    Pending,
    #[isobar(rename = "pending")]
    Waiting,
}

fn main() {}

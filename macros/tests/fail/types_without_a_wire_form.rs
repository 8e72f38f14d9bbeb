use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(isobar::Encode, isobar::Decode)]
struct Line {
    weight: f32,
    count: usize,
    letter: char,
    labels: HashMap<String, String>,
    tags: HashSet<String>,
    image: Vec<u8>,
    pair: (i64, i64),
    sizes: [i64; 3],
    took: std::time::Duration,
    by_number: BTreeMap<u64, String>,
    anything: isobar::Set<isobar::Json>,
}

fn main() {}

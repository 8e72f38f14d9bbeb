//! Generates the event that the benches read.

fn main() -> Result<(), isobar_generator::Error> {
    isobar_generator::compile("schemas")
}

//! Generates the types of two workspaces. With one of them, the first line is all there is to write.

fn main() -> Result<(), isobar_generator::Error> {
    isobar_generator::compile("../../schemas/shop")?;
    isobar_generator::Generator::new().schemas("../../schemas/bank").include_file("bank.rs").compile()
}

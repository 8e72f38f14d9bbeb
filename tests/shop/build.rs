//! Generates the types of three workspaces. With one of them, the first line is all there is to write.

use isobar_generator::Generator;

fn main() -> Result<(), isobar_generator::Error> {
    isobar_generator::compile("../../schemas/shop")?;
    Generator::new().schemas("../../schemas/bank").include_file("bank.rs").doc_tests(true).compile()?;
    Generator::new().schemas("seeds").include_file("seeds.rs").compile()
}

//! d
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    match isobar_generator::Generator::new().schemas(dir).generate() {
        Ok(files) => for (n, t) in files { println!("// {n}\n{t}") },
        Err(e) => eprintln!("{e}"),
    }
}

//! What the crate `jsoncompat` says of pairs of schemas: reads `[writer, reader]` a line, and prints for each whether all that is
//! written is read, `true` or `false`, or `null` where it says nothing. Panics of the peer count as nothing.

use jsoncompat::{Role, SchemaDocument, check_compat};
use serde_json::Value;
use std::{
    io::{self, BufRead, Write},
    panic,
};

fn main() -> io::Result<()> {
    panic::set_hook(Box::new(|_| {}));
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let [writer, reader]: [Value; 2] = serde_json::from_str(&line?)?;
        let says = panic::catch_unwind(|| verdict(&writer, &reader)).ok().flatten();
        writeln!(out, "{}", says.map_or("null".to_owned(), |yes| yes.to_string()))?;
    }
    Ok(())
}

fn verdict(writer: &Value, reader: &Value) -> Option<bool> {
    let (writer, reader) = (SchemaDocument::from_json(writer).ok()?, SchemaDocument::from_json(reader).ok()?);
    // What is new is what is written, for a serializer.
    check_compat(&reader, &writer, Role::Serializer).ok()
}

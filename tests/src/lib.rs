//! Workspaces made from a seed: as large as wanted, the same for the same seed. What benches measure and tests run on.

pub mod random;

use std::{collections::BTreeMap, fmt::Write, fs, io, path::Path};

/// A small generator of numbers (splitmix64), so that a seed means the same everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// A number below `sides`, which is not 0.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// How many events share a context, and so a file.
pub const EVENTS_PER_CONTEXT: usize = 50;

/// Which of two versions of the same storming to write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edition {
    /// The first release: ten fields an event.
    First,
    /// The same with two fields more an event, which makes a minor version.
    Second,
}

/// A storming of `events` events with ten fields each, nested types and enums: path -> text.
pub fn storming(seed: u64, events: usize, edition: Edition) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files
        .insert("isobar.yaml".into(), "workspace: large\ncompatibility: full\ntags:\n  pii: { redact: true }\n".into());
    for first in (0..events).step_by(EVENTS_PER_CONTEXT) {
        let context = first / EVENTS_PER_CONTEXT;
        let last = events.min(first + EVENTS_PER_CONTEXT);
        let mut dice = Dice::new(seed ^ context as u64);
        files.insert(format!("c{context}.storm.yaml"), one_context(context, first..last, edition, &mut dice));
    }
    files
}

fn one_context(context: usize, events: std::ops::Range<usize>, edition: Edition, dice: &mut Dice) -> String {
    let mut text = format!("context: c{context}\ndoc: Context number {context}.\n\ntypes:\n  KeyId: id(key_)\n");
    for n in 0..5 {
        let _ = writeln!(text, "  Status{n}: {{ enum: [open, shut, state{n}], open: {} }}", n % 2 == 0);
        let _ = writeln!(text, "  Part{n}:\n    fields:\n      name: string\n      count: {{ type: int, min: 1 }}");
        let _ = writeln!(text, "      price: decimal(2)\n      status: Status{n}");
    }
    let _ = write!(text, "\naggregates:\n  Thing:\n    key: keyId\n    events:\n");
    for event in events {
        let _ = writeln!(text, "      Thing{event}Happened:\n        doc: Something happened to thing {event}.");
        let _ = writeln!(text, "        fields:\n          keyId: KeyId");
        for field in 1..10 {
            let n = dice.roll(5);
            let shape = match dice.roll(9) {
                0 => "string".into(),
                1 => "string @pii".into(),
                2 => "decimal(2)".into(),
                3 => "timestamp".into(),
                4 => format!("Status{n}"),
                5 => format!("Part{n}"),
                6 => format!("list<Part{n}>"),
                7 => "{ type: int, min: 0, max: 1000000 }".into(),
                _ => "string?".to_owned(),
            };
            let _ = writeln!(text, "          field{field}: {shape}");
        }
        if edition == Edition::Second {
            let _ = writeln!(text, "          note: string?\n          rank: int = {}", dice.roll(10));
        } else {
            dice.roll(10);
        }
    }
    text
}

/// Writes files below a folder.
pub fn write(root: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    for (name, text) in files {
        let path = root.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_storming() {
        assert_eq!(storming(7, 120, Edition::First), storming(7, 120, Edition::First));
        assert_ne!(storming(7, 120, Edition::First), storming(8, 120, Edition::First));
        assert_eq!(storming(7, 120, Edition::First).len(), 1 + 3);
    }
}

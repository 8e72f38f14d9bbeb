//! Workspaces made from a seed: as large as wanted, the same for the same seed. What benches measure and tests run on.

pub mod random;

use isobar_registry::{Workspace, history};
use std::{collections::BTreeMap, env, fmt::Write, fs, io, path::Path, process::Command};

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
    /// The first with a field renamed in each event, which makes a major version.
    Major,
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
        if edition == Edition::Major {
            let _ = writeln!(text, "        version: v2.0\n        upgrade: {{ renamed: $field1 }}");
        }
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
            match (edition, field) {
                (Edition::Major, 1) => _ = writeln!(text, "          renamed: {shape}"),
                _ => _ = writeln!(text, "          field{field}: {shape}"),
            }
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

/// Writes a workspace with a released first version and a draft of the second of every event. Panics where it cannot.
pub fn released(root: &Path, events: usize) {
    write(root, &storming(1, events, Edition::First)).expect("files can be written");
    let workspace = Workspace::open(root);
    assert!(!workspace.diagnostics.has_errors(), "the storming is without errors");
    let released = history::release(&workspace, &[], false).expect("the first version can be released");
    assert_eq!(released.len(), events);
    write(root, &storming(1, events, Edition::Second)).expect("files can be written");
}

/// The numbers that this program prints when it is run with `--one` and the folder: each measurement has a process of its own.
pub fn measure<const N: usize>(root: &Path) -> [f64; N] {
    let this = env::current_exe().expect("a bench knows its own path");
    let output = Command::new(this).arg("--one").arg(root).output().expect("a bench can run itself");
    let text = String::from_utf8(output.stdout).expect("numbers are text");
    let numbers: Vec<f64> = text.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    numbers.try_into().expect("so many numbers")
}

/// The CPU seconds of this thread, which other programs on the machine do not add to; 0 where the system does not say.
pub fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// The CPU seconds of all processes that this one started and waited for; 0 where the system does not say.
pub fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    // User and system time of children, counted from the field behind the name; in hundredths.
    let ticks = rest.split_whitespace().skip(13).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// The peak resident memory of this process, in KiB; 0 where the system does not say.
pub fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
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

//! What Cargo itself makes of a build script with Isobar: when it runs, what it writes, and how its errors look. A crate as a
//! user would write it is built in a folder of its own, without a network.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

const ORDERS: &str = "context: orders\nevents:\n  Placed: { doc: An order., fields: { id: string } }\n";
const STOCK: &str = "context: stock\nevents:\n  Counted: { fields: { amount: int } }\n";

/// Both ways of a build script: code to include, and code to commit.
const BUILD: &str = r#"
fn main() -> Result<(), isobar_generator::Error> {
    isobar_generator::compile("schemas")?;
    isobar_generator::Generator::new().modules().out_dir("src/schemas").compile()
}
"#;

const LIB: &str = r#"
#![deny(warnings)]
pub mod schemas;
pub mod included {
    include!(concat!(env!("OUT_DIR"), "/isobar.rs"));
}
"#;

struct Crate {
    folder: PathBuf,
}

impl Crate {
    fn new() -> Crate {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rebuild");
        // What was compiled stays, but for the crate itself: only the second run of this test is quick.
        let _ = fs::remove_dir_all(folder.join("src"));
        let it = Crate { folder };
        let manifest = format!(
            "[package]\nname = \"rebuilt\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nisobar = {{ path = {:?} }}\n\n[build-dependencies]\nisobar-generator = {{ path = {:?} }}\n",
            root.join("runtime"),
            root.join("generator"),
        );
        it.write("Cargo.toml", &manifest);
        it.write("build.rs", BUILD);
        it.write("src/lib.rs", LIB);
        it.write("schemas/isobar.yaml", "workspace: rebuilt\n");
        it.write("schemas/orders.storm.yaml", ORDERS);
        it.write("schemas/stock.storm.yaml", STOCK);
        // The versions that are here already, since there is no network.
        it.write("Cargo.lock", &fs::read_to_string(root.join("Cargo.lock")).expect("the workspace is locked"));
        it
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    fn cargo(&self) -> Output {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        Command::new(cargo)
            .args(["build", "--offline", "--message-format", "json-diagnostic-short"])
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("RUSTFLAGS")
            .current_dir(&self.folder)
            .output()
            .expect("cargo runs")
    }

    /// Builds, and says whether anything was compiled or run.
    fn builds_anew(&self) -> bool {
        let output = self.cargo();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{out}\n{err}");
        // Cargo says `Compiling` before it compiles a crate or runs a build script.
        err.contains("Compiling")
    }

    fn modified(&self, name: &str) -> SystemTime {
        fs::metadata(self.folder.join(name)).and_then(|file| file.modified()).expect("the file is there")
    }

    fn included(&self) -> PathBuf {
        let build = self.folder.join("target/debug/build");
        let mut found: Vec<PathBuf> = fs::read_dir(build)
            .expect("there are build scripts")
            .map(|entry| entry.expect("it can be listed").path().join("out/isobar.rs"))
            .filter(|path| path.exists())
            .collect();
        found.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).expect("the file is there"));
        found.pop().expect("the code was written")
    }
}

#[test]
fn cargo_runs_what_changed_and_shows_what_is_wrong() {
    let it = Crate::new();
    assert!(it.builds_anew());
    assert!(!it.builds_anew(), "nothing has changed");

    // New words of one context.
    let (orders, stock) = (it.modified("src/schemas/orders.rs"), it.modified("src/schemas/stock.rs"));
    let root = it.modified("src/schemas/mod.rs");
    it.write("schemas/orders.storm.yaml", &ORDERS.replace("An order.", "An order was placed."));
    assert!(it.builds_anew());
    assert!(it.modified("src/schemas/orders.rs") > orders);
    assert_eq!(it.modified("src/schemas/stock.rs"), stock);
    assert_eq!(it.modified("src/schemas/mod.rs"), root);
    let included = it.included();
    let text = fs::read_to_string(&included).expect("it is text");
    assert!(text.contains("/// An order was placed."), "{text}");
    assert!(!it.builds_anew());

    // A comment is nothing to the code: the build script runs and writes nothing.
    let before = fs::metadata(&included).and_then(|file| file.modified()).expect("the file is there");
    it.write("schemas/stock.storm.yaml", &format!("# Nothing.\n{STOCK}"));
    assert!(it.builds_anew());
    assert_eq!(fs::metadata(&included).and_then(|file| file.modified()).expect("the file is there"), before);
    assert_eq!(it.modified("src/schemas/stock.rs"), stock);

    // A file that was not there before.
    it.write("schemas/more.storm.yaml", "context: more\nevents:\n  Added: { fields: { at: date } }\n");
    assert!(it.builds_anew());
    assert!(it.folder.join("src/schemas/more.rs").exists());
    fs::remove_file(it.folder.join("schemas/more.storm.yaml")).expect("it was there");
    assert!(it.builds_anew());

    // What is wrong is shown as rustc would, at its place, and building works again once it is mended.
    it.write("schemas/stock.storm.yaml", &STOCK.replace("int", "itn"));
    let output = it.cargo();
    assert!(!output.status.success());
    let shown = String::from_utf8_lossy(&output.stderr);
    let report = shown.split_once("--- stderr").map_or("", |(_, report)| report);
    let report: Vec<&str> = report.lines().map(str::trim_end).filter(|line| line.starts_with("  ")).collect();
    let expected = [
        "  Error: error[bad-type]: `itn` is not a type",
        "   --> schemas/stock.storm.yaml:3:32",
        "    |",
        "  3 |   Counted: { fields: { amount: itn } }",
        "    |                                ^^^",
        "    |",
        "    = help: did you mean `int`?",
    ];
    assert_eq!(report, expected, "{shown}");
    it.write("schemas/stock.storm.yaml", STOCK);
    assert!(it.builds_anew());
}

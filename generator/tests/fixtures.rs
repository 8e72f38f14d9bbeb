//! Every folder of `fixtures/` is a workspace with what must be generated from it. `compiled.rs` compiles the Rust of all of them.
//! `UPDATE_EXPECT=1 cargo test` writes the expectations anew; read the difference before committing it.

use isobar_generator::{Draft, Excerpts, Files, Generator};
use isobar_registry::Workspace;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn fixtures() -> Vec<PathBuf> {
    let found = folders("fixtures");
    assert!(found.len() >= 4, "{found:?}");
    found
}

fn folders(of: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(of);
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The files below a folder, by their path below it.
fn read(folder: &Path) -> Files {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn expect(folder: &Path, generated: &Files) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let _ = fs::remove_dir_all(folder);
        for (name, text) in generated {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let expected = read(folder);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(generated), names(&expected), "below {}", folder.display());
    for (name, text) in generated {
        assert!(*text == expected[name], "{}/{name} differs: UPDATE_EXPECT=1 writes it anew", folder.display());
    }
}

#[test]
fn what_is_generated_is_as_expected() {
    for fixture in fixtures() {
        let schemas = fixture.join("schemas");
        let one_file = Generator::new().schemas(&schemas).generate().unwrap_or_else(|error| panic!("{error}"));
        expect(&fixture.join("expected"), &one_file);
        let workspace = Workspace::open(&schemas);
        expect(&fixture.join("json"), &isobar_generator::json_schema(&workspace, Draft::Draft202012));
    }
}

/// The files of `isobar generate rust` hold the same code as the one file of a build script, only less indented.
#[test]
fn one_file_and_a_file_each_agree() {
    for fixture in fixtures() {
        let schemas = fixture.join("schemas");
        let one_file = Generator::new().schemas(&schemas).generate().unwrap();
        let workspace = Workspace::open(&schemas);
        let files = isobar_generator::rust(&workspace).unwrap_or_else(|_| panic!("{} is refused", fixture.display()));
        let root = &files["mod.rs"];
        for (name, text) in files.iter().filter(|(name, _)| *name != "mod.rs") {
            let module = name.strip_suffix(".rs").unwrap();
            assert!(
                [format!("pub mod {module};"), format!("pub mod r#{module};")].iter().any(|line| root.contains(line))
            );
            // Rust finds files of other names only where it is told their path.
            assert_eq!(root.contains(&format!("#[path = \"{name}\"]")), !name.is_ascii(), "{name}");
            let (_, body) = text.split_once("\n\n").unwrap();
            let indented: Vec<String> =
                body.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") }).collect();
            assert!(one_file["isobar.rs"].contains(&indented.join("\n")), "{name}");
        }
    }
}

/// The code of one message is the same alone as among all the others.
#[test]
fn an_excerpt_is_what_stands_in_the_file() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let all = fixtures().into_iter().map(|it| it.join("schemas")).chain(["bank", "shop"].map(|it| examples.join(it)));
    for schemas in all {
        let workspace = Workspace::open(&schemas);
        let files = isobar_generator::rust(&workspace).unwrap_or_else(|_| panic!("{} is refused", schemas.display()));
        let excerpts = Excerpts::of(&workspace);
        let modules: usize = files.values().map(|text| text.matches("\n/// Every version of `").count()).sum();
        let mut found = 0;
        for name in workspace.evolutions.keys() {
            let Some(text) = excerpts.event(&workspace, name) else { continue };
            assert!(text.contains(&format!("/// Every version of `{name}`")), "{name}: {text}");
            assert!(files.values().any(|file| file.contains(&text)), "{} {name}:\n{text}", schemas.display());
            found += 1;
        }
        assert_eq!(found, modules, "{}", schemas.display());
        let (commands, mut found) =
            (files.values().map(|text| text.matches("\nimpl ::isobar::Command for ").count()).sum::<usize>(), 0);
        for (name, _) in workspace.model.commands() {
            let Some(text) = excerpts.command(&workspace, &name) else { continue };
            assert!(text.contains(&format!("const NAME: &'static str = \"{name}\";")), "{name}: {text}");
            // What it implements stands behind all types.
            let (types, implements) = text.split_at(text.find("\nimpl ::isobar::Command for ").unwrap());
            for piece in [types, implements] {
                assert!(files.values().any(|file| file.contains(piece)), "{} {name}:\n{piece}", schemas.display());
            }
            found += 1;
        }
        assert_eq!(found, commands, "{}", schemas.display());
    }
}

/// Hooks stand in a file that is declared and never written; without them there is none.
#[test]
fn a_file_of_hooks_is_declared_where_there_are_hooks() {
    for fixture in fixtures() {
        let workspace = Workspace::open(&fixture.join("schemas"));
        let files = isobar_generator::rust(&workspace).unwrap_or_else(|_| panic!("{} is refused", fixture.display()));
        assert_eq!(files["mod.rs"].contains("\nmod hooks;\nuse hooks::Hooks;\n"), fixture.ends_with("evolution"));
        assert!(!files.contains_key("hooks.rs"));
    }
}

/// The same input gives the same bytes, whatever the order of the file system or of hash maps.
#[test]
fn generating_twice_gives_the_same() {
    for fixture in fixtures() {
        let generator = Generator::new().schemas(fixture.join("schemas"));
        assert_eq!(generator.generate().unwrap(), generator.generate().unwrap());
    }
}

/// Every folder of `refused/` is a workspace that is fine in itself, and of which no Rust code can be made.
#[test]
fn what_is_refused_is_told_with_all_its_places() {
    let refused = folders("refused");
    assert!(!refused.is_empty());
    for folder in refused {
        let schemas = folder.join("schemas");
        let report = Generator::new().schemas(&schemas).generate().unwrap_err().to_string();
        // Findings name files from where the build script runs.
        let report = report.replace(schemas.to_str().unwrap(), "schemas").replace('\\', "/") + "\n";
        expect(&folder.join("expected"), &Files::from([("report.txt".to_owned(), report)]));
    }
}

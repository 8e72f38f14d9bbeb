//! `isobar store` and `isobar token`, on files.

use crate::support::{Ran, isobar, isobar_with, path};
use isobar_registry::history::Hash;
use serde_json::Value;
use tempfile::TempDir;

fn store(folder: &TempDir, name: &str) -> String {
    format!("sqlite:{}/{name}.db", path(folder))
}

fn fine(ran: &Ran) -> &Ran {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

#[test]
fn a_token_is_shown_once_and_kept_as_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let url = store(&folder, "a");
    let made =
        isobar(&["token", "create", "--name", "ci", "--role", "writer", "--prefix", "ordering", "--store", &url]);
    assert_eq!(fine(&made).err, "token 1, writer, for what begins with `ordering`; it is not shown again\n");
    let secret = made.out.trim_end();
    let random = secret.strip_prefix("isobar_").unwrap();
    assert!(random.len() == 43 && random.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{secret}");
    let other = isobar(&["token", "create", "--name", "boss", "--role", "admin", "--store", &url, "--format", "json"]);
    let other: Value = serde_json::from_str(&fine(&other).out).unwrap();
    assert_eq!(other["id"], 2);
    assert_ne!(other["token"], secret);

    let export = isobar(&["store", "export", "--store", &url]);
    assert!(!export.out.contains(random), "the secret is nowhere");
    assert!(export.out.contains(&Hash::of(secret.as_bytes()).to_string()), "its SHA-256 is");

    assert_eq!(fine(&isobar(&["token", "revoke", "1", "--store", &url])).err, "token 1 is revoked\n");
    let listed = isobar(&["token", "list", "--store", &url]);
    let lines: Vec<&str> = fine(&listed).out.lines().collect();
    assert!(lines[0].starts_with("1  ci  writer, for what begins with `ordering`, made 20"), "{}", lines[0]);
    assert!(lines[0].contains(", revoked 20") && !lines[1].contains("revoked"), "{}", listed.out);
    assert!(lines[1].starts_with("2  boss  admin, for everything, made 20") && !listed.out.contains("isobar_"));
    let json = isobar(&["token", "list", "--store", &url, "--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&json["tokens"][1]["role"], &json["tokens"][1]["revoked"]), (&"admin".into(), &Value::Null));
    let unknown = isobar(&["token", "revoke", "9", "--store", &url]);
    assert_eq!((unknown.code, unknown.err.as_str()), (2, "error: there is no such token\n"));
}

#[test]
fn everything_moves_from_store_to_store() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to, third) = (store(&folder, "from"), store(&folder, "to"), store(&folder, "third"));
    fine(&isobar(&["token", "create", "--name", "ci", "--role", "reader", "--store", &from]));
    let file = format!("{}/all.ndjson", path(&folder));
    assert_eq!(fine(&isobar(&["store", "export", "--store", &from, &file])).err, "3 rows exported\n");
    assert_eq!(fine(&isobar(&["store", "import", "--store", &to, &file])).err, "3 rows imported\n");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(fine(&isobar(&["store", "export", "--store", &to])).out, text);
    fine(&isobar_with(&["store", "import", "--store", &third], &text));
    let again = isobar(&["store", "import", "--store", &to, &file]);
    assert_eq!((again.code, again.err.as_str()), (2, "error: only an empty store can be imported into\n"));
    let damaged = isobar_with(&["store", "import", "--store", &store(&folder, "x")], &text[..text.len() / 2]);
    assert!(damaged.code == 2 && damaged.err.contains("the store is damaged"), "{}", damaged.err);
    let nowhere = isobar(&["store", "export", "--store", &from, &format!("{}/no/such/folder", path(&folder))]);
    assert!(nowhere.code == 2 && nowhere.err.contains("cannot be written"), "{}", nowhere.err);
    let wrong = isobar(&["store", "export", "--store", "mysql://me:secret@host/db"]);
    assert!(wrong.code == 2 && !wrong.err.contains("secret"), "{}", wrong.err);
}

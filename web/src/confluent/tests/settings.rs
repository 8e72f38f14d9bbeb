//! Settings, and who may do what.

use super::{TEXT, body, id_of, open, send, server, table};
use crate::{Access, Options, hash_of};
use isobar_registry::store::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn settings_are_of_a_subject_a_context_or_everything() {
    let server = open().await;
    let one = json!({ "schemaType": "JSON", "schema": TEXT }).to_string();
    let level = |level: &str| json!({ "compatibilityLevel": level });
    let mode = |mode: &str| json!({ "mode": mode });
    table(
        &server,
        &[
            ("GET", "/config", "", level("BACKWARD")),
            ("GET", "/config/s", "", json!(40408)),
            ("GET", "/config/s?defaultToGlobal=true", "", level("BACKWARD")),
            ("PUT", "/config", r#"{"compatibility":"FULL"}"#, json!({"compatibility": "FULL"})),
            ("PUT", "/config", r#"{"compatibility":"SOMETIMES"}"#, json!(42203)),
            ("PUT", "/config", r#"{"compatibilityPolicy":"SOMETIMES"}"#, json!(42203)),
            ("GET", "/config", "", level("FULL")),
            (
                "PUT",
                "/config/s",
                r#"{"compatibility":"none","normalize":true,"alias":"t"}"#,
                json!({"compatibility": "none", "normalize": true, "alias": "t"}),
            ),
            ("PUT", "/config/s", r#"{"compatibilityGroup":"major"}"#, json!({"compatibilityGroup": "major"})),
            (
                "GET",
                "/config/s",
                "",
                json!({"compatibilityLevel": "NONE", "normalize": true, "alias": "t", "compatibilityGroup": "major"}),
            ),
            ("PUT", "/contexts/.eu/config", r#"{"compatibility":"FORWARD"}"#, json!({"compatibility": "FORWARD"})),
            ("GET", "/config/:.eu:", "", level("FORWARD")),
            ("GET", "/config/:.eu:s?defaultToGlobal=true", "", level("FORWARD")),
            ("GET", "/config/:.eu:s", "", json!(40408)),
            ("GET", "/contexts", "", json!([".", ".eu"])),
            (
                "DELETE",
                "/config/s",
                "",
                json!({"compatibilityLevel": "NONE", "normalize": true, "alias": "t", "compatibilityGroup": "major"}),
            ),
            ("DELETE", "/config/s", "", json!(40401)),
            ("GET", "/config/s?defaultToGlobal=true", "", level("FULL")),
            ("DELETE", "/config", "", level("FULL")),
            ("GET", "/config", "", level("BACKWARD")),
            ("GET", "/mode", "", mode("READWRITE")),
            ("GET", "/mode/s", "", json!(40409)),
            ("GET", "/mode/s?defaultToGlobal=True", "", mode("READWRITE")),
            ("PUT", "/mode/s", r#"{"mode":"SOMETIMES"}"#, json!(42204)),
            ("PUT", "/mode/s", r#"{"mode":"READONLY"}"#, mode("READONLY")),
            ("POST", "/subjects/s/versions", &one, json!(42205)),
            ("DELETE", "/mode/s", "", mode("READONLY")),
            ("DELETE", "/mode/s", "", json!(40401)),
            ("POST", "/subjects/t/versions", &one, json!({"id": 1, "version": 1, "guid": id_of(TEXT)})),
            ("PUT", "/mode", r#"{"mode":"READONLY"}"#, mode("READONLY")),
            // What is there is answered all the same.
            ("POST", "/subjects/t/versions", &one, json!({"id": 1, "version": 1, "guid": id_of(TEXT)})),
            ("DELETE", "/subjects/t", "", json!(42205)),
            ("DELETE", "/mode", "", mode("READONLY")),
            ("GET", "/mode", "", mode("READWRITE")),
        ],
    )
    .await;
}

#[tokio::test]
async fn ids_of_another_registry_are_kept_in_import_mode() {
    let server = open().await;
    let given = |schema: &str, id: i64, version: i64| {
        json!({ "schemaType": "JSON", "schema": schema, "id": id, "version": version }).to_string()
    };
    let (string, number) = (r#"{"type":"string"}"#, r#"{"type":"number"}"#);
    let place = |schema: &str, id: i64, version: i64| json!({"id": id, "version": version, "guid": id_of(schema)});
    let import = r#"{"mode":"IMPORT"}"#;
    table(
        &server,
        &[
            ("POST", "/subjects/s/versions", &given(string, 70, 3), json!(42205)),
            ("PUT", "/mode", import, json!({"mode": "IMPORT"})),
            ("POST", "/subjects/s/versions", &given(string, 70, 3), place(string, 70, 3)),
            ("POST", "/subjects/s/versions", &given(string, 70, 3), place(string, 70, 3)),
            // What another registry let through is not judged again.
            ("POST", "/subjects/s/versions", &given(number, 71, 4), place(number, 71, 4)),
            ("POST", "/subjects/s/versions", &given(number, 70, 5), json!(42205)),
            ("POST", "/subjects/s/versions", &given(number, 71, 3), json!(42205)),
            ("POST", "/subjects/s/versions", &body(&json!({"type": "null"})), json!(42205)),
            ("PUT", "/mode/s", import, json!(42205)),
            ("PUT", "/mode", import, json!(42205)),
            ("PUT", "/mode/s?force=true", import, json!({"mode": "IMPORT"})),
            ("PUT", "/mode/t", import, json!({"mode": "IMPORT"})),
            ("DELETE", "/mode", "", json!({"mode": "IMPORT"})),
            ("DELETE", "/mode/s", "", json!({"mode": "IMPORT"})),
            ("POST", "/subjects/s/versions", &body(&json!({"type": "null"})), json!(409)),
            (
                "POST",
                "/subjects/s/versions",
                &given(string, 0, 2),
                json!({"id": 70, "version": 3, "guid": id_of(string)}),
            ),
            ("POST", "/subjects/s/versions", &given(r#"{"type":["number","string"]}"#, 0, 4), json!(42201)),
            (
                "POST",
                "/subjects/u/versions",
                &body(&json!({"type": "null"})),
                json!({"id": 72, "version": 1, "guid": id_of(r#"{"type":"null"}"#)}),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn rights_are_looked_at_before_anything_else() {
    let access = Access { insecure: false, private: true };
    let (server, store) = server(Options { access, ..Options::default() }).await;
    for (secret, role, prefix) in [
        ("reader", Role::Reader, "a."),
        ("writer", Role::Writer, "a."),
        ("owner", Role::Admin, "a."),
        ("root", Role::Admin, ""),
    ] {
        store.make_token("test", secret, &hash_of(secret), role, prefix).await.unwrap();
    }
    let one = json!({ "schemaType": "JSON", "schema": TEXT }).to_string();
    let two = body(&json!({"type": "object", "title": "two"}));
    let refers = json!({
        "schemaType": "JSON", "schema": r#"{"$ref":"b"}"#, "references": [{"name": "b", "subject": "b.x", "version": 1}],
    });
    for (token, method, path, body, status) in [
        ("", "GET", "/subjects", "", 401),
        ("", "GET", "/schemas/ids/1", "", 401),
        ("", "GET", "/subjects/nowhere/versions", "", 401),
        ("", "POST", "/subjects/a.x/versions", "nonsense", 401),
        ("", "PUT", "/config", "nonsense", 401),
        ("nonsense", "GET", "/schemas/types", "", 401),
        ("reader", "POST", "/subjects/a.x/versions", "nonsense", 403),
        ("writer", "POST", "/subjects/b.x/versions", "nonsense", 403),
        ("writer", "GET", "/subjects/b.x/versions", "", 403),
        ("writer", "POST", "/subjects/a.x/versions", &one, 200),
        ("root", "POST", "/subjects/b.x/versions", &two, 200),
        ("writer", "POST", "/subjects/a.x/versions", &refers.to_string(), 403),
        ("reader", "GET", "/schemas/ids/1", "", 200),
        ("reader", "GET", "/schemas/ids/2", "", 404),
        ("reader", "GET", "/schemas/ids/2/subjects", "", 404),
        ("reader", "GET", "/config", "", 200),
        ("reader", "PUT", "/config/a.x", "{}", 403),
        ("writer", "PUT", "/config/a.x", "{}", 403),
        ("owner", "PUT", "/config/a.x", r#"{"compatibility":"FULL"}"#, 200),
        ("owner", "PUT", "/config", r#"{"compatibility":"FULL"}"#, 403),
        ("owner", "PUT", "/mode", r#"{"mode":"READONLY"}"#, 403),
        ("owner", "PUT", "/contexts/.a/config", "{}", 403),
        ("root", "PUT", "/config", r#"{"compatibility":"FULL"}"#, 200),
        ("reader", "DELETE", "/subjects/a.x", "", 403),
        ("writer", "DELETE", "/subjects/a.x", "", 200),
        ("writer", "DELETE", "/subjects/a.x?permanent=true", "", 403),
        ("owner", "DELETE", "/subjects/a.x?permanent=true", "", 200),
        ("writer", "POST", "/subjects/a.x/versions", &one, 200),
    ] {
        let (found, answer) = send(&server, method, path, body, token).await;
        assert_eq!(found, status, "{token} {method} {path} {answer}");
    }
    for (token, subjects) in [("reader", json!(["a.x"])), ("root", json!(["a.x", "b.x"]))] {
        assert_eq!(send(&server, "GET", "/subjects", "", token).await.1, subjects);
        let (_, cards) = send(&server, "GET", "/schemas", "", token).await;
        let named: Vec<&Value> = cards.as_array().unwrap().iter().map(|card| &card["subject"]).collect();
        assert_eq!(json!(named), subjects);
    }
}

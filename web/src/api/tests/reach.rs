//! How far a token reaches: every route, asked by everybody about what is theirs and about what is not. What is not is never told of,
//! and looks the same whether it is there or not.

use super::*;
use isobar_registry::{pulled, push, release};
use std::fs;

/// Who asks: nobody, a reader, a writer and an administrator of `ordering.`, and those of everything.
const CALLERS: [Option<(Role, &str)>; 7] = [
    None,
    Some((Role::Reader, "ordering.")),
    Some((Role::Writer, "ordering.")),
    Some((Role::Admin, "ordering.")),
    Some((Role::Reader, "")),
    Some((Role::Writer, "")),
    Some((Role::Admin, "")),
];
/// Which of them have a token that does not reach the rest.
const WITHIN: std::ops::Range<usize> = 1..4;
/// What everything is called that these must not learn of.
const SECRET: &str = "hush";

/// A route, what is sent there, and what everybody gets who asks it about what is not within `ordering.`, and about what is:
/// `-` is 401, `x` 403, `n` 404, and `+` anything else. In the path, `{c}` is a context, `{m}` a message, `{s}` a subject, `{w}` a workspace, and
/// `{id}`, `{guid}`, `{hash}`, `{url}` are a schema.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SCHEMA: &str = r#"{"schema":"{\"type\":\"string\"}","schemaType":"JSON"}"#;
const REFERS: &str =
    r#"{"schema":"{\"$ref\":\"x\"}","schemaType":"JSON","references":[{"name":"x","subject":"hush.raw","version":1}]}"#;
const FILES: &str = r#"{"files":{"isobar.yaml":"workspace: new\n","a.storm.yaml":"context: new\nevents: { A: { fields: { n: int } } }\n"}}"#;

const ROUTES: &[Row] = &[
    ("GET", "/healthz", "", "+++++++", ""),
    ("GET", "/readyz", "", "+++++++", ""),
    ("GET", "/metrics", "", "+++++++", ""),
    ("GET", "/", "", "+++++++", ""),
    ("GET", "/assets/nothing.css", "", "nnnnnnn", ""),
    ("GET", "/nothing.json", "", "nnnnnnn", ""),
    // The native API.
    ("GET", "/api/v1/openapi.json", "", "+++++++", ""),
    ("GET", "/api/v1/workspaces", "", "-++++++", ""),
    ("GET", "/api/v1/workspaces/{w}", "", "-xxx+++", "-++++++"),
    ("PUT", "/api/v1/workspaces/{w}", FILES, "-xxxx++", "-xxxx++"),
    ("POST", "/api/v1/workspaces/{w}/impact", FILES, "-++++++", "-++++++"),
    ("GET", "/api/v1/contexts", "", "-++++++", ""),
    ("GET", "/api/v1/contexts/{c}", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/contexts/{c}/files", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages", "", "-++++++", ""),
    ("GET", "/api/v1/messages?context={c}", "", "-++++++", "-++++++"),
    ("GET", "/api/v1/messages?limit=1&offset=1", "", "-++++++", ""),
    ("GET", "/api/v1/messages/{m}", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/versions", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/versions/v1.0", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/versions/v1.0/schema", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/versions/v1.0/yaml", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/diff?from=v1.0", "", "-xxx+++", "-++++++"),
    ("POST", "/api/v1/messages/{m}/versions/v1.0/validate", "{}", "-xxx+++", "-++++++"),
    ("POST", "/api/v1/messages/{m}/upcast", r#"{"from":"v1.0","payload":{}}"#, "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/negotiate?accepts=v1.0", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/negotiate?consumer={c}-reader", "", "-xxx+++", "-++++++"),
    ("POST", "/api/v1/messages/{m}/compatibility", r#"{"schema":true}"#, "-xxx+++", "-++++++"),
    ("POST", "/api/v1/compatibility", r#"{"old":true,"new":true}"#, "-++++++", "-++++++"),
    ("GET", "/api/v1/messages/{m}/consumers", "", "-xxx+++", "-++++++"),
    ("GET", "/api/v1/consumers", "", "-++++++", ""),
    ("GET", "/api/v1/consumers?consumer={c}-reader", "", "-++++++", "-++++++"),
    ("PUT", "/api/v1/consumers/ordering.bill/messages/{m}", r#"{"accepts":"v1.0"}"#, "-xxxx++", "-x++x++"),
    ("PUT", "/api/v1/consumers/other.bill/messages/{m}", r#"{"accepts":"v1.0"}"#, "-xxxx++", "-xxxx++"),
    ("DELETE", "/api/v1/consumers/ordering.bill/messages/{m}", "", "-xxxx+n", "-x+nxnn"),
    ("GET", "/api/v1/schemas/ids/{id}", "", "-nnn+++", "-++++++"),
    ("GET", "/api/v1/schemas/hashes/{hash}", "", "-nnn+++", "-++++++"),
    ("GET", "/api/v1/schemas?url={url}", "", "-nnn+++", "-++++++"),
    ("GET", "/api/v1/search?q=captured", "", "-++++++", ""),
    ("GET", "/api/v1/search?q=kind:event", "", "-++++++", ""),
    ("GET", "/api/v1/changes?limit=1000", "", "-++++++", ""),
    ("GET", "/api/v1/changes/stream?after=0", "", "-++++++", ""),
    ("GET", "/api/v1/audit", "", "-xxxxx+", ""),
    ("GET", "/api/v1/tokens", "", "-xx+xx+", ""),
    ("POST", "/api/v1/tokens", r#"{"name":"n","role":"reader","prefix":"hush."}"#, "-xxxxx+", ""),
    ("POST", "/api/v1/tokens", r#"{"name":"n","role":"reader","prefix":""}"#, "-xxxxx+", ""),
    ("POST", "/api/v1/tokens", r#"{"name":"n","role":"admin","prefix":"ordering."}"#, "-xx+xx+", ""),
    ("DELETE", "/api/v1/tokens/1", "", "-xxnxx+", ""),
    // The protocol of Kafka's clients.
    ("GET", "/v1/metadata/id", "", "+++++++", ""),
    ("GET", "/v1/metadata/version", "", "+++++++", ""),
    ("GET", "/contexts", "", "-++++++", ""),
    ("GET", "/schemas", "", "-++++++", ""),
    ("GET", "/schemas?subjectPrefix=:*:{c}", "", "-++++++", "-++++++"),
    ("GET", "/schemas/types", "", "-++++++", ""),
    ("GET", "/schemas/ids/{id}", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/ids/{id}?fetchMaxId=true", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/ids/{id}/schema", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/ids/{id}/subjects", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/ids/{id}/versions", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/guids/{guid}", "", "-nnn+++", "-++++++"),
    ("GET", "/schemas/guids/{guid}/ids", "", "-nnn+++", "-++++++"),
    ("GET", "/subjects", "", "-++++++", ""),
    ("GET", "/subjects?subjectPrefix=:.hush:", "", "-++++++", ""),
    ("GET", "/contexts/.hush/subjects", "", "-++++++", ""),
    ("GET", "/contexts/.hush/subjects/x/versions", "", "-xxx+++", ""),
    ("POST", "/subjects/{s}", SCHEMA, "-xxx+++", "-++++++"),
    ("GET", "/subjects/{s}/metadata?key=a&value=b", "", "-xxxnnn", "-nnnnnn"),
    ("GET", "/subjects/{s}/versions", "", "-xxx+++", "-++++++"),
    ("GET", "/subjects/{s}/versions/1", "", "-xxx+++", "-++++++"),
    ("GET", "/subjects/{s}/versions/latest", "", "-xxx+++", "-++++++"),
    ("GET", "/subjects/{s}/versions/1/schema", "", "-xxx+++", "-++++++"),
    ("GET", "/subjects/{s}/versions/1/referencedby", "", "-xxx+++", "-++++++"),
    ("POST", "/compatibility/subjects/{s}/versions", SCHEMA, "-xxx+++", "-++++++"),
    ("POST", "/compatibility/subjects/{s}/versions/latest?verbose=true", SCHEMA, "-xxx+++", "-++++++"),
    ("POST", "/compatibility/subjects/{s}/versions", REFERS, "-xxx+++", "-xxx+++"),
    ("POST", "/subjects/{s}/versions", REFERS, "-xxxx++", "-xxxx++"),
    ("POST", "/subjects/{s}/versions", SCHEMA, "-xxxx++", "-x++x++"),
    ("GET", "/config", "", "-++++++", ""),
    ("GET", "/config/{s}?defaultToGlobal=true", "", "-xxx+++", "-++++++"),
    ("GET", "/config/:.hush:?defaultToGlobal=true", "", "-xxx+++", ""),
    ("GET", "/mode", "", "-++++++", ""),
    ("GET", "/mode/{s}?defaultToGlobal=true", "", "-xxx+++", "-++++++"),
    ("GET", "/mode/:.hush:?defaultToGlobal=true", "", "-xxx+++", ""),
    ("PUT", "/config", r#"{"compatibility":"NONE"}"#, "-xxxxx+", ""),
    ("PUT", "/config/:.hush:", r#"{"compatibility":"NONE"}"#, "-xxxxx+", ""),
    ("PUT", "/config/{s}", r#"{"compatibility":"NONE"}"#, "-xxxxx+", "-xx+xx+"),
    ("DELETE", "/config/{s}", "", "-xxxxx+", "-xx+xxn"),
    ("DELETE", "/config", "", "-xxxxx+", ""),
    ("PUT", "/mode", r#"{"mode":"READWRITE"}"#, "-xxxxx+", ""),
    ("PUT", "/mode/:.hush:", r#"{"mode":"READWRITE"}"#, "-xxxxx+", ""),
    ("PUT", "/mode/{s}", r#"{"mode":"READWRITE"}"#, "-xxxxx+", "-xx+xx+"),
    ("DELETE", "/mode/{s}", "", "-xxxxx+", "-xx+xxn"),
    ("DELETE", "/mode", "", "-xxxxx+", ""),
    // Pages.
    ("GET", "/search?q=captured", "", "-++++++", ""),
    ("GET", "/search.json?q=captured", "", "-++++++", ""),
    ("GET", "/search.md?q=captured", "", "-++++++", ""),
    ("GET", "/api", "", "-++++++", ""),
    ("GET", "/api.md", "", "-++++++", ""),
    ("GET", "/waiting/event", "", "-nnnnnn", ""),
    ("GET", "/subject", "", "-++++++", ""),
    ("GET", "/subject.json", "", "-++++++", ""),
    ("GET", "/subject/{s}", "", "-nnnnnn", "-nnnnnn"),
    ("GET", "/subject/{s}/latest", "", "-nnn+++", "-++++++"),
    ("GET", "/subject/{s}/1.md", "", "-nnn+++", "-++++++"),
    ("GET", "/watch", "", "-xxxnnn", ""),
    ("GET", "/w/{w}", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}.json", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}/messages.md", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}/impact", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}/consumer/{c}-reader", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}/event/{m}", "", "-nnn+++", "-++++++"),
    ("GET", "/w/{w}/event/{m}/versions", "", "-nnn+++", "-++++++"),
    ("POST", "/w/{w}/event/{m}/upcast", "from=v1.0&to=v1.0&payload={}", "-nnn+++", "-++++++"),
    // What is gone is asked for last.
    ("DELETE", "/subjects/{s}/versions/1?permanent=true", "", "-xxxxxn", "-xxnxxn"),
    ("DELETE", "/subjects/{s}/versions/2", "", "-xxxx+n", "-x+nxnn"),
    ("DELETE", "/subjects/{s}?permanent=true", "", "-xxxxxn", "-xxnxxn"),
    ("DELETE", "/subjects/{s}", "", "-xxxx+n", "-x++x++"),
];

/// What stands for what in a path.
type Names = [(&'static str, String); 8];

/// The whole of a row that a caller is told.
async fn told(server: &Server, secret: Option<&str>, (method, path, body): (&str, &str, &str)) -> (char, String) {
    let bearer = secret.map(|secret| format!("Bearer {secret}"));
    let form = if path.starts_with("/w/") { "application/x-www-form-urlencoded" } else { "application/json" };
    let headers: Vec<(&str, &str)> =
        [("content-type", form)].into_iter().chain(bearer.as_deref().map(|it| ("authorization", it))).collect();
    let response = server.send(method, path, &headers, body.to_owned()).await;
    let class = match response.status().as_u16() {
        401 => '-',
        403 => 'x',
        404 => 'n',
        status => {
            assert!(status < 500, "{method} {path}: {status}");
            '+'
        }
    };
    // A stream has no end; it shows what the list shows.
    if path.contains("/stream") && class == '+' {
        return (class, String::new());
    }
    (class, Answered::read(response).await.text)
}

/// A workspace with a context and an event in it that is released, a consumer of it, and what was pulled of others.
fn workspace(name: &str, context: &str, event: &str, from: &[(&str, &Workspace)]) -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    write("isobar.yaml", &format!("workspace: {name}\nowner: {context}-team\n"));
    for (context, other) in from {
        let history = other.texts().into_iter();
        let files = history.filter_map(|(path, text)| {
            let path = path.strip_prefix("history/").filter(|path| path.ends_with(".yaml"))?;
            Some((path.to_owned(), text))
        });
        pulled::write(&Workspace::open(folder.path()), context, &files.collect()).unwrap();
    }
    let storm =
        format!("context: {context}\nevents: {{ {event}: {{ doc: {event} of {context}, fields: {{ n: int }} }} }}\n");
    write("a.storm.yaml", &storm);
    let consumer = format!("consumers: {{ {context}-reader: {{ accepts: {{ {context}.{event}: v1.0..v1.9 }} }} }}\n");
    write("b.storm.yaml", &consumer);
    let drafts = Workspace::open(folder.path());
    release(&drafts, &[], false).unwrap_or_else(|_| panic!("{:?}", drafts.findings()));
    Workspace::of_files(Workspace::open(folder.path()).texts(), None)
}

async fn register(server: &Server, secret: &str, subject: &str, schema: &Value, references: &Value) -> Value {
    let body = json!({ "schema": schema.to_string(), "schemaType": "JSON", "references": references }).to_string();
    let path = format!("/subjects/{subject}/versions");
    let bearer = format!("Bearer {secret}");
    let answered = Answered::read(server.send("POST", &path, &[("authorization", &bearer)], body).await).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    answered.json()
}

#[tokio::test]
async fn nobody_learns_or_changes_what_a_token_does_not_reach() {
    let server = Server::with(Access { insecure: false, private: true }).await;
    server.token(Role::Reader, "hush.").await;
    let mut secrets = Vec::new();
    for caller in CALLERS {
        secrets.push(match caller {
            Some((role, prefix)) => Some(server.token(role, prefix).await),
            None => None,
        });
    }
    let admin = secrets[6].clone().unwrap();
    let theirs = workspace("hushed", "hush", "Captured", &[]);
    let own = workspace("mine", "ordering", "Placed", &[]);
    for pushed in [&theirs, &own] {
        push::push(&server.app.store, "test", pushed).await.unwrap();
    }
    let hidden = register(&server, &admin, "hush.raw", &json!({ "type": "string" }), &json!([])).await;
    register(&server, &admin, "hush.raw", &json!({ "type": ["string", "null"] }), &json!([])).await;
    let shared = register(&server, &admin, "ordering.raw", &json!({ "type": "string" }), &json!([])).await;
    let shown = register(&server, &admin, "ordering.raw", &json!({ "type": ["string", "integer"] }), &json!([])).await;
    assert_eq!(hidden["id"], shared["id"], "two subjects have the same schema");
    register(&server, &admin, ":.hush:x", &json!({ "type": ["string", "integer"] }), &json!([])).await;
    let to_shared = json!([{ "name": "y", "subject": "ordering.raw", "version": 1 }]);
    register(&server, &admin, "hush.refers", &json!({ "$ref": "y" }), &to_shared).await;

    let version = async |message: &str| {
        let path = format!("/api/v1/messages/{message}/versions/v1.0");
        server.get_as(&admin, &path).await.json()
    };
    let names = |workspace: &str, context: &str, message: &str, version: &Value, other: &Value| -> Names {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        [
            ("{c}", context.to_owned()),
            ("{m}", message.to_owned()),
            ("{s}", format!("{context}.raw")),
            ("{w}", workspace.to_owned()),
            ("{id}", text(&other["id"])),
            ("{guid}", text(&other["guid"])),
            ("{hash}", text(&version["hash"])),
            ("{url}", text(&version["url"])),
        ]
    };
    let captured = version("hush.Captured").await;
    let of_captured = {
        let stored = server.app.store.schema(captured["id"].as_i64().unwrap()).await.unwrap();
        json!({ "id": captured["id"], "guid": stored.guid })
    };
    let not_there =
        json!({ "id": 4711, "guid": "00000000-0000-0000-0000-000000000000", "hash": "none", "url": "none" });
    let theirs = names("hushed", "hush", "hush.Captured", &captured, &of_captured);
    let nothing = names("hushes", "hushhush", "hush.Nothing", &not_there, &not_there);
    let mine = names("mine", "ordering", "ordering.Placed", &version("ordering.Placed").await, &shown);
    let path =
        |path: &str, names: &Names| names.iter().fold(path.to_owned(), |path, (from, to)| path.replace(from, to));

    let mut wrong = Vec::new();
    for (method, route, body, of_theirs, of_mine) in ROUTES {
        for (names, expected) in [(&theirs, of_theirs), (&mine, of_mine)] {
            let mut found = String::new();
            if expected.is_empty() {
                continue;
            }
            for (caller, secret) in secrets.iter().enumerate() {
                let path_of = path(route, names);
                let (class, text) = told(&server, secret.as_deref(), (method, &path_of, body)).await;
                found.push(class);
                if !WITHIN.contains(&caller) && caller != 0 {
                    continue;
                }
                // What a form echoes is what was asked for.
                let asked = path_of.contains(SECRET) && route.starts_with("/search");
                if !asked && text.to_lowercase().contains(SECRET) {
                    wrong.push(format!("{method} {path_of} tells {caller}: {text:.300}"));
                }
                if names == &theirs && *method == "GET" && route.contains('{') {
                    let none = told(&server, secret.as_deref(), (method, &path(route, &nothing), body)).await;
                    // Beside what was asked for.
                    let told = |text: &str, names: &Names| {
                        text.replace(&names[5].1, "GUID").replace(&format!("Schema {} ", names[4].1), "Schema ID ")
                    };
                    if (class, told(&text, &theirs)) != (none.0, told(&none.1, &nothing)) {
                        wrong.push(format!(
                            "{method} {path_of} tells {caller} that it is there: {text:.300} and not {:.300}",
                            none.1
                        ));
                    }
                }
            }
            if found != **expected {
                wrong.push(format!("{method} {}: {found} and not {expected}", path(route, names)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let document = server.get("/api/v1/openapi.json").await.json();
    let in_table = |route: &str| {
        let form =
            |route: &str| route.split('?').next().unwrap().split('/').map(|it| it.to_owned()).collect::<Vec<_>>();
        let fits = |row: &&Row| {
            let (row, route) = (form(row.1), form(route));
            row.len() == route.len()
                && row.iter().zip(&route).all(|(row, route)| route.starts_with('{') || row == route)
        };
        ROUTES.iter().filter(fits).map(|row| row.0.to_lowercase()).collect::<Vec<_>>()
    };
    for (route, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|it| *it != "parameters") {
            assert!(in_table(route).contains(method), "no row has {method} {route}");
        }
    }
}

#[tokio::test]
async fn what_a_push_pulled_is_to_be_read_by_who_pushes() {
    let server = Server::with(Access { insecure: false, private: true }).await;
    let theirs = workspace("hushed", "hush", "Captured", &[]);
    push::push(&server.app.store, "test", &theirs).await.unwrap();
    let reads = workspace("mine", "ordering", "Placed", &[("hush", &theirs)]);
    let body = json!({ "files": reads.texts() }).to_string();
    let put = async |secret: &str| {
        let bearer = format!("Bearer {secret}");
        let headers = [("authorization", bearer.as_str())];
        Answered::read(server.send("PUT", "/api/v1/workspaces/mine", &headers, body.clone()).await).await
    };
    let within = put(&server.token(Role::Writer, "ordering.").await).await;
    assert_eq!((within.status, within.text.contains(SECRET)), (403, false), "{}", within.text);
    let all = put(&server.token(Role::Writer, "").await).await;
    assert_eq!(all.status, 200, "{}", all.text);
}

//! The clients that people have, against both stores.

use isobar_store_tests::Kind;
use isobar_web_tests::{python, run, server, token};
use schema_registry_converter::{
    async_impl::{
        json::{JsonDecoder, JsonEncoder},
        schema_registry::{
            SrSettings, get_all_subjects, get_all_versions, get_schema_by_id, get_schema_by_subject_and_version,
            is_compatible_schema, post_schema,
        },
    },
    error::SRCError,
    schema_registry_common::{SchemaType, SubjectNameStrategy, SuppliedReference, SuppliedSchema},
};
use serde_json::{Value, json};
use std::{path::Path, process::Command};

fn python_client(store: Kind) {
    let place = store.place();
    let server = server(&place.url, &["--private"]);
    let (writer, owner) = (token(&place.url, "writer", ""), token(&place.url, "admin", ""));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/kafka.py");
    run(Command::new(python("kafka")).arg(script).args([&server.url, &writer, &owner]));
}

#[test]
fn confluent_kafka_works_over_sqlite() {
    python_client(Kind::File);
}

#[test]
fn confluent_kafka_works_over_postgres() {
    python_client(Kind::Postgres);
}

fn supplied(schema: &Value) -> SuppliedSchema {
    SuppliedSchema::new(None, SchemaType::Json, schema.to_string())
}

/// An order that must have these properties.
fn order(required: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> =
        ["id", "amount"].iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    json!({"$id": "https://example.org/order", "type": "object", "properties": properties, "required": required})
}

async fn rust_client(store: Kind) {
    let place = store.place();
    let server = server(&place.url, &[]);
    let mut builder = SrSettings::new_builder(server.url.clone());
    let settings = builder.set_basic_authorization("anyone", Some(&token(&place.url, "writer", ""))).build().unwrap();
    let strategy = |required: &[&str]| {
        SubjectNameStrategy::TopicNameStrategyWithSchema("orders".into(), false, supplied(&order(required)))
    };
    let value = json!({"id": "o-1"});
    let record = JsonEncoder::new(settings.clone()).encode(&value, strategy(&["id"])).await.unwrap();
    let read = JsonDecoder::new(settings.clone()).decode(Some(&record)).await.unwrap().unwrap();
    assert_eq!(read.value, value);
    let (bytes, header) =
        JsonEncoder::new(settings.clone()).encode_with_header_id(&value, strategy(&["id"]), false).await.unwrap();
    let read = JsonDecoder::new(settings.clone()).decode_with_header_id(Some(&header.value), Some(&bytes)).await;
    assert_eq!(read.unwrap().unwrap().value, value);

    let narrower = ["id", "amount"];
    let both = json!({"id": "o-1", "amount": "1"});
    let refused = JsonEncoder::new(settings.clone()).encode(&both, strategy(&narrower)).await.unwrap_err();
    assert!(format!("{refused:?}").contains("/amount"), "{refused:?}");
    let compatible =
        async |schema: &Value| is_compatible_schema(&settings, "orders-value".into(), supplied(schema)).await;
    assert!(!compatible(&order(&narrower)).await.unwrap());
    assert!(compatible(&order(&[])).await.unwrap());

    let money = json!({"$id": "https://example.org/money", "type": "integer"});
    let priced = json!({"$id": "https://example.org/priced", "properties": {"price": {"$ref": "money"}}});
    let reference = SuppliedReference::new("https://example.org/money".into(), "money".into(), money.to_string());
    let with_reference = supplied(&priced).with_references(vec![reference]);
    let posted = post_schema(&settings, "priced-value".into(), with_reference).await.unwrap();
    assert_eq!(get_schema_by_id(posted.id, &settings).await.unwrap().references.len(), 1);
    assert_eq!(get_all_subjects(&settings).await.unwrap(), ["money", "orders-value", "priced-value"]);

    let nobody = SrSettings::new(server.url.clone());
    assert!(post_schema(&nobody, "orders-value".into(), supplied(&order(&[]))).await.is_err());
}

#[tokio::test]
async fn schema_registry_converter_works_over_sqlite() {
    rust_client(Kind::File).await;
}

#[tokio::test]
async fn schema_registry_converter_works_over_postgres() {
    rust_client(Kind::Postgres).await;
}

/// Registers through two servers at once, many times: what one has answered, the other knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_over_one_postgres_agree() -> Result<(), SRCError> {
    let place = Kind::Postgres.place();
    let servers = [(); 2].map(|()| server(&place.url, &["--insecure"]));
    let settings = [0, 1].map(|at| SrSettings::new(servers[at].url.clone()));
    for round in 0..20 {
        // Each has one property more, which producers may leave out.
        let schema = |number: usize| {
            let properties: serde_json::Map<String, Value> =
                (0..=number).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
            json!({"title": format!("round {round}"), "type": "object", "properties": properties})
        };
        let subject = format!("round-{round}");
        let post = |at: usize, number: usize| post_schema(&settings[at], subject.clone(), supplied(&schema(number)));
        let (one, other, third, fourth) = tokio::join!(post(0, 0), post(1, 0), post(0, 1), post(1, 2));
        let (one, other, third, fourth) = (one?, other?, third?, fourth?);
        assert_eq!(one.id, other.id, "one schema, one id");
        let mut ids = [one.id, third.id, fourth.id];
        ids.sort_unstable();
        assert_eq!(ids.map(|id| id as usize), [1, 2, 3].map(|number| 3 * round + number), "dense and each once");
        for settings in &settings {
            assert_eq!(get_all_versions(settings, subject.clone()).await?, [1, 2, 3]);
        }
        // What one has just answered, the other knows at once.
        let (writer, reader) = (&settings[round % 2], &settings[(round + 1) % 2]);
        let extra = format!("extra-{round}");
        // The same schema as before under another subject: no new id.
        let posted = post_schema(writer, extra.clone(), supplied(&schema(1))).await?;
        assert_eq!(posted.id, third.id);
        assert_eq!(get_schema_by_subject_and_version(reader, &extra, None).await?.id, third.id);
        assert_eq!(get_schema_by_id(third.id, reader).await?.schema, schema(1).to_string());
    }
    Ok(())
}

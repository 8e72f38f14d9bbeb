"""What users of Kafka do with Confluent's client, against a registry whose address and writer's and owner's secrets are given: every
call must answer as Confluent's own registry does. Messages go through a stub of a producer, so that no Kafka is needed."""

import json
import sys

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    SchemaRegistryError,
    ServerConfig,
    header_schema_id_serializer,
)
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

URL, WRITER, OWNER = sys.argv[1:]
SUBJECT = "orders-value"


class Producer:
    """Keeps what is produced."""

    def __init__(self):
        self.records = []

    def produce(self, topic, value, headers=None):
        self.records.append((topic, value, headers))


def client(secret=WRITER):
    """A client that remembers nothing of others."""
    return SchemaRegistryClient({"url": URL, "basic.auth.user.info": f"anyone:{secret}"})


def schema(**properties):
    required = [name for name in properties if name != "note"]
    return json.dumps({"title": "Order", "type": "object", "properties": properties, "required": required}, indent=2)


def context(headers=None):
    return SerializationContext("orders", MessageField.VALUE, headers)


def refused(status, code, call, *arguments, **named):
    """The message of the refusal that a call must end in."""
    try:
        call(*arguments, **named)
    except SchemaRegistryError as error:
        assert (error.http_status_code, error.error_code) == (status, code), error
        return error.error_message
    raise AssertionError(f"{call} was not refused")


def serialises_and_reads_back():
    producer = Producer()
    serializer = JSONSerializer(schema(id={"type": "string"}), client())
    producer.produce("orders", serializer({"id": "o-1"}, context()))
    (_, record, _), = producer.records
    identifier = int.from_bytes(record[1:5], "big")
    assert record[0] == 0 and json.loads(record[5:]) == {"id": "o-1"}, record
    reader = JSONDeserializer(None, schema_registry_client=client())
    assert reader(record, context()) == {"id": "o-1"}
    found = client().get_latest_version(SUBJECT)
    assert (found.schema_id, found.version, found.subject) == (identifier, 1, SUBJECT), found
    assert client().get_schema_by_guid(found.guid).schema_str == found.schema.schema_str
    # The id in a header instead, as newer producers do it.
    headers = []
    by_header = JSONSerializer(
        schema(id={"type": "string"}), client(), conf={"schema.id.serializer": header_schema_id_serializer}
    )
    producer.produce("orders", by_header({"id": "o-2"}, context(headers)), headers)
    assert json.loads(producer.records[1][1]) == {"id": "o-2"} and headers, producer.records
    return identifier


def is_refused_with_a_witness():
    later = schema(id={"type": "string"}, amount={"type": "integer"})
    message = refused(409, 409, JSONSerializer(later, client()), {"id": "o-1", "amount": 1}, context())
    assert "/amount" in message and '{"id":""}' in message, message
    assert client().get_versions(SUBJECT) == [1]
    assert not client().test_compatibility(SUBJECT, Schema(later, "JSON"))
    assert not client().test_compatibility_all_versions(SUBJECT, Schema(later, "JSON"))
    optional = schema(id={"type": "string"}, note={"type": "string"})
    assert client().test_compatibility(SUBJECT, Schema(optional, "JSON"))
    assert JSONSerializer(optional, client())({"id": "o-2", "note": "n"}, context())
    assert client().get_versions(SUBJECT) == [1, 2]


def deletes_and_restores(identifier):
    first = Schema(schema(id={"type": "string"}), "JSON")
    assert client().lookup_schema(SUBJECT, first, normalize_schemas=True).version == 1
    assert client().delete_version(SUBJECT, 2) == 2
    refused(404, 40402, client().get_version, SUBJECT, 2)
    assert client().delete_subject(SUBJECT) == [1]
    assert SUBJECT not in client().get_subjects()
    refused(404, 40401, client().get_latest_version, SUBJECT)
    assert client().get_schema(identifier).schema_type == "JSON", "records that were written stay readable"
    restored = client().register_schema_full_response(SUBJECT, first)
    assert (restored.schema_id, restored.version) == (identifier, 3), restored
    assert client().get_versions(SUBJECT) == [3]
    refused(403, 40301, client().delete_subject, SUBJECT, permanent=True)
    owner = client(OWNER)
    refused(404, 40405, owner.delete_subject, SUBJECT, permanent=True)
    assert owner.delete_subject(SUBJECT) == [3]
    assert owner.delete_subject(SUBJECT, permanent=True) == [1, 2, 3]
    assert client().register_schema(SUBJECT, first) == identifier, "ids stay what they are"
    assert client().get_versions(SUBJECT) == [4]


def refers():
    money = Schema(json.dumps({"type": "object", "properties": {"amount": {"type": "integer"}}}), "JSON")
    client().register_schema("money", money)
    text = schema(price={"$ref": "money.json"})
    references = [SchemaReference("money.json", "money", 1)]
    serializer = JSONSerializer(
        Schema(text, "JSON", references), client(), conf={"subject.name.strategy": lambda *_: "priced-value"}
    )
    record = serializer({"price": {"amount": 5}}, context())
    reader = JSONDeserializer(None, schema_registry_client=client())
    assert reader(record, context()) == {"price": {"amount": 5}}
    refused(422, 42206, client().delete_subject, "money")


def keeps_settings():
    owner = client(OWNER)
    assert owner.get_compatibility() == "BACKWARD"
    refused(404, 40408, owner.get_compatibility, SUBJECT)
    refused(403, 40301, client().set_compatibility, SUBJECT, "NONE")
    assert owner.set_compatibility(SUBJECT, "NONE")["compatibility"] == "NONE"
    assert owner.get_compatibility(SUBJECT) == "NONE"
    owner.set_config(SUBJECT, ServerConfig(compatibility=ConfigCompatibilityLevel.FULL, compatibility_group="major"))
    assert owner.get_config(SUBJECT).compatibility_group == "major"
    assert owner.delete_config(SUBJECT).compatibility_level == ConfigCompatibilityLevel.FULL
    assert owner.update_mode(SUBJECT, "READONLY") == "READONLY"
    other = Schema(schema(id={"type": "string"}, note={"type": "integer"}), "JSON")
    refused(422, 42205, client().register_schema, SUBJECT, other)
    assert owner.delete_mode(SUBJECT) == "READONLY"
    assert owner.get_global_mode() == "READWRITE"
    assert owner.get_contexts() == ["."]


def says_no_clearly():
    refused(401, 40101, client("nonsense").get_subjects)
    message = refused(422, 42201, client().register_schema, "avro-value", Schema('{"type":"string"}', "AVRO"))
    assert "Avro" in message, message
    refused(422, 42201, client().register_schema, "bad-value", Schema('{"type":"strin"}', "JSON"))


identifier = serialises_and_reads_back()
is_refused_with_a_witness()
deletes_and_restores(identifier)
refers()
keeps_settings()
says_no_clearly()

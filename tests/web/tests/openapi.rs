//! The native API as its own document says it is.

use isobar_store_tests::Kind;
use isobar_web_tests::{python, run, server};
use std::{path::Path, process::Command};

/// Reads a document and fails if it is no OpenAPI 3.1.
const VALIDATE: &str = "
import json, sys, urllib.request
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
document = json.load(urllib.request.urlopen(sys.argv[1]))
assert document['openapi'].startswith('3.1'), document['openapi']
validate(document, cls=OpenAPIV31SpecValidator)
";

/// What must hold of every answer. That data which the document allows is accepted is not among it: it cannot say which versions there are.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      response_headers_conformance,unsupported_method";

#[test]
fn every_answer_is_as_the_document_says() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/shop");
    let place = Kind::File.place();
    let server = server(&place.url, &["--insecure", shop.to_str().expect("the path is UTF-8")]);
    let document = format!("{}/api/v1/openapi.json", server.url);
    let python = python("openapi");
    run(Command::new(&python).args(["-c", VALIDATE, &document]));
    // The stream has no end to wait for.
    let mut schemathesis = Command::new(python.with_file_name("schemathesis"));
    schemathesis.args(["run", &document, "--url", &server.url, "--exclude-path", "/api/v1/changes/stream"]);
    schemathesis.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "7"]);
    run(schemathesis.args(["--checks", CHECKS, "--no-color"]));
}

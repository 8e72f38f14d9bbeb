use crate::support::{copy_of, edit, isobar, isobar_in, path, repository};

#[test]
fn the_examples_are_clean() {
    for workspace in ["schemas/shop", "schemas/bank"] {
        let ran = isobar(&["check", repository(workspace).to_str().unwrap()]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        assert!(ran.err.ends_with("nothing wrong\n") && ran.err.lines().count() == 1, "{}", ran.err);
    }
}

#[test]
fn a_first_workspace_is_clean_and_can_be_released() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("schemas");
    let dir = dir.to_str().unwrap();
    assert_eq!(isobar(&["init", dir]).code, 0);
    assert_eq!(isobar(&["check", dir]).code, 0);
    assert_eq!(isobar(&["release", dir]).out, "ordering.OrderPlaced v1.0  history/ordering/OrderPlaced/v1.0.yaml\n");
    assert_eq!(isobar(&["check", dir]).code, 0);
    let again = isobar(&["init", dir]);
    assert_eq!(again.code, 2, "what is there is not overwritten");
    assert!(again.err.contains("is there already"), "{}", again.err);
}

#[test]
fn findings_are_json_for_programs() {
    let shop = copy_of("shop");
    edit(
        &shop.path().join("payment.storm.yaml"),
        "reason: string }\n        emits: PaymentRefunded",
        "reason: strin }\n        emits: PaymentRefundd",
    );
    let ran = isobar_in(&shop, &["check", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap(), @r#"
    {
      "diagnostics": [
        {
          "code": "bad-type",
          "column": 78,
          "end_column": 83,
          "end_line": 18,
          "file": "payment.storm.yaml",
          "help": "did you mean `string`?",
          "line": 18,
          "message": "`strin` is not a type",
          "related": [],
          "severity": "error"
        },
        {
          "code": "unknown-name",
          "column": 16,
          "end_column": 30,
          "end_line": 19,
          "file": "payment.storm.yaml",
          "help": "did you mean `PaymentRefunded`?",
          "line": 19,
          "message": "the context `payment` has no event `PaymentRefundd`",
          "related": [],
          "severity": "error"
        }
      ],
      "summary": {
        "errors": 2,
        "waived": 0,
        "warnings": 0
      }
    }
    "#);
}

#[test]
fn everything_wrong_is_found_in_one_run() {
    let shop = copy_of("shop");
    edit(&shop.path().join("ordering.storm.yaml"), "pivotal: true", "pivotl: true");
    edit(&shop.path().join("shipping.storm.yaml"), "emits: ShipmentCancelled", "emits: ShipmentCanceled");
    edit(
        &shop.path().join("history/ordering/OrderPlaced/v1.0.yaml"),
        "totalAmount: decimal(2)",
        "totalAmount: decimal(3)",
    );
    edit(&shop.path().join("customer.storm.yaml"), "registrationDate: timestamp", "registrationDate: date");
    let ran = isobar(&["check", path(&shop)]);
    assert_eq!(ran.code, 1);
    let codes: Vec<&str> = ran.err.lines().filter_map(|line| line.strip_prefix("error[")?.split(']').next()).collect();
    // Of the registration's date too, though other files of the workspace are wrong.
    assert_eq!(codes, ["unset-field", "history-edited", "unknown-key", "unknown-name"], "{}", ran.err);
}

#[test]
fn a_history_that_was_touched_is_refused() {
    let shop = copy_of("shop");
    let file = shop.path().join("history/ordering/OrderPlaced/v1.1.yaml");
    let extra = shop.path().join("history/ordering/OrderPlaced/v1.2.yaml");
    std::fs::copy(&file, extra).unwrap();
    std::fs::remove_file(shop.path().join("history/ordering/OrderAccepted/v1.0.yaml")).unwrap();
    let ran = isobar(&["check", path(&shop)]);
    assert_eq!(ran.code, 1);
    for code in ["error[history-extra]", "error[history-missing]"] {
        assert!(ran.err.contains(code), "{code}:\n{}", ran.err);
    }
}

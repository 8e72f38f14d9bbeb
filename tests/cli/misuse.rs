use crate::support::{isobar, repository};

#[test]
fn wrong_use_exits_with_2_and_says_what_is_right() {
    let shop = repository("schemas/shop");
    let shop = shop.to_str().unwrap();
    for (arguments, says) in [
        (vec!["chekc"], "check"),
        (vec!["check", "/nowhere/at/all"], "is not a folder"),
        (vec!["check", shop, "--format", "xml"], "json"),
        (vec!["explain", "unknwon-key"], "did you mean `unknown-key`?"),
        (vec!["validate", "ordering.OrderPlacd", "--workspace", shop], "did you mean `ordering.OrderPlaced`?"),
        (vec!["validate", "ordering.OrderPlaced@v9.0", "--workspace", shop], "known are v1.0, v1.1, v2.0"),
        (vec!["upcast", "ordering.OrderPlaced", "--from", "1", "--workspace", shop], "vMAJOR.MINOR"),
        (vec!["upcast", "ordering.OrderPlaced", "--from", "v7.0", "--workspace", shop], "known are v1.0, v1.1, v2.0"),
        (vec!["diff", "ordering.OrderPlaced@v1.0", "ordering.Nothing", "--workspace", shop], "there is no event"),
    ] {
        let ran = isobar(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn help_and_explanations_are_for_strangers() {
    let help = isobar(&["--help"]);
    assert_eq!(help.code, 0);
    for command in [
        "init",
        "check",
        "release",
        "diff",
        "validate",
        "upcast",
        "generate",
        "import",
        "serve",
        "push",
        "pull",
        "explain",
        "completions",
    ] {
        assert!(help.out.contains(&format!("\n  {command}")), "{command} is not in the help");
        assert!(isobar(&[command, "--help"]).out.len() > 200, "{command} says too little of itself");
    }
    assert!(isobar(&["explain"]).out.contains("history-edited"));
    assert!(isobar(&["explain", "history-edited"]).out.starts_with("history-edited (error)\n"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(isobar(&["completions", shell]).out.contains("upcast"), "{shell}");
    }
}

#[test]
fn a_diff_says_who_can_still_read_whom() {
    let shop = repository("schemas/shop");
    let shop = shop.to_str().unwrap();
    let diff = |format: &str| {
        isobar(&["diff", "ordering.OrderPlaced@v1.0", "OrderPlaced", "--workspace", shop, "--format", format])
    };
    insta::assert_snapshot!(diff("human").out, @r#"
    ordering.OrderPlaced v1.0 -> v2.0
    added   items             list<ordering.LineItem>         forward only
    merged  pricing.subtotal  <- totalAmount, discountAmount  breaking
    added   pricing.tax                                       forward only
    moved   pricing.discount  <- discountAmount               forward only
    moved   pricing.total     <- totalAmount                  breaking
    v2.0 refuses {"customerId":"customer_a","orderId":"order_a","totalAmount":0}, which v1.0 writes (items, pricing.subtotal, pricing.tax, pricing.discount, pricing.total)
    v1.0 refuses {"customerId":"customer_a","items":[],"orderId":"order_a","pricing":{"discount":0,"subtotal":0,"tax":0,"total":0}}, which v2.0 writes (pricing.subtotal, pricing.total)
    v2.0 reads data of v1.0 through its `upgrade` alone; v1.0 does not read data of v2.0
    "#);
    let whole: serde_json::Value = serde_json::from_str(&diff("json").out).unwrap();
    let rows = whole["rows"].as_array().unwrap();
    assert!(rows.len() == 5 && rows.iter().all(|row| row["backward"].is_boolean() && row["path"].is_string()));
    assert!(diff("markdown").out.starts_with("### ordering.OrderPlaced v1.0 -> v2.0\n\n| change |"));
}

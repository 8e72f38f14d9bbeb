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
    for command in ["init", "check", "release", "diff", "validate", "upcast", "generate", "explain", "completions"] {
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
    insta::assert_snapshot!(diff("human").out, @r"
    added      items: list<ordering.LineItem>                   forward only
    converted  pricing.subtotal <- totalAmount, discountAmount  breaking
    added      pricing.tax                                      forward only
    moved      pricing.discount <- discountAmount               forward only
    moved      pricing.total <- totalAmount                     breaking
    ");
    let rows: serde_json::Value = serde_json::from_str(&diff("json").out).unwrap();
    assert!(rows.as_array().unwrap().iter().all(|row| row["backward"].is_boolean() && row["path"].is_string()));
}

use crate::support::{isobar_with, repository};

fn shop() -> String {
    repository("schemas/shop").to_str().unwrap().to_owned()
}

#[test]
fn the_first_order_ever_is_read_by_todays_code() {
    let input = r#"{"orderId":"order_123","customerId":"customer_456","totalAmount":99.99}"#;
    let ran = isobar_with(&["upcast", "ordering.OrderPlaced", "--from", "v1.0", "--workspace", &shop()], input);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        r#"{"orderId":"order_123","customerId":"customer_456","items":[],"pricing":{"subtotal":99.99,"tax":0,"discount":0,"total":99.99}}"#
            .to_owned()
            + "\n"
    );
}

#[test]
fn a_bad_line_does_not_stop_the_rest() {
    let good = r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1}"#;
    let input = format!("{good}\n\n{{\"orderId\":7}}\nnonsense\n{good}\n");
    let ran = isobar_with(&["upcast", "OrderPlaced", "--from", "v1.0", "--workspace", &shop()], &input);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 2), "{}", ran.err);
    insta::assert_snapshot!(ran.err, @r"
    error: line 3: not a payload of v1.0: orderId: expected a string, found a number
    error: line 4: not a payload of v1.0: payload: not JSON: expected value at line 1 column 1
    ");
}

#[test]
fn old_readers_get_what_they_can_read() {
    let input = r#"{"orderId":"order_1","customerId":"customer_1","items":[],"pricing":{"subtotal":3,"tax":0,"discount":1,"total":2}}"#;
    let ran = isobar_with(
        &["upcast", "ordering.OrderPlaced", "--from", "v2.0", "--to", "v1.1", "--workspace", &shop()],
        input,
    );
    assert_eq!(
        ran.out,
        "{\"orderId\":\"order_1\",\"customerId\":\"customer_1\",\"totalAmount\":2,\"currency\":\"USD\",\"discountAmount\":1}\n",
        "{}",
        ran.err
    );
}

#[test]
fn payloads_are_checked_against_the_version_that_is_named() {
    let input = r#"{"orderId":"order_1","customerId":"customer_1","totalAmount":1.999}"#;
    let ran = isobar_with(&["validate", "ordering.OrderPlaced@v1.0", "--workspace", &shop()], input);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.starts_with("error: line 1: totalAmount: "), "{}", ran.err);
    let fine = input.replace("1.999", "1.99");
    let ran = isobar_with(&["validate", "ordering.OrderPlaced@v1.0", "--workspace", &shop()], &fine);
    assert_eq!((ran.code, ran.out.trim_end()), (0, fine.as_str()));
}

#[test]
fn garbage_is_refused_line_by_line() {
    let input = "{\n[\n\"\u{0}\"\n{\"a\":1e999}\nnull\n{}{}\n";
    let ran = isobar_with(&["validate", "ordering.OrderPlaced", "--workspace", &shop()], input);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.lines().count()), (1, "", 6), "{}", ran.err);
}

#[test]
fn events_that_became_others_say_what_they_are_now() {
    let club = repository("generator/tests/fixtures/evolution/schemas").to_str().unwrap().to_owned();
    let upcast =
        |event: &str, input: &str| isobar_with(&["upcast", event, "--from", "v1.0", "--workspace", &club], input);
    let ran = upcast("club.Settled", "{\"memberId\":\"m_1\",\"amount\":1.5,\"currency\":\"EUR\"}\n{}\n");
    insta::assert_snapshot!(ran.out, @r#"
    {"event":"club.Paid","version":"v1.0","payload":{"memberId":"m_1","amount":1.5,"currency":"EUR"}}
    {"event":"club.Left","version":"v1.0","payload":{"memberId":"m_1","why":"paid eur"}}
    {"event":"club.Scaled","version":"v3.0","payload":{"memberId":"m_1","size":0}}
    "#);
    assert_eq!((ran.code, ran.err.as_str()), (1, "error: line 2: not a payload of v1.0: memberId: is missing\n"));
    let ran = upcast("Pinged", "{\"memberId\":\"m_1\"}\n");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

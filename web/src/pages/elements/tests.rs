//! What the pages of elements say, as their Markdown.

use crate::pages::{
    page::{Form, Templates},
    site::{Ask, Shown, Site},
};
use isobar_registry::Workspace;
use std::{path::Path, sync::Arc};

fn told(workspace: &str, kind: &str, name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(workspace);
    let shown = Shown::new(workspace, Arc::new(Workspace::open(&root)));
    let site = Site { workspaces: vec![shown], ..Site::default() };
    let page = site.answer(&["w", workspace, kind, name], &Ask::default()).unwrap();
    Templates::new().unwrap().write(&page, Form::Markdown).unwrap()
}

/// One section of it.
fn section(text: &str, title: &str) -> String {
    let begin = text.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title} in {text}"));
    let rest = &text[begin + 1..];
    rest[..rest[1..].find("\n## ").map_or(rest.len(), |end| end + 1)].trim_end().to_owned()
}

#[test]
fn an_aggregate_tells_its_states() {
    insta::assert_snapshot!(section(&told("shop", "aggregate", "ordering.Order"), "States by status"), @r"
    ## States by status

    What status says of it. It begins as pending.

    - pending · ordering.PlaceOrder · ordering.OrderPlaced · confirmed
    - confirmed · ordering.ShipOrder · ordering.OrderShipped · shipped
    - any state · ordering.CancelOrder · ordering.OrderCancelled · cancelled
    - any state · no command of its own · ordering.OrderProcessingFailed · failed
    ");
    insta::assert_snapshot!(section(&told("bank", "aggregate", "accounts.Account"), "States"), @r"
    ## States

    Whether there is one: nothing else tells its states apart.

    - no Account yet · accounts.OpenAccount · accounts.AccountOpened · Account
    - Account · accounts.Deposit · accounts.MoneyDeposited · stays as it is
    - Account · accounts.Withdraw · accounts.MoneyWithdrawn · stays as it is
    ");
    let stock = told("shop", "aggregate", "inventory.Stock");
    assert!(section(&stock, "States").contains("it has no states to tell apart"), "{stock}");
}

#[test]
fn scenarios_tell_what_became_of_them() {
    let text = told("bank", "aggregate", "accounts.Account");
    let last = section(&text, "Scenarios").lines().last().unwrap().to_owned();
    insta::assert_snapshot!(last, @r#"- nobody can take more than they have · accounts.AccountOpened {"accountId": "acc_1", "ownerId": "own_1", "initialBalance": 0} · accounts.Withdraw {"amount": 1} · InsufficientFunds · holds"#);
}

#[test]
fn a_saga_is_told_in_words() {
    insta::assert_snapshot!(section(&told("shop", "saga", "ordering.OrderProcessing"), "What happens when"), @r"
    ## What happens when

    - If all goes well: ordering.Order tells OrderProcessing OrderPlaced; OrderProcessing has inventory.Stock do ReserveStock, which may take 30 seconds; inventory.Stock tells OrderProcessing InventoryReserved; OrderProcessing has payment.Payment do ProcessPayment, which may take 2 minutes; payment.Payment tells OrderProcessing PaymentProcessed; OrderProcessing has shipping.Shipment do CreateShipment, which may take 1 hour; shipping.Shipment tells OrderProcessing ShipmentCreated. All is done.
    - If step 1, ReserveStock, fails: InventoryReservationFailed comes, or no answer comes within 30 seconds: inventory.Stock tells OrderProcessing InventoryReservationFailed; OrderProcessing tells ordering.Order OrderProcessingFailed. It ends with OrderProcessingFailed.
    - If step 2, ProcessPayment, fails: PaymentFailed comes, or no answer comes within 2 minutes: payment.Payment tells OrderProcessing PaymentFailed; OrderProcessing has inventory.Stock do ReleaseStock; OrderProcessing tells ordering.Order OrderProcessingFailed. It ends with OrderProcessingFailed.
    - If step 3, CreateShipment, fails: ShipmentFailed comes, or no answer comes within 1 hour: shipping.Shipment tells OrderProcessing ShipmentFailed; OrderProcessing has payment.Payment do ProcessRefund; OrderProcessing has inventory.Stock do ReleaseStock; OrderProcessing tells ordering.Order OrderProcessingFailed. It ends with OrderProcessingFailed.
    ");
}

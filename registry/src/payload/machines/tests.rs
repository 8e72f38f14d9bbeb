use super::*;
use crate::Workspace;
use std::{collections::BTreeMap, path::Path};

fn example(name: &str) -> Workspace {
    Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(name))
}

/// The machines of an aggregate, a line for each move.
fn told(workspace: &Workspace, context: &str, aggregate: &str) -> String {
    let model = &workspace.model;
    let machines = match of(model, context, model.contexts.get(context).unwrap().aggregates.get(aggregate).unwrap()) {
        Ok(machines) => machines,
        Err(why) => return why,
    };
    let mut out = String::new();
    for machine in machines {
        let state = |at: usize| match &machine.states[at] {
            State::Value(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let names: Vec<String> = (0..machine.states.len()).map(state).collect();
        out += &format!("{}: {}\n", machine.field.as_deref().unwrap_or("-"), names.join(" "));
        for it in &machine.moves {
            let name = |name: &Option<Name>| name.as_ref().map_or("-", |it| it.name.as_str()).to_owned();
            let to = it.to.map_or("?".to_owned(), state);
            out += &format!("  {} --{}/{}--> {to}\n", state(it.from), name(&it.command), name(&it.event));
        }
    }
    out
}

fn of_text(aggregate: &str) -> String {
    let text = format!("context: c\naggregates:\n  A:\n{aggregate}");
    let workspace = Workspace::of_files(
        BTreeMap::from([("c.storm.yaml".into(), text), ("isobar.yaml".into(), "workspace: w\n".into())]),
        None,
    );
    assert!(!workspace.diagnostics.has_errors(), "{}", crate::testing::report(&workspace));
    told(&workspace, "c", "A")
}

#[test]
fn an_order_is_what_its_status_says() {
    insta::assert_snapshot!(told(&example("shop"), "ordering", "Order"), @r"
    status: pending confirmed shipped cancelled failed
      pending --PlaceOrder/OrderPlaced--> confirmed
      pending --CancelOrder/OrderCancelled--> cancelled
      pending ---/OrderProcessingFailed--> failed
      confirmed --ShipOrder/OrderShipped--> shipped
      confirmed --CancelOrder/OrderCancelled--> cancelled
      confirmed ---/OrderProcessingFailed--> failed
      shipped --CancelOrder/OrderCancelled--> cancelled
      shipped ---/OrderProcessingFailed--> failed
      cancelled --CancelOrder/OrderCancelled--> cancelled
      cancelled ---/OrderProcessingFailed--> failed
      failed --CancelOrder/OrderCancelled--> cancelled
    ");
}

#[test]
fn without_a_status_there_is_none_and_then_one() {
    insta::assert_snapshot!(told(&example("bank"), "accounts", "Account"), @r"
    -: Nothing Being
      Nothing --OpenAccount/AccountOpened--> Being
      Being --Deposit/MoneyDeposited--> Being
      Being --Withdraw/MoneyWithdrawn--> Being
    ");
    insta::assert_snapshot!(told(&example("shop"), "payment", "Payment"), @r"
    -: Nothing Being
      Nothing --ProcessPayment/PaymentProcessed--> Being
      Nothing --ProcessPayment/PaymentFailed--> Nothing
      Being --ProcessRefund/PaymentRefunded--> Being
    ");
}

#[test]
fn conditions_and_invariants_decide_as_far_as_they_are_known() {
    let machine = of_text(
        r#"    key: id
    state:
      id: id(a_)
      status: { enum: [draft, open, closed, lost] }
      count: int = 0
    invariants: { NeverLost: self.status != lost }
    commands:
      Start: { creates: true, fields: { id: id(a_) }, emits: Started }
      Open: { fields: { force: bool }, requires: { Draft: self.status == draft && self.count > 0 || $force && self.status != closed }, emits: Opened }
      Set: { fields: {}, requires: { Open: "!(self.status != open)" }, emits: Chosen | Lost, fill: { status: fn(choose) } }
      Count: { fields: {}, requires: { Counted: self.count > 3 }, emits: Counted }
    events:
      Started: { fields: { id: id(a_) }, apply: { id: $id, status: draft } }
      Opened: { fields: {}, apply: { status: open } }
      Chosen: { fields: { status: { enum: [draft, open, closed, lost] } }, apply: { status: $status } }
      Lost: { fields: {}, apply: { status: lost } }
      Counted: { fields: {}, apply: { count: self.count + 1 } }
"#,
    );
    insta::assert_snapshot!(machine, @r"
    status: Unset draft open closed lost
      Unset --Start/Started--> draft
      Unset --Open/Opened--> open
      Unset --Count/Counted--> Unset
      draft --Open/Opened--> open
      draft --Count/Counted--> draft
      open --Open/Opened--> open
      open --Set/Chosen--> ?
      open --Count/Counted--> open
    ");
}

#[test]
fn a_flag_tells_states_apart() {
    let machine = of_text(
        "    state: { closed: bool = false }\n    commands: { Close: { fields: {}, requires: { Open: '!self.closed' }, emits: Closed } }\n    \
         events: { Closed: { fields: {}, apply: { closed: true } }, Reopened: { fields: {}, apply: { closed: false } } }\n",
    );
    insta::assert_snapshot!(machine, @r"
    closed: false true
      false --Close/Closed--> true
      true ---/Reopened--> false
    ");
}

#[test]
fn where_there_is_no_machine_the_reason_is_told() {
    insta::assert_snapshot!(told(&example("shop"), "inventory", "Stock"), @"No `apply` sets an enum or a flag of its state, and no command makes a new one, so that it has no states to tell apart.");
    insta::assert_snapshot!(of_text("    state: { flag: bool = false }\n    events: { E: { fields: { it: bool }, apply: { flag: $it } } }\n"), @"No `apply` sets `flag` to a value that is written, so that it tells no states apart.");
    insta::assert_snapshot!(of_text("    key: id\n    state: { id: uuid }\n"), @"It has neither commands nor events, so that nothing happens to it.");
}

use super::*;
use crate::{Workspace, testing::report};
use proptest::prelude::*;
use std::path::Path;

const MODEL: &str = r#"context: bank
types:
  AccountId: id(acc_)
aggregates:
  Account:
    key: id
    state:
      id:      AccountId
      balance: decimal(2) = 0
      count:   { type: int, default: 0, max: 3 }
      note:    string?
      quote:   decimal(2)
      last:    { fields: { amount: decimal(2), by: string? } }
    invariants:
      NotTooMuch: self.balance <= 1000
    commands:
      Open:
        creates: true
        fields: { id: AccountId }
        requires: { Rich: self.balance == 0, Accepted: self.balance == 0 }
        emits: Opened
      Deposit:
        fields: { amount: decimal(2), note: string? }
        requires:
          Positive: $amount > 0
          Modest: $amount * 100000000 < 100000000000000 || self.balance > 0
        emits: Deposited
        fill: { balance: self.balance + $amount }
      Quote:
        fields: { amount: decimal(2) }
        requires: { Cheap: self.quote > $amount }
        emits: Quoted
        fill: { price: fn(price), number: new_id(), detail.net: $amount, detail.tax: fn(tax) }
      Decide:
        fields: { yes: bool }
        emits: [Accepted, Rejected]
      Accept:
        fields: { yes: bool }
        emits: Accepted
      Tell:
        fields: { text: string }
        emits: Told
    events:
      Opened: { fields: { id: AccountId }, apply: { count: 1 } }
      Deposited:
        fields: { id: AccountId, amount: decimal(2), balance: decimal(2), note: string? }
        apply: { balance: $balance, count: self.count + 1, note: $note, last.amount: self.balance }
      Quoted:
        fields: { id: AccountId, price: decimal(2), number: string, detail: { fields: { net: decimal(2), tax: decimal(2) } }, amount: decimal(2) }
        apply: { quote: $price, balance: $detail.net }
      Accepted: { fields: { id: AccountId, yes: bool }, apply: { count: 2 } }
      Rejected: { fields: { id: AccountId, yes: bool }, apply: { count: 2 } }
    scenarios:
"#;

/// An event that is no aggregate's.
const OTHERS: &str = "context: bank\nevents:\n  Told: { kind: notification, fields: { text: string } }\n";

fn open(scenarios: &str) -> Workspace {
    let scenarios: String = scenarios.lines().map(|line| format!("      {line}\n")).collect();
    let files = [
        ("isobar.yaml", "workspace: w\n".to_owned()),
        ("a.storm.yaml", format!("{MODEL}{scenarios}")),
        ("b.storm.yaml", OTHERS.to_owned()),
    ];
    Workspace::of_files(files.map(|(path, text)| (path.to_owned(), text)).into(), None)
}

/// The outcome of one scenario, in a sentence.
fn told(scenario: &str) -> String {
    let workspace = open(&format!("s: {{ {scenario} }}"));
    // Hooks want an example to be tested with; nothing else is wrong.
    let wrong = workspace.findings().into_iter().any(|it| it.code != &codes::HOOK_EXAMPLE);
    assert!(!wrong, "{scenario}\n{}", report(&workspace));
    match run(&workspace.model).swap_remove(0).outcome {
        Outcome::Holds => "holds".into(),
        Outcome::Fails { expected, found, span } => {
            format!("fails at {}: {expected}; but {found}", workspace.sources.text(span))
        }
        Outcome::Undecided(why) => format!("undecided: {why}"),
    }
}

const OPENED: &str = "given: [{ Opened: { id: acc_1 } }, { Deposited: { id: acc_1, amount: 10, balance: 10 } }]";

#[test]
fn what_the_model_does_holds() {
    for scenario in [
        // Defaults, the key, `apply` and `fill` in their order; what an event sets is computed of the state before it.
        "state: { balance: 0, note: null }",
        "given: { Opened: { id: acc_1 } }, state: { id: acc_1, count: 1 }",
        "when: { Open: { id: acc_7 } }, then: Opened, state: { id: acc_7, count: 1 }",
        "when: { Open: { id: acc_7 } }, then: { Opened: { id: acc_7 } }",
        &format!(
            "{OPENED}, when: {{ Deposit: {{ amount: 2.5, note: x }} }}, then: {{ Deposited: {{ id: acc_1, balance: 12.50, note: x }} }}, state: {{ balance: 12.5, count: 3, note: x, last: {{ amount: 10 }} }}"
        ),
        &format!(
            "{OPENED}, when: {{ Deposit: {{ amount: 2 }} }}, then: {{ Deposited: {{ note: null }} }}, state: {{ note: null }}"
        ),
        // Refusals leave the state as it was; the first condition in the order of the model refuses.
        &format!("{OPENED}, when: {{ Deposit: {{ amount: 0 }} }}, then: Positive, state: {{ balance: 10 }}"),
        &format!(
            "{OPENED}, when: {{ Deposit: {{ amount: 991 }} }}, then: NotTooMuch, state: {{ balance: 10, count: 2 }}"
        ),
        &format!("{OPENED}, when: {{ Open: {{ id: acc_1 }} }}, then: Rich"),
        "given: { Deposited: { id: acc_1, amount: 1, balance: 2000 } }, then: NotTooMuch",
        // A bare name is an event where no condition of this command has it; one of another aggregate changes nothing.
        "given: { Opened: { id: acc_1 } }, when: { Accept: { yes: true } }, then: Accepted, state: { count: 2 }",
        "given: { Opened: { id: acc_1 } }, when: { Tell: { text: x } }, then: { Told: { text: x } }, state: { count: 1 }",
        // Either event makes this of the state.
        "given: { Opened: { id: acc_1 } }, when: { Decide: { yes: true } }, state: { count: 2 }",
    ] {
        assert_eq!(told(scenario), "holds", "{scenario}");
    }
}

#[test]
fn what_it_does_not_fails() {
    let deposit = |rest: &str| told(&format!("{OPENED}, when: {{ Deposit: {rest}"));
    let cases = [
        (
            told(&format!("{OPENED}, state: {{ balance: 11, note: x }}")),
            "fails at { balance: 11, note: x }: `self.balance` is `11`, `self.note` is `\"x\"`; but `self.balance` is `10`, `self.note` is absent",
        ),
        (
            deposit("{ amount: 1, note: x } }, then: { Deposited: { note: null } }"),
            "fails at { note: null }: `note` is absent; but `note` is `\"x\"`",
        ),
        (
            deposit("{ amount: 0 } }"),
            "fails at s: nothing is refused, since there is no `then` that says so; but `Positive` refuses it",
        ),
        (deposit("{ amount: 0 } }, then: NotTooMuch"), "fails at NotTooMuch: `NotTooMuch`; but `Positive` refuses it"),
        (deposit("{ amount: 1 } }, then: Positive"), "fails at Positive: `Positive`; but `Deposited` comes"),
        (deposit("{ amount: 1 } }, then: Opened"), "fails at Opened: `Opened`; but `Deposited` comes"),
        (
            deposit("{ amount: 1 } }, then: [Deposited, Opened]"),
            "fails at Deposited: `Deposited` and `Opened`; but `Deposited` comes",
        ),
        (told(&format!("{OPENED}, then: Opened")), "fails at Opened: `Opened`; but nothing happens"),
        // Numbers that do not fit, and bounds of the state.
        (
            told("when: { Deposit: { amount: 99999999999999999999.99 } }, then: Positive"),
            "fails at s: `Modest` is true or false; but a computed number is too large or needs too many digits",
        ),
        (
            told(
                "given: [{ Deposited: { id: acc_1, amount: 99999999999999999999, balance: 99999999999999999999 } }], when: { Deposit: { amount: 1 } }",
            ),
            "fails at s: `Deposit` emits `Deposited`; but there is no such event for this command: a computed number is too large or needs too many digits",
        ),
        (
            told(&format!("given: [{0}, {0}, {0}, {0}]", "{ Deposited: { id: acc_1, amount: 1, balance: 1 } }")),
            "fails at Deposited: `Deposited` changes the state; but there is no value for `self.count`: 4 is greater than the maximum 3",
        ),
        // One aggregate.
        (
            told("given: [{ Opened: { id: acc_1 } }, { Opened: { id: acc_2 } }]"),
            "fails at Opened: all of it is about one `Account`, `\"acc_1\"`; but `Opened` is about `\"acc_2\"`",
        ),
        // Whichever it is, it is not that.
        (
            told(
                "given: { Opened: { id: acc_1 } }, when: { Decide: { yes: true } }, then: { Accepted: { yes: false } }",
            ),
            "fails at { yes: false }: `yes` is `false`; but `yes` is `true`",
        ),
    ];
    let shown: Vec<(&str, &str)> = cases.iter().map(|(told, wanted)| (told.as_str(), *wanted)).collect();
    for (told, wanted) in shown {
        assert_eq!(told, wanted);
    }
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let opened = "given: { Opened: { id: acc_1 } }";
    let quoted = "given: { Quoted: { id: acc_1, price: 5, number: x9, detail: { net: 1, tax: 1 }, amount: 1 } }, when: { Quote: { amount: 4 } }";
    for (scenario, wanted) in [
        (
            format!("{opened}, state: {{ quote: 1 }}"),
            "undecided: `self.quote` is not known: `self.quote` has no value yet: it has no default, and no event before sets it",
        ),
        (
            format!("{opened}, when: {{ Quote: {{ amount: 1 }} }}, then: Quoted"),
            "undecided: whether `Cheap` refuses is not known: `self.quote` has no value yet: it has no default, and no event before sets it",
        ),
        (
            format!("{quoted}, then: {{ Quoted: {{ price: 5 }} }}"),
            "undecided: `price` is not known: `fn(price)` is written in Rust, and only the program that holds it can run it",
        ),
        (
            format!("{quoted}, then: {{ Quoted: {{ number: x9 }} }}"),
            "undecided: `number` is not known: `new_id()` is another value every time",
        ),
        (
            format!("{quoted}, state: {{ quote: 5 }}"),
            "undecided: `self.quote` is not known: `fn(price)` is written in Rust, and only the program that holds it can run it",
        ),
        // What does not rest on it is known.
        (format!("{quoted}, then: {{ Quoted: {{ id: acc_1, amount: 4 }} }}, state: {{ balance: 4 }}"), "holds"),
        (
            format!("{quoted}, then: {{ Quoted: {{ price: 5, amount: 3 }} }}"),
            "fails at { price: 5, amount: 3 }: `amount` is `3`; but `amount` is `4`",
        ),
        (
            "given: { Told: { text: x } }".to_owned(),
            "undecided: `bank.Told` is no event of `Account`, and says nothing of its state",
        ),
        // A command that may be refused, or else does something else than what is said.
        (
            format!("{opened}, when: {{ Quote: {{ amount: 1 }} }}, then: Opened"),
            "fails at Opened: `Opened`; but `Cheap` refuses it",
        ),
        (
            format!("{opened}, when: {{ Decide: {{ yes: true }} }}, then: Accepted"),
            "undecided: which of `Accepted`, `Rejected` `Decide` emits is not written in the model",
        ),
    ] {
        assert_eq!(told(&scenario), wanted, "{scenario}");
    }
}

#[test]
fn names_and_types_are_checked_before() {
    let found = |scenario: &str| {
        let workspace = open(&format!("s: {{ {scenario} }}"));
        let found = workspace.findings().into_iter().filter(|it| it.code != &codes::HOOK_EXAMPLE);
        found.map(|it| format!("{}: {}", it.code.name, it.message)).collect::<Vec<_>>().join("; ")
    };
    let decide = "when: { Decide: { yes: true } }";
    let cases = [
        ("then: { Nobody: { yes: true } }", "unknown-name: the context `bank` has no event `Nobody`"),
        ("then: { Accepted: { yes: null } }", "bad-literal: `null` is not `bool`"),
        ("state: { balance: null }", "bad-literal: `null` is not `decimal(2)`"),
        ("state: { blance: 1 }", "bad-literal: there is no field `blance`"),
    ];
    for (then, wanted) in cases {
        assert_eq!(found(&format!("{decide}, {then}")), wanted);
    }
}

#[test]
fn the_samples_do_what_they_say() {
    let mut all = Vec::new();
    for sample in ["bank", "shop"] {
        let workspace = Workspace::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(sample));
        all.extend(run(&workspace.model).into_iter().map(|it| (it.aggregate.to_string(), it.scenario, it.outcome)));
    }
    let holds = |aggregate: &str, scenario: &str| (aggregate.to_owned(), scenario.to_owned(), Outcome::Holds);
    let wanted = [
        holds("accounts.Account", "the balance after four events is 500"),
        holds("accounts.Account", "nobody can take more than they have"),
        holds("ordering.Order", "an order can be placed once"),
    ];
    assert_eq!(all, wanted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What the runner came to is what it expects, and no other value is.
    #[test]
    fn what_came_holds_and_nothing_else(
        past in proptest::collection::vec((1_i64..100_000, proptest::option::of("[a-z]{1,6}")), 0..2),
        (amount, note) in (-50_i64..120_000, proptest::option::of("[a-z]{1,6}")),
        more in 1_i64..1_000,
    ) {
        let money = |cents: i64| Data::Number(isobar::Decimal::new(cents, 2));
        let with = |note: &Option<String>| note.as_ref().map_or(String::new(), |note| format!(", note: '{note}'"));
        let mut given = vec!["{ Opened: { id: acc_1 } }".to_owned()];
        for (cents, note) in &past {
            let cents = write(&money(*cents)).unwrap();
            given.push(format!("{{ Deposited: {{ id: acc_1, amount: {cents}, balance: {cents}{} }} }}", with(note)));
        }
        let story = format!(
            "given: [{}], when: {{ Deposit: {{ amount: {}{} }} }}",
            given.join(", "), write(&money(amount)).unwrap(), with(&note)
        );
        let workspace = open(&format!("s: {{ {story} }}"));
        let context = &workspace.model.contexts.get("bank").unwrap();
        let aggregate = context.aggregates.get("Account").unwrap();
        let stage = Stage { model: &workspace.model, context: "bank", aggregate };
        let end = stage.tell(&aggregate.scenarios[0]).unwrap().ends.swap_remove(0).unwrap();
        let Ok(Data::Number(balance)) = end.state.member("balance") else { panic!("the balance is known") };
        let state = |balance| format!("state: {{ balance: {} }}", write(&Data::Number(balance)).unwrap());
        let other = balance + isobar::Decimal::new(more, 2);
        match end.came.unwrap() {
            Came::Refused(name) => {
                prop_assert_eq!(told(&format!("{story}, then: {name}, {}", state(balance))), "holds");
                let wrong = told(&format!("{story}, then: {name}, {}", state(other)));
                prop_assert!(wrong.starts_with("fails"));
                let wrong = told(&format!("{story}, then: Deposited"));
                prop_assert!(wrong.starts_with("fails"));
            }
            Came::Event(_, payload) => {
                let whole = write(&payload.data).unwrap();
                prop_assert_eq!(told(&format!("{story}, then: {{ Deposited: {whole} }}, {}", state(balance))), "holds");
                let wrong = told(&format!("{story}, then: Deposited, {}", state(other)));
                prop_assert!(wrong.starts_with("fails"));
                let Data::Record(members) = payload.data else { panic!("an event is a record") };
                for (name, data) in members {
                    let changed = match data {
                        Data::Number(number) => Data::Number(number + isobar::Decimal::new(more, 2)),
                        Data::Text(text) => Data::Text(format!("{text}x")),
                        other => panic!("{other:?}"),
                    };
                    let changed = write(&Data::Record(vec![(name, changed)])).unwrap();
                    let wrong = told(&format!("{story}, then: {{ Deposited: {changed} }}"));
                    prop_assert!(wrong.starts_with("fails"));
                }
            }
        }
    }
}

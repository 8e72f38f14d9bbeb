// Every kind of item, under strict lints, in both directions.
#![deny(warnings, missing_docs, clippy::all)]
//! Items of every kind.

use isobar::{Bytes, Date, Decimal, Decode, Duration, Encode, Json, JsonSchema, Set, Timestamp, Uuid, from_slice, to_vec};
use std::collections::BTreeMap;

/// A record of everything.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct Everything {
    /// Raw identifiers lose their mark.
    pub r#type: bool,
    /// Names that the generated code might use itself.
    pub r: i32,
    /// The same.
    pub w: u32,
    /// The same.
    pub value: u64,
    /// The same.
    pub old: i64,
    /// A float.
    #[isobar(min = -1.5, max = 2)]
    pub ratio: f64,
    /// Decimals within.
    #[isobar(scale = 2, max_length = 2)]
    pub prices: Vec<Decimal>,
    /// Deeper.
    #[isobar(scale = 4)]
    pub rates: BTreeMap<String, Vec<Box<Decimal>>>,
    /// Boxed, with bounds.
    #[isobar(min = 1)]
    pub boxed: Box<i64>,
    /// A default that is an expression.
    #[isobar(default = vec![1, 2].into_iter().map(|x| x * 2).collect(), min_length = 1)]
    pub numbers: Vec<i64>,
    /// A default of the type.
    #[isobar(default)]
    pub tags: Set<String>,
    /// An exact default.
    #[isobar(scale = 2, default = 9.90, min = 0, max = 1000.50)]
    pub fee: Decimal,
    /// A bound on bytes.
    #[isobar(max_length = 4)]
    pub image: Option<Bytes>,
    /// Other values.
    pub at: Option<Timestamp>,
    /// Other values.
    pub on: Option<Date>,
    /// Other values.
    pub took: Option<Duration>,
    /// Other values.
    pub id: Option<Uuid>,
    /// Other values.
    pub any: Option<Json>,
    /// A type of one's own.
    pub status: Status,
    /// Another.
    pub payment: Option<Box<Payment>>,
}

/// An open enum.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
#[isobar(open)]
pub enum Status {
    /// A value.
    Pending,
    /// A value of two words.
    OutOfStock,
    /// Any other.
    Unknown(String),
}

/// A closed enum with texts of its own.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
#[isobar(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// A value.
    VeryLow,
    /// A value.
    #[isobar(rename = "high!")]
    High,
}

/// A tagged union.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
#[isobar(tag = "kind")]
pub enum Payment {
    /// A record of its own.
    Card(Card),
    /// Fields.
    Invoice {
        /// A field with the name of a variable.
        w: Level,
        /// A recursive field.
        then: Option<Box<Payment>>,
    },
    /// Nothing.
    #[isobar(rename = "cash!")]
    Cash,
}

/// A record.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
#[isobar(rename_all = "kebab-case")]
pub struct Card {
    /// A new type.
    pub card_number: Number,
}

/// A bounded new type.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
#[isobar(prefix = "n-", min_length = 4)]
pub struct Number(String);

/// A record without fields.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct Nothing {}

/// Another.
#[derive(Debug, PartialEq, Encode, Decode, JsonSchema)]
pub struct Unit;

fn main() {
    let text = br#"{"type":true,"r":1,"w":2,"value":3,"old":4,"ratio":2.0,"prices":[1.5],"rates":{"a":[0.0001]},"boxed":1,"numbers":[1],"tags":["a"],"fee":0,"image":"AAAA","at":"2024-01-15T10:30:00Z","on":"2024-02-29","took":"PT30S","id":"01890a5d-ac96-774b-bcce-b302099a8057","any":[null],"status":"lost","payment":{"kind":"invoice","w":"VERY_LOW","then":{"kind":"card","card-number":"n-12"}}}"#;
    let read: Everything = from_slice(text).unwrap();
    assert_eq!(to_vec(&read).unwrap(), text);
    assert_eq!(read.status, Status::Unknown("lost".to_owned()));

    let least = br#"{"type":true,"r":1,"w":2,"value":3,"old":4,"ratio":-1.5,"prices":[],"rates":{},"boxed":1,"status":"outOfStock","payment":{"kind":"cash!"}}"#;
    let read: Everything = from_slice(least).unwrap();
    assert_eq!((read.numbers, read.fee, read.tags.len()), (vec![2, 4], Decimal::new(990, 2), 0));
    assert_eq!((read.status, read.payment.as_deref()), (Status::OutOfStock, Some(&Payment::Cash)));

    let told = |from: &str, to: &str| {
        let text = String::from_utf8(text.to_vec()).unwrap().replace(from, to);
        from_slice::<Everything>(text.as_bytes()).unwrap_err().to_string()
    };
    assert_eq!(told(r#""ratio":2.0"#, r#""ratio":2.5"#), "ratio: 2.5 is greater than the maximum 2");
    assert_eq!(told("[1.5]", "[1,2,3]"), "prices: has 3 items, more than the maximum 2");
    assert_eq!(told("[1.5]", "[1.005]"), "prices[0]: 1.005 has more than 2 digits after the point");
    assert_eq!(told(r#""boxed":1"#, r#""boxed":0"#), "boxed: 0 is less than the minimum 1");
    assert_eq!(told(r#""fee":0"#, r#""fee":1000.51"#), "fee: 1000.51 is greater than the maximum 1000.5");
    assert_eq!(told("AAAA", "AAAAAAA="), "image: has 5 items, more than the maximum 4");
    assert_eq!(told("VERY_LOW", "very_low"), "payment.w: \"very_low\" is not one of VERY_LOW, high!");
    assert_eq!(told("invoice", "cheque"), "payment.kind: \"cheque\" names no branch; known are card, invoice, cash!");
    assert_eq!(told("n-12", "n-1"), "payment.then.card-number: has 3 characters, fewer than the minimum 4");

    // What would be refused is not written, and in the same words.
    let refused = |change: fn(&mut Everything)| {
        let mut value: Everything = from_slice(text).unwrap();
        change(&mut value);
        to_vec(&value).unwrap_err().to_string()
    };
    assert_eq!(refused(|it| it.ratio = 2.5), "ratio: 2.5 is greater than the maximum 2");
    assert_eq!(refused(|it| it.prices = vec![Decimal::ONE; 3]), "prices: has 3 items, more than the maximum 2");
    assert_eq!(refused(|it| it.prices = vec![Decimal::new(1005, 3)]), "prices[0]: 1.005 has more than 2 digits after the point");
    assert_eq!(refused(|it| *it.boxed = 0), "boxed: 0 is less than the minimum 1");
    assert_eq!(refused(|it| it.fee = Decimal::new(100_051, 2)), "fee: 1000.51 is greater than the maximum 1000.5");
    assert_eq!(refused(|it| it.image = Some(Bytes(vec![0; 5]))), "image: has 5 items, more than the maximum 4");
    let short = |it: &mut Everything| it.payment = Some(Box::new(Payment::Card(Card { card_number: Number("n-1".to_owned()) })));
    assert_eq!(refused(short), "payment.card-number: has 3 characters, fewer than the minimum 4");
    assert_eq!(refused(|it| it.rates.values_mut().for_each(|it| it.push(Box::new(Decimal::new(1, 5))))), "rates[\"a\"][1]: 0.00001 has more than 4 digits after the point");

    assert_eq!(to_vec(&from_slice::<Nothing>(b"{\"x\": 1}").unwrap()).unwrap(), b"{}");
    assert_eq!(from_slice::<Unit>(b"{}"), Ok(Unit));
}

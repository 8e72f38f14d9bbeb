//! Literals against shapes: defaults, examples, and literals inside of expressions. The type that a literal meets decides how
//! it is read; the value that comes out is in wire form, as written, with no default filled in. Nothing is computed here.

use super::{Expr, ExprKind, text};
use crate::{
    diag::{Diagnostic, Diagnostics, codes, did_you_mean, list},
    shape::{Enum, Field, Presence, Scalar, Shape, ShapeKind, Types, Union},
    source::Span,
    value::Value,
};
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Reads a tree of literals as a value of `shape`. Records are in wire form: members go by their wire names. Everything that
/// does not conform is reported as `BAD_LITERAL` where it is written; then there is no value.
pub fn literal(expr: &Expr, shape: &Shape, types: &Types, diags: &mut Diagnostics) -> Option<Value> {
    Reader { types, diags }.value(expr, shape)
}

/// Reads a tree of literals as a whole payload of `fields`, as [`literal`] does.
pub fn payload(expr: &Expr, fields: &[Field], types: &Types, diags: &mut Diagnostics) -> Option<Value> {
    Reader { types, diags }.record(expr, fields, None)
}

/// Like [`literal`] for a single scalar with nothing to report to: what is wrong comes back as message and help.
pub(super) fn scalar(text: &str, quoted: bool, shape: &Shape) -> Result<Value, Wrong> {
    let value = match &shape.kind {
        ShapeKind::Scalar(scalar) => of_scalar(text, quoted, scalar)?,
        ShapeKind::Enum(it) => of_enum(text, quoted, it)?,
        _ => return Err(Wrong::new(format!("`{text}` is not {}", a(shape)))),
    };
    within(&value, shape)?;
    Ok(value)
}

/// Why a literal does not conform.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Wrong {
    pub(super) fn new(message: String) -> Self {
        Wrong { message, help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The largest number that `decimal(scale)` holds.
pub(super) fn largest_decimal(scale: u32) -> Decimal {
    let scale = scale.min(28);
    let nines = 10_i128.pow(Scalar::whole_digits(scale) + scale) - 1;
    Decimal::try_from_i128_with_scale(nines, scale).unwrap_or(Decimal::MAX)
}

/// The type, as an author writes it, where a sentence needs a noun.
fn a(shape: &Shape) -> String {
    match &shape.kind {
        ShapeKind::Record(_) | ShapeKind::Union(_) => "a mapping".into(),
        _ => format!("`{shape}`"),
    }
}

/// Whether a text without quotes reads as something else than text: a YAML reader would make `0` a number and `no` a boolean.
fn needs_quotes(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    matches!(word.as_str(), "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n")
        || Value::number(text).is_some()
}

fn of_scalar(text: &str, quoted: bool, scalar: &Scalar) -> Result<Value, Wrong> {
    let unreadable = || Err(Wrong::new(format!("`{text}` is not `{scalar}`")));
    match scalar {
        Scalar::Json => {
            let kind = ExprKind::Literal { text: text.to_owned(), quoted };
            let span = Span::top(crate::source::FileId(0));
            return Expr { span, kind }.as_value().map_or_else(unreadable, Ok);
        }
        Scalar::Bool => {
            return match (text, quoted) {
                ("true", false) => Ok(Value::Bool(true)),
                ("false", false) => Ok(Value::Bool(false)),
                ("true" | "false", true) => unreadable().map_err(|w| w.help(format!("write `{text}` without quotes"))),
                _ => unreadable().map_err(|w| w.help("write `true` or `false`")),
            };
        }
        _ if scalar.is_number() => {
            return match Value::number(text) {
                Some(_) if quoted => unreadable().map_err(|w| w.help(format!("write `{text}` without quotes"))),
                Some(number) => of_number(text, number, scalar),
                None => unreadable(),
            };
        }
        _ => {}
    }
    if !quoted && needs_quotes(text) {
        return unreadable().map_err(|w| w.help(format!("quote it: \"{text}\"")));
    }
    let wrong = |help: &str| Err(Wrong::new(format!("`{text}` is not `{scalar}`")).help(help));
    match scalar {
        Scalar::Uuid if !text::is_uuid(text) => wrong("write 32 hexadecimal digits with hyphens: 8-4-4-4-12"),
        Scalar::Timestamp if !text::is_timestamp(text) => {
            wrong("write date, time and offset, such as `2024-01-15T10:30:00Z`")
        }
        Scalar::Date if !text::is_date(text) => wrong("write a day of the calendar, such as `2024-01-15`"),
        Scalar::Duration if !text::is_duration(text) => {
            wrong("write weeks, or days, hours, minutes and seconds, such as `P2W`, `P1DT2H` or `PT30S`")
        }
        Scalar::Bytes if text::base64_length(text).is_none() => {
            wrong("write standard base64 with padding, such as `AAE=`")
        }
        Scalar::Id(prefix) if !(text.starts_with(prefix.as_str()) && text.len() > prefix.len()) => {
            wrong(&format!("write `{prefix}` and something behind it"))
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn of_number(text: &str, value: Value, scalar: &Scalar) -> Result<Value, Wrong> {
    let exact = match &value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let message = match (scalar, exact) {
        (Scalar::Float, _) => return Ok(value),
        (_, None) => format!("`{text}` has more digits than `{scalar}` holds"),
        (Scalar::Decimal(scale), Some(number)) if number.scale() > *scale => {
            format!("`{text}` has more fraction digits than `{scalar}` holds")
        }
        (Scalar::Decimal(scale), Some(number)) if number.abs() > largest_decimal(*scale) => {
            format!("`{text}` has more digits than `{scalar}` holds")
        }
        (_, Some(number)) if number.scale() > 0 && scalar.integer_range().is_some() => {
            format!("`{text}` is not a whole number, as `{scalar}` is")
        }
        (_, Some(number)) if scalar.integer_range().is_some_and(|(min, max)| number < min || number > max) => {
            format!("`{text}` is out of the range of `{scalar}`")
        }
        _ => return Ok(value),
    };
    Err(Wrong::new(message))
}

fn of_enum(text: &str, quoted: bool, it: &Enum) -> Result<Value, Wrong> {
    let known = || it.values.iter().map(|value| value.value.as_str());
    let is_known = known().any(|value| value == text);
    if !is_known && !it.open {
        let help = did_you_mean(text, known()).unwrap_or_else(|| format!("it may be {}", list(known())));
        return Err(Wrong::new(format!("`{text}` is not a value of the enum")).help(help));
    }
    if !quoted && needs_quotes(text) {
        return Err(Wrong::new(format!("`{text}` is not text")).help(format!("quote it: \"{text}\"")));
    }
    Ok(Value::String(text.to_owned()))
}

/// Whether a value lies within the bounds of its shape.
fn within(value: &Value, shape: &Shape) -> Result<(), Wrong> {
    let bounds = &shape.bounds;
    if bounds.is_empty() {
        return Ok(());
    }
    let (length, unit) = match value {
        Value::String(text) if matches!(shape.kind, ShapeKind::Scalar(Scalar::Bytes)) => {
            (text::base64_length(text), "bytes")
        }
        Value::String(text) => (Some(text.chars().count() as u64), "characters"),
        Value::List(items) => (Some(items.len() as u64), "items"),
        Value::Record(members) => (Some(members.len() as u64), "members"),
        _ => (None, ""),
    };
    if let Some(length) = length {
        if let Some(min) = bounds.min_length.filter(|min| length < *min) {
            return Err(Wrong::new(format!("{length} {unit} are fewer than the minimum of {min}")));
        }
        if let Some(max) = bounds.max_length.filter(|max| length > *max) {
            return Err(Wrong::new(format!("{length} {unit} are more than the maximum of {max}")));
        }
    }
    // A float is far outside of what a decimal bound can be, on the side of its sign.
    let compare = |bound: Decimal| match value {
        Value::Number(number) => Some(number.cmp(&bound)),
        Value::Float(number) => number.partial_cmp(&f64::try_from(bound).ok()?),
        _ => None,
    };
    if let Some(min) = bounds.min.filter(|min| compare(*min).is_some_and(|o| o.is_lt())) {
        return Err(Wrong::new(format!("{} is less than the minimum {min}", show(value))));
    }
    if let Some(max) = bounds.max.filter(|max| compare(*max).is_some_and(|o| o.is_gt())) {
        return Err(Wrong::new(format!("{} is more than the maximum {max}", show(value))));
    }
    if let (Some(pattern), Value::String(text)) = (&bounds.pattern, value)
        // A pattern that is none was reported where it is written.
        && regex_lite::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        return Err(Wrong::new(format!("`{text}` does not match the pattern `{pattern}`")));
    }
    Ok(())
}

fn show(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        _ => value.kind().into(),
    }
}

/// What an expression is, for messages.
fn describe(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal { text, quoted: true } => format!("\"{text}\""),
        ExprKind::Literal { text, .. } if text.is_empty() => "nothing".into(),
        ExprKind::Literal { text, .. } => format!("`{text}`"),
        ExprKind::List(_) => "a list".into(),
        ExprKind::Record(_) => "a mapping".into(),
        _ => "an expression".into(),
    }
}

/// Whether the literal says that there is no value.
pub(super) fn is_null(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Literal { text, quoted: false } if matches!(text.as_str(), "" | "~" | "null"))
}

struct Reader<'a> {
    types: &'a Types,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn refuse<T>(&mut self, span: Span, wrong: Wrong, shape: &Shape) -> Option<T> {
        let mut diagnostic = Diagnostic::new(&codes::BAD_LITERAL, span, wrong.message).maybe_help(wrong.help);
        if !overlap(span, shape.span) {
            diagnostic = diagnostic.also(shape.span, "the type it is for");
        }
        self.diags.push(diagnostic);
        None
    }

    fn value(&mut self, expr: &Expr, written: &Shape) -> Option<Value> {
        // The definition outlives the reader's borrow of the diagnostics.
        let types = self.types;
        let shape = types.resolve(written);
        let value = match (&shape.kind, &expr.kind) {
            (_, ExprKind::Broken) => return None,
            // The name that nothing defines was reported where it is written.
            (ShapeKind::Ref(_), _) => return expr.as_value(),
            (ShapeKind::Scalar(Scalar::Json), _) => match expr.as_value() {
                Some(value) => value,
                None => return self.refuse(expr.span, Wrong::new("only literals can stand here".into()), written),
            },
            (ShapeKind::Scalar(_) | ShapeKind::Enum(_), ExprKind::Literal { text, quoted }) => {
                return match scalar(text, *quoted, shape) {
                    Ok(value) => Some(value),
                    Err(wrong) => self.refuse(expr.span, wrong, shape),
                };
            }
            (ShapeKind::List(item) | ShapeKind::Set(item), ExprKind::List(items)) => {
                let values: Vec<Option<Value>> = items.iter().map(|expr| self.value(expr, item)).collect();
                let values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
                if matches!(shape.kind, ShapeKind::Set(_)) {
                    self.unique(items, &values, shape)?;
                }
                Value::List(values)
            }
            (ShapeKind::Map(item), ExprKind::Record(members)) => {
                let read = |((name, _), expr): &((String, Span), Expr)| Some((name.clone(), self.value(expr, item)?));
                let values: Vec<Option<(String, Value)>> = members.iter().map(read).collect();
                Value::Record(values.into_iter().collect::<Option<_>>()?)
            }
            (ShapeKind::Record(fields), _) => return self.record(expr, fields, None),
            (ShapeKind::Union(union), ExprKind::Record(members)) => return self.union(expr, members, union, shape),
            _ => {
                let message = format!("{} is not {}", describe(expr), a(shape));
                return self.refuse(expr.span, Wrong::new(message), shape);
            }
        };
        match within(&value, shape) {
            Ok(()) => Some(value),
            Err(wrong) => self.refuse(expr.span, wrong, shape),
        }
    }

    /// Sets have no equal items.
    fn unique(&mut self, items: &[Expr], values: &[Value], shape: &Shape) -> Option<()> {
        let mut seen = HashSet::new();
        match values.iter().position(|value| !seen.insert(canonical(value))) {
            None => Some(()),
            Some(i) => {
                let message = format!("{} stands twice in a set", describe(&items[i]));
                self.refuse(items[i].span, Wrong::new(message), shape)
            }
        }
    }

    /// A record, or a branch of a union whose `tag` is one more member.
    fn record(&mut self, expr: &Expr, fields: &[Field], tag: Option<&str>) -> Option<Value> {
        let ExprKind::Record(members) = &expr.kind else {
            if !matches!(expr.kind, ExprKind::Broken) {
                let message = format!("{} is not a mapping", describe(expr));
                self.diags.push(Diagnostic::new(&codes::BAD_LITERAL, expr.span, message));
            }
            return None;
        };
        let mut complete = true;
        let mut values = Vec::new();
        for ((name, span), expr) in members {
            let field = fields.iter().find(|field| field.wire_name() == name);
            match field {
                _ if tag == Some(name) => values.extend(expr.as_value().map(|value| (name.clone(), value))),
                Some(field) if field.presence == Presence::Optional && is_null(expr) => {}
                Some(field) => match self.value(expr, &field.shape) {
                    Some(value) => values.push((name.clone(), value)),
                    None => complete = false,
                },
                None => {
                    complete = false;
                    let known = || fields.iter().map(Field::wire_name);
                    let help = did_you_mean(name, known()).unwrap_or_else(|| {
                        if fields.is_empty() {
                            "there are none".into()
                        } else {
                            format!("the fields are {}", list(known()))
                        }
                    });
                    let message = format!("there is no field `{name}`");
                    self.diags.push(Diagnostic::new(&codes::BAD_LITERAL, *span, message).help(help));
                }
            }
        }
        let given = |field: &&Field| members.iter().any(|((name, _), _)| name == field.wire_name());
        let missing: Vec<&Field> = fields
            .iter()
            .filter(|field| field.presence == Presence::Required && !given(field) && tag != Some(field.wire_name()))
            .collect();
        if let Some(first) = missing.first() {
            complete = false;
            let names = missing.iter().map(|f| format!("`{}`", f.wire_name())).collect::<Vec<_>>().join(", ");
            let mut diagnostic = Diagnostic::new(&codes::BAD_LITERAL, expr.span, format!("{names} must be given"));
            if !overlap(expr.span, first.name.span) {
                diagnostic = diagnostic.also(first.name.span, "required");
            }
            self.diags.push(diagnostic);
        }
        complete.then_some(Value::Record(values))
    }

    fn union(
        &mut self,
        expr: &Expr,
        members: &[((String, Span), Expr)],
        union: &Union,
        shape: &Shape,
    ) -> Option<Value> {
        let tags = || union.branches.iter().map(|(tag, _)| tag.value.as_str());
        let Some((_, tag)) = members.iter().find(|((name, _), _)| *name == union.tag) else {
            let message = format!("`{}` must say which branch this is", union.tag);
            return self.refuse(expr.span, Wrong::new(message).help(format!("it may be {}", list(tags()))), shape);
        };
        let ExprKind::Literal { text, quoted } = &tag.kind else {
            return self.refuse(tag.span, Wrong::new(format!("{} is not text", describe(tag))), shape);
        };
        if !quoted && needs_quotes(text) {
            let wrong = Wrong::new(format!("`{text}` is not text")).help(format!("quote it: \"{text}\""));
            return self.refuse(tag.span, wrong, shape);
        }
        let Some((_, branch)) = union.branches.iter().find(|(tag, _)| tag.value == *text) else {
            let help = did_you_mean(text, tags()).unwrap_or_else(|| format!("it may be {}", list(tags())));
            return self.refuse(tag.span, Wrong::new(format!("`{text}` is not a branch")).help(help), shape);
        };
        let types = self.types;
        match &types.resolve(branch).kind {
            ShapeKind::Record(fields) => self.record(expr, fields, Some(&union.tag)),
            // Branches that are no records were reported where they are written.
            _ => None,
        }
    }
}

/// Whether two places touch: then the second explains nothing.
pub(super) fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.start <= b.end && b.start <= a.end
}

/// A text that equal values share: the members of records in order of name.
fn canonical(value: &Value) -> String {
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Record(members) => {
            let mut members: Vec<String> =
                members.iter().map(|(name, v)| format!("{name:?}:{}", canonical(v))).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::testing::{Page, fields, show_value};

    /// Reads `text`, one YAML value, as the field `x` of the type `ty`; what is wrong comes back as one line a finding.
    fn read(ty: &str, text: &str) -> String {
        let mut page = Page::default();
        let version = page.event("v1.0", &format!("fields: {{ x: {ty} }}\nupgrade: {{ x: {text} }}\n{TYPES}"));
        let expr = &version.event.upgrade.assignments[0].expr;
        match literal(expr, &fields(&version)[0].shape, &version.types, &mut page.diags) {
            Some(value) => show_value(&value),
            None => {
                let line = |d: &Diagnostic| {
                    let help = d.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
                    format!("{}: {}{help}", page.sources.text(d.labels[0].span), d.message)
                };
                let found = page.diags.clone().sorted(&page.sources);
                assert!(found.iter().all(|d| d.code == &codes::BAD_LITERAL));
                found.iter().map(line).collect::<Vec<_>>().join("; ")
            }
        }
    }

    const TYPES: &str = "
types:
  Small: { type: int, min: 1, max: 9 }
  Code: { type: string, pattern: '^[A-Z]{3}$' }
  Status: { enum: [pending, 'no'] }
  Loose: { enum: [pending], open: true }
  Item: { fields: { sku: { type: string, wire: SKU }, count: int = 1, note: 'string?' } }
  Pay: { oneof: { card: { fields: { number: string } }, cash: { fields: { } } }, tag: kind }
";

    #[test]
    fn what_conforms_is_read() {
        for (ty, text, value) in [
            ("string", "USD", "\"USD\""),
            ("string", "'0'", "\"0\""),
            ("string", "''", "\"\""),
            ("bool", "true", "true"),
            ("int", "-9223372036854775808", "-9223372036854775808"),
            ("uint", "18446744073709551615", "18446744073709551615"),
            ("int", "1.0", "1"),
            ("int", "1e2", "100"),
            ("decimal(2)", "99.90", "99.9"),
            ("decimal(2)", "99999999999999999999.99", "99999999999999999999.99"),
            ("float", "1e300", &1e300.to_string()),
            ("Small", "9", "9"),
            ("Code", "USD", "\"USD\""),
            ("id(a_)", "a_1", "\"a_1\""),
            ("Status", "pending", "\"pending\""),
            ("Status", "'no'", "\"no\""),
            ("Loose", "other", "\"other\""),
            ("uuid", "550e8400-e29b-41d4-a716-446655440000", "\"550e8400-e29b-41d4-a716-446655440000\""),
            ("date", "2024-02-29", "\"2024-02-29\""),
            ("timestamp", "2024-01-15T10:30:00Z", "\"2024-01-15T10:30:00Z\""),
            ("duration", "PT30S", "\"PT30S\""),
            ("bytes", "AAE=", "\"AAE=\""),
            ("json", "{ a: [1, x, null] }", "{a: [1, \"x\", null]}"),
            ("list<int>", "[1, 1]", "[1, 1]"),
            ("set<string>", "[a, b]", "[\"a\", \"b\"]"),
            ("map<int>", "{ a b: 1 }", "{a b: 1}"),
            ("Item", "{ SKU: a, note: null }", "{SKU: \"a\"}"),
            ("Pay", "{ kind: card, number: '1' }", "{kind: \"card\", number: \"1\"}"),
            ("{ type: string, max_length: 2 }", "éé", "\"éé\""),
            ("{ type: bytes, max_length: 2 }", "AAE=", "\"AAE=\""),
        ] {
            assert_eq!(read(ty, text), value, "{ty}: {text}");
        }
    }

    #[test]
    fn what_does_not_conform_is_said() {
        for (ty, text, wrong) in [
            ("string", "0", "0: `0` is not `string` (quote it: \"0\")"),
            ("string", "no", "no: `no` is not `string` (quote it: \"no\")"),
            ("string", "[a]", "[a]: a list is not `string`"),
            ("bool", "'true'", "true: `true` is not `bool` (write `true` without quotes)"),
            ("bool", "yes", "yes: `yes` is not `bool` (write `true` or `false`)"),
            ("int", "'0'", "0: `0` is not `int` (write `0` without quotes)"),
            ("int", "x", "x: `x` is not `int`"),
            ("int", "1.5", "1.5: `1.5` is not a whole number, as `int` is"),
            ("int32", "2147483648", "2147483648: `2147483648` is out of the range of `int32`"),
            ("uint", "-1", "-1: `-1` is out of the range of `uint`"),
            ("int", "1e300", "1e300: `1e300` has more digits than `int` holds"),
            ("decimal(2)", "0.001", "0.001: `0.001` has more fraction digits than `decimal(2)` holds"),
            ("decimal(2)", "1e26", "1e26: `1e26` has more digits than `decimal(2)` holds"),
            ("Small", "0", "0: 0 is less than the minimum 1"),
            ("{ type: float, max: 1 }", "1e300", &format!("1e300: {} is more than the maximum 1", 1e300)),
            ("Code", "usd", "usd: `usd` does not match the pattern `^[A-Z]{3}$`"),
            ("id(a_)", "a_", "a_: `a_` is not `id(a_)` (write `a_` and something behind it)"),
            ("Status", "pendig", "pendig: `pendig` is not a value of the enum (did you mean `pending`?)"),
            ("Status", "no", "no: `no` is not text (quote it: \"no\")"),
            (
                "uuid",
                "550e8400",
                "550e8400: `550e8400` is not `uuid` (write 32 hexadecimal digits with hyphens: 8-4-4-4-12)",
            ),
            (
                "date",
                "2023-02-29",
                "2023-02-29: `2023-02-29` is not `date` (write a day of the calendar, such as `2024-01-15`)",
            ),
            ("set<int>", "[1, 2, 1.0]", "1.0: `1.0` stands twice in a set"),
            ("list<int>", "[1, x, y]", "x: `x` is not `int`; y: `y` is not `int`"),
            ("{ type: list<int>, min_length: 1 }", "[]", "[]: 0 items are fewer than the minimum of 1"),
            ("map<int>", "[1]", "[1]: a list is not `map<int>`"),
            (
                "Item",
                "{ sku: a }",
                "{ sku: a }: `SKU` must be given; sku: there is no field `sku` (did you mean `SKU`?)",
            ),
            ("Item", "{ SKU: a, count: null }", "null: `null` is not `int`"),
            ("Item", "a", "a: `a` is not a mapping"),
            (
                "Pay",
                "{ number: '1' }",
                "{ number: '1' }: `kind` must say which branch this is (it may be `card` or `cash`)",
            ),
            ("Pay", "{ kind: crad }", "crad: `crad` is not a branch (did you mean `card`?)"),
            ("Pay", "{ kind: cash, number: '1' }", "number: there is no field `number` (there are none)"),
        ] {
            assert_eq!(read(ty, text), wrong, "{ty}: {text}");
        }
    }

    #[test]
    fn a_payload_is_shown_with_the_field_it_misses() {
        let mut page = Page::default();
        let version = page.event("v1.0", "fields: { a: int, b: int }");
        let span = page.write("{ a: 1 }");
        let literal = Expr { span, kind: ExprKind::Literal { text: "1".into(), quoted: false } };
        let expr = Expr { span, kind: ExprKind::Record(vec![(("a".into(), span.slice(2, 3)), literal)]) };
        assert_eq!(payload(&expr, fields(&version), &version.types, &mut page.diags), None);
        insta::assert_snapshot!(page.report());
    }
}

//! Literals of the model as Rust expressions: defaults, and values that upgrades give. They were checked when the model was read.

use super::{
    plan::{Body, ItemId, Plan, Type, TypeKind},
    text::{packed, quoted},
};
use isobar_model::{Presence, Value, shape::Scalar};
use isobar_registry::schema::Json;

/// An expression of Rust.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) code: String,
    /// Whether it holds a `?`.
    pub(super) fails: bool,
}

/// Writes literals for code in one module.
struct Literals<'p, 'a> {
    plan: &'p Plan<'a>,
    module: &'p [String],
    fails: bool,
}

/// The literal as an expression of the type, for code in `module`.
pub(super) fn literal(plan: &Plan<'_>, module: &[String], value: &Value, ty: &Type<'_>) -> Expression {
    let mut literals = Literals { plan, module, fails: false };
    let code = literals.value(value, ty);
    Expression { code, fails: literals.fails }
}

impl Literals<'_, '_> {
    fn value(&mut self, value: &Value, ty: &Type<'_>) -> String {
        match &ty.kind {
            TypeKind::Scalar(scalar) => self.scalar(value, scalar),
            TypeKind::List(item) => list("::std::vec", &self.values(value, item)),
            TypeKind::Set(item) => format!("{}.into_iter().collect()", list("::std::vec", &self.values(value, item))),
            TypeKind::Map(item) => {
                let Value::Record(entries) = value else {
                    return self.map(&[], item);
                };
                self.map(entries, item)
            }
            TypeKind::Item(item) => self.item(value, *item),
        }
    }

    fn values(&mut self, value: &Value, item: &Type<'_>) -> Vec<String> {
        let values = if let Value::List(values) = value { values.as_slice() } else { &[] };
        values.iter().map(|value| self.value(value, item)).collect()
    }

    fn map(&mut self, entries: &[(String, Value)], item: &Type<'_>) -> String {
        if entries.is_empty() {
            return "::std::collections::BTreeMap::new()".into();
        }
        let entries: Vec<String> =
            entries.iter().map(|(key, value)| format!("({}, {})", owned(key), self.value(value, item))).collect();
        format!("::std::collections::BTreeMap::from([{}])", entries.join(", "))
    }

    fn scalar(&mut self, value: &Value, scalar: &Scalar) -> String {
        let text = if let Value::String(text) = value { text.as_str() } else { "" };
        match scalar {
            Scalar::String | Scalar::Id(_) => owned(text),
            Scalar::Bool => (*value == Value::Bool(true)).to_string(),
            Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 => number(value),
            Scalar::Float => match value {
                Value::Float(float) => format!("{float:?}"),
                // The shortest text of an exact number is also one of the nearest double.
                _ => number(value).parse::<f64>().map_or_else(|_| "0.0".into(), |float| format!("{float:?}")),
            },
            Scalar::Decimal(_) => match value {
                Value::Number(number) if number.is_zero() => "::isobar::Decimal::ZERO".into(),
                Value::Number(number) => match i64::try_from(number.mantissa()) {
                    Ok(mantissa) => {
                        format!("::isobar::Decimal::new({mantissa}, {})", number.scale())
                    }
                    Err(_) => {
                        format!("::isobar::Decimal::from_i128_with_scale({}, {})", number.mantissa(), number.scale())
                    }
                },
                _ => "::isobar::Decimal::ZERO".into(),
            },
            Scalar::Uuid => self.parsed("uuid", text),
            Scalar::Timestamp => self.parsed("timestamp", text),
            Scalar::Date => self.parsed("date", text),
            Scalar::Duration => self.parsed("duration", text),
            Scalar::Bytes => self.parsed("bytes", text),
            Scalar::Json => {
                self.fails = true;
                format!("::isobar::Json::new({})?", quoted(&Json::from(value).to_string()))
            }
        }
    }

    /// Text that the runtime reads, which cannot fail for a checked literal but has the type of what can.
    fn parsed(&mut self, what: &str, text: &str) -> String {
        self.fails = true;
        format!("::isobar::parse_{what}({}).map_err(::isobar::Invalid::from)?", quoted(text))
    }

    fn item(&mut self, value: &Value, id: ItemId) -> String {
        let item = &self.plan.items[id];
        let path = self.plan.path(self.module, id);
        let text = if let Value::String(text) = value { text.as_str() } else { "" };
        match &item.body {
            Body::Id(_) => trusted(&path, &owned(text)),
            Body::Newtype(inner) => {
                let inner = self.value(value, inner);
                trusted(&path, &inner)
            }
            Body::Enum { values, unknown } => {
                match (values.iter().find(|it| it.wire == text), unknown) {
                    (Some(known), _) => format!("{path}::{}", known.ident),
                    (None, Some(unknown)) => format!("{path}::{unknown}({})", owned(text)),
                    // A closed enum has no other values.
                    (None, None) => path,
                }
            }
            Body::Union { tag, branches } => {
                let named = value.get(tag);
                let branch = branches.iter().find(|it| named == Some(&Value::String(it.wire.to_owned())));
                let Some(branch) = branch else { return path };
                let inner = self.item(value, branch.item);
                format!("{path}::{}({})", branch.ident, if branch.boxed { boxed(&inner) } else { inner })
            }
            Body::Record(members) => {
                let mut fields = Vec::new();
                for member in members {
                    let inner = match (value.get(member.wire), member.presence) {
                        (Some(Value::Null) | None, Presence::Optional) => {
                            fields.push((member.ident.clone(), "None".into()));
                            continue;
                        }
                        (Some(value), _) | (None, Presence::Default(value)) => self.value(value, &member.ty),
                        (None, _) => self.value(&Value::Null, &member.ty),
                    };
                    let inner = if member.boxed { boxed(&inner) } else { inner };
                    let optional = *member.presence == Presence::Optional;
                    fields.push((member.ident.clone(), if optional { format!("Some({inner})") } else { inner }));
                }
                record(&path, &fields)
            }
            Body::Alias(item) => self.item(value, *item),
            // How the other crate makes it is not known, but how it reads it.
            Body::Extern(path) => {
                self.fails = true;
                format!("::isobar::from_slice::<{path}>({}.as_bytes())?", quoted(&Json::from(value).to_string()))
            }
            Body::Pending => path,
        }
    }
}

fn number(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        _ => "0".into(),
    }
}

/// An owned text.
pub(super) fn owned(text: &str) -> String {
    format!("::std::string::String::from({})", quoted(text))
}

/// A newtype around a value that is known to be one of its values.
pub(super) fn trusted(path: &str, inner: &str) -> String {
    format!("{path}::trusted({inner})")
}

/// On the heap.
pub(super) fn boxed(inner: &str) -> String {
    format!("::std::boxed::Box::new({inner})")
}

/// `::std::vec![a, b]`.
pub(super) fn list(vec: &str, items: &[String]) -> String {
    if items.is_empty() { format!("{vec}::Vec::new()") } else { format!("{vec}![{}]", items.join(", ")) }
}

/// A struct literal: short fields stand beside each other.
pub(super) fn record(path: &str, fields: &[(String, String)]) -> String {
    if fields.is_empty() {
        return format!("{path} {{}}");
    }
    let field =
        |(ident, code): &(String, String)| if ident == code { ident.clone() } else { format!("{ident}: {code}") };
    let fields: Vec<String> = fields.iter().map(field).collect();
    if fields.iter().all(|field| !field.contains('\n')) {
        let lines = packed(&fields.iter().map(|field| format!("{field},")).collect::<Vec<_>>());
        // A few fields stand in the line itself, and of more the first ones.
        return format!("{path} {{ {} }}", lines.join("\n    ").trim_end_matches(','));
    }
    let mut out = format!("{path} {{\n");
    let mut short = Vec::new();
    let flush = |short: &mut Vec<String>, out: &mut String| {
        packed(short).iter().for_each(|line| out.push_str(&format!("    {line}\n")));
        short.clear();
    };
    for field in fields {
        if !field.contains('\n') {
            short.push(field + ",");
            continue;
        }
        flush(&mut short, &mut out);
        field.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
        out.truncate(out.len() - 1);
        out.push_str(",\n");
    }
    flush(&mut short, &mut out);
    out.push('}');
    out
}

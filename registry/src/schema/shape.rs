//! One shape as the keywords of JSON Schema. Every scalar's keywords stand in one table.

use super::{
    json::Json,
    pattern::{escape, portable},
};
use isobar_model::{
    Field, Presence, Shape, ShapeKind, TypeName,
    shape::{Bounds, Enum, Scalar, TypeDef, Union},
};
use rust_decimal::Decimal;

// The syntax that the runtime reads, as regular expressions. A test holds that they are the runtime's own.

/// A UUID, hyphenated, in either case.
pub const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
/// An RFC 3339 date and time.
pub const TIMESTAMP: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";
/// An ISO 8601 date.
pub const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// An ISO 8601 duration of weeks, days and time.
pub const DURATION: &str = "^P([0-9]{1,19}W|[0-9]{1,20}D|([0-9]{1,20}D)?T([0-9]{1,20}H([0-9]{1,20}M)?([0-9]{1,20}(\\.[0-9]{1,9})?S)?|[0-9]{1,20}M([0-9]{1,20}(\\.[0-9]{1,9})?S)?|[0-9]{1,20}(\\.[0-9]{1,9})?S))$";
/// Standard base64 with padding.
pub const BYTES: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

type Members = Vec<(String, Json)>;

/// What turns shapes into schemas.
pub(super) struct Emitter<'a> {
    /// The context of the message: its types have bare names.
    pub(super) context: &'a str,
    /// Whether an author's `format` is said, which is for people and tools: some validators take it for a rule.
    pub(super) formats: bool,
}

impl Emitter<'_> {
    /// A type's name under `$defs`: bare if it is of the message's context, and then no other's can be equal to it.
    pub(super) fn key(&self, name: &TypeName) -> String {
        if name.context == self.context { name.name.clone() } else { name.to_string() }
    }

    /// A named type.
    pub(super) fn definition(&self, def: &TypeDef) -> Json {
        let mut members = self.shape(&def.shape);
        annotate(&mut members, def.doc.as_deref(), def.tags.iter().map(|tag| tag.value.as_str()));
        if let Some(example) = &def.example {
            members.push(("examples".into(), Json::Array(vec![Json::from(&example.value)])));
        }
        Json::Object(members)
    }

    /// The keywords of an object with these members. Further members are allowed: a consumer ignores what it does not know.
    pub(super) fn record(&self, fields: &[Field]) -> Members {
        let mut members = vec![("type".into(), Json::string("object"))];
        let properties = fields.iter().map(|field| (field.wire_name(), self.field(field)));
        members.push(("properties".into(), Json::object(properties)));
        let required = fields.iter().filter(|f| f.presence == Presence::Required).map(Field::wire_name);
        let required: Vec<&str> = required.collect();
        if !required.is_empty() {
            members.push(("required".into(), Json::strings(required)));
        }
        members
    }

    fn field(&self, field: &Field) -> Json {
        let mut members = self.shape(&field.shape);
        if field.presence == Presence::Optional {
            members = nullable(members);
        }
        annotate(&mut members, field.doc.as_deref(), field.tags.iter().map(|tag| tag.value.as_str()));
        if let Presence::Default(value) = &field.presence {
            members.push(("default".into(), Json::from(value)));
        }
        if let Some(example) = &field.example {
            members.push(("examples".into(), Json::Array(vec![Json::from(&example.value)])));
        }
        if let Some(why) = &field.deprecated {
            members.push(("deprecated".into(), Json::Bool(true)));
            members.push(("x-deprecated".into(), Json::string(why)));
        }
        Json::Object(members)
    }

    fn item(&self, shape: &Shape) -> Json {
        Json::Object(self.shape(shape))
    }

    fn shape(&self, shape: &Shape) -> Members {
        let mut members = match &shape.kind {
            ShapeKind::Scalar(scalar) => {
                let mut members = self::scalar(scalar, &shape.bounds);
                let format = shape.bounds.format.as_ref().filter(|_| self.formats);
                members.extend(format.map(|format| ("format".to_owned(), Json::string(format))));
                return members;
            }
            ShapeKind::List(item) => object([("type", Json::string("array")), ("items", self.item(item))]),
            ShapeKind::Set(item) => {
                object([("type", Json::string("array")), ("items", self.item(item)), ("uniqueItems", Json::Bool(true))])
            }
            ShapeKind::Map(item) => {
                object([("type", Json::string("object")), ("additionalProperties", self.item(item))])
            }
            ShapeKind::Record(fields) => self.record(fields),
            ShapeKind::Enum(values) => enumeration(values),
            ShapeKind::Union(union) => self.union(union),
            ShapeKind::Ref(name) => object([("$ref", Json::string(format!("#/$defs/{}", encoded(&self.key(name)))))]),
        };
        let (at_least, at_most) = match &shape.kind {
            ShapeKind::Map(_) => ("minProperties", "maxProperties"),
            _ => ("minItems", "maxItems"),
        };
        lengths(&mut members, &shape.bounds, at_least, at_most);
        members
    }

    /// The tag is required and decides: exactly one branch can accept.
    fn union(&self, union: &Union) -> Members {
        let branches = union.branches.iter().map(|(value, shape)| {
            let tag = Json::object([("const", Json::string(&value.value))]);
            let mut members = object([
                ("type", Json::string("object")),
                ("properties", Json::object([(&union.tag, tag)])),
                ("required", Json::strings([&union.tag])),
            ]);
            match &shape.kind {
                ShapeKind::Ref(_) => members.extend(self.shape(shape)),
                _ => members.push(("allOf".into(), Json::Array(vec![self.item(shape)]))),
            }
            Json::Object(members)
        });
        vec![("oneOf".into(), Json::Array(branches.collect()))]
    }
}

/// The text as (a part of) an address: what may not stand in one is written as its bytes.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}%".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Members {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn annotate<'a>(members: &mut Members, doc: Option<&str>, tags: impl Iterator<Item = &'a str>) {
    members.extend(doc.map(|doc| ("description".to_owned(), Json::string(doc))));
    let tags: Vec<&str> = tags.collect();
    if !tags.is_empty() {
        members.push(("x-tags".into(), Json::strings(tags)));
    }
}

/// The same, or `null`, which reads as absent.
fn nullable(mut members: Members) -> Members {
    let plain = matches!(members.first(), Some((key, Json::String(_))) if key == "type")
        && !members.iter().any(|(key, _)| key == "enum");
    match members.first_mut() {
        // Anything at all, `null` included.
        None => {}
        Some((_, kind)) if plain => {
            if let Json::String(name) = kind {
                *kind = Json::strings([name.as_str(), "null"]);
            }
        }
        Some(_) => {
            let null = Json::object([("type", Json::string("null"))]);
            return vec![("anyOf".into(), Json::Array(vec![Json::Object(members), null]))];
        }
    }
    members
}

fn enumeration(it: &Enum) -> Members {
    let values = Json::strings(it.values.iter().map(|value| value.value.as_str()));
    let key = if it.open { "x-known-values" } else { "enum" };
    object([("type", Json::string("string")), (key, values)])
}

fn lengths(members: &mut Members, bounds: &Bounds, at_least: &str, at_most: &str) {
    members.extend(bounds.min_length.map(|n| (at_least.to_owned(), Json::number(n))));
    members.extend(bounds.max_length.map(|n| (at_most.to_owned(), Json::number(n))));
}

fn scalar(scalar: &Scalar, bounds: &Bounds) -> Members {
    let text = |rest: &[(&str, &str)]| {
        let mut members = vec![("type".to_owned(), Json::string("string"))];
        members.extend(rest.iter().map(|(key, value)| ((*key).to_owned(), Json::string(*value))));
        members
    };
    match scalar {
        Scalar::String => {
            let mut members = text(&[]);
            lengths(&mut members, bounds, "minLength", "maxLength");
            members.extend(bounds.pattern.as_ref().map(|p| ("pattern".to_owned(), Json::string(portable(p)))));
            members
        }
        Scalar::Bool => object([("type", Json::string("boolean"))]),
        Scalar::Int | Scalar::Int32 | Scalar::Uint | Scalar::Uint32 => integer(scalar, bounds),
        Scalar::Float => {
            let mut members = object([("type", Json::string("number"))]);
            number_bounds(&mut members, bounds);
            members
        }
        Scalar::Decimal(scale) => decimal(*scale, bounds),
        Scalar::Uuid => text(&[("format", "uuid"), ("pattern", UUID)]),
        Scalar::Timestamp => text(&[("format", "date-time"), ("pattern", TIMESTAMP)]),
        Scalar::Date => text(&[("format", "date"), ("pattern", DATE)]),
        // The format of this name knows no fractions of a second.
        Scalar::Duration => text(&[("pattern", DURATION)]),
        Scalar::Bytes => bytes(bounds),
        Scalar::Json => Vec::new(),
        Scalar::Id(prefix) => text(&[("pattern", &format!("^{}[\\s\\S]", escape(prefix)))]),
    }
}

/// The range of the kind and the author's bounds, whichever is narrower.
fn integer(scalar: &Scalar, bounds: &Bounds) -> Members {
    let (low, high) = scalar.integer_range().unwrap_or((Decimal::MIN, Decimal::MAX));
    object([
        ("type", Json::string("integer")),
        ("minimum", Json::number(bounds.min.map_or(low, |min| min.max(low)))),
        ("maximum", Json::number(bounds.max.map_or(high, |max| max.min(high)))),
    ])
}

/// So many digits behind the point, and as many before it as the runtime holds.
fn decimal(scale: u32, bounds: &Bounds) -> Members {
    let whole = Scalar::whole_digits(scale) as usize;
    let step = match scale {
        0 => "1".to_owned(),
        _ => format!("0.{}1", "0".repeat(scale as usize - 1)),
    };
    let limit = format!("1{}", "0".repeat(whole));
    let mut members = object([
        ("type", Json::string("number")),
        ("multipleOf", Json::Number(step)),
        ("exclusiveMinimum", Json::Number(format!("-{limit}"))),
        ("exclusiveMaximum", Json::Number(limit)),
    ]);
    number_bounds(&mut members, bounds);
    members
}

fn number_bounds(members: &mut Members, bounds: &Bounds) {
    members.extend(bounds.min.map(|n| ("minimum".to_owned(), Json::number(n.normalize()))));
    members.extend(bounds.max.map(|n| ("maximum".to_owned(), Json::number(n.normalize()))));
}

/// Lengths bound bytes, and three bytes are four characters of base64. Where a bound falls inside a group of three, the
/// padding of a text of just the bounding length decides.
fn bytes(bounds: &Bounds) -> Members {
    let mut members = object([
        ("type", Json::string("string")),
        ("contentEncoding", Json::string("base64")),
        ("pattern", Json::string(BYTES)),
    ]);
    let mut all: Vec<Json> = Vec::new();
    let mut either = |pattern: &str, key: &str, length: u64| {
        let branches = [("pattern", Json::string(pattern)), (key, Json::number(length))].map(|m| Json::object([m]));
        all.push(Json::object([("anyOf", Json::Array(branches.into()))]));
    };
    if let Some(min) = bounds.min_length {
        let length = min.div_ceil(3).saturating_mul(4);
        members.push(("minLength".into(), Json::number(length)));
        match min % 3 {
            0 if min > 0 => either("[^=]$", "minLength", length.saturating_add(1)),
            2 => either("[^=]=?$", "minLength", length.saturating_add(1)),
            _ => {}
        }
    }
    if let Some(max) = bounds.max_length {
        members.push(("maxLength".into(), Json::number(max.div_ceil(3).saturating_mul(4))));
        let full = (max / 3).saturating_mul(4);
        match max % 3 {
            1 => either("==$", "maxLength", full),
            2 => either("=$", "maxLength", full),
            _ => {}
        }
    }
    if !all.is_empty() {
        members.push(("allOf".into(), Json::Array(all)));
    }
    members
}

//! Fields of random events, and what becomes of each of them in a next major: every row of the notation's table.

use super::types::{Kind, Ty};
use crate::Dice;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Presence {
    Required,
    Optional,
    Default,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) ty: Ty,
    pub(super) presence: Presence,
    /// Whether its name on the wire is another one.
    pub(super) wire: bool,
}

impl Field {
    pub(super) fn required(name: String, ty: Ty) -> Field {
        Field { name, ty, presence: Presence::Required, wire: false }
    }

    /// As it stands below `fields`.
    pub(super) fn line(&self) -> String {
        let Field { name, ty: Ty { text, sample, .. }, .. } = self;
        let wire = if self.wire { format!(", wire: \"the {name}\"") } else { String::new() };
        match self.presence {
            _ if self.ty.in_place() => format!("{name}: {text}"),
            Presence::Required if !self.wire => format!("{name}: {text}"),
            Presence::Required => format!("{name}: {{ type: \"{text}\"{wire} }}"),
            Presence::Optional => format!("{name}: {{ type: \"{text}?\"{wire} }}"),
            Presence::Default => format!("{name}: {{ type: \"{text}\", default: {sample}{wire} }}"),
        }
    }

    /// Its value, or the sample where it is absent; `None` if the sample is nothing that an expression can say there.
    fn or_sample(&self) -> Option<String> {
        match self.ty.kind {
            Kind::Other | Kind::Many | Kind::Value(_) => None,
            _ => Some(format!("${} ?? {}", self.name, self.ty.sample)),
        }
    }

    /// A member of an example; one that may be absent is.
    pub(super) fn example(&self) -> Option<String> {
        let name = if self.wire { format!("\"the {}\"", self.name) } else { self.name.clone() };
        (self.presence == Presence::Required).then(|| format!("{name}: {}", self.ty.sample))
    }
}

/// A function that is written in Rust, and the expression that gives the same.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its name, which no other has.
    pub name: String,
    /// The path of the trait that it belongs to; empty where its event was dropped since.
    pub of: String,
    /// The whole function.
    pub rust: String,
    /// What it computes, in the notation.
    pub expression: String,
}

/// Where hooks of one way are called from.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The path of the trait.
    pub(super) of: String,
    /// The type that they read.
    pub(super) reads: String,
}

/// What an event becomes.
#[derive(Debug, Default)]
pub(super) struct Hop {
    pub(super) fields: Vec<Field>,
    pub(super) up: Vec<String>,
    /// What readers of before see.
    pub(super) down: Vec<String>,
    pub(super) removed: Vec<String>,
    /// Where hooks may be called, up and down.
    pub(super) sites: [Option<Site>; 2],
    pub(super) hooks: Vec<Hook>,
}

/// What an expression of a kind gives: its type, the expression, the way back, and the body of a hook that does the same. `OLD` and
/// `NEW` are the old field and the new one.
type Row = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

fn rows(kind: Kind) -> &'static [Row] {
    match kind {
        Kind::Text => &[
            ("string", "upper($OLD)", Some("lower($NEW)"), Some("Ok(old.OLD.to_uppercase())")),
            ("string", "lower($OLD)", None, Some("Ok(old.OLD.to_lowercase())")),
            ("string", "join([$OLD, $key, \"\"], \"-\")", Some("split($NEW, \"-\", 0)"), None),
            ("string", "split($OLD, \"b\", 1)", None, None),
            ("string", "$OLD + \"!\" + $key", None, Some("Ok(::std::format!(\"{}!{}\", old.OLD, old.key))")),
            ("int", "len($OLD)", None, Some("Ok(i64::try_from(old.OLD.chars().count()).unwrap_or(i64::MAX))")),
            ("bool", "$OLD == \"ab\"", None, Some("Ok(old.OLD == \"ab\")")),
            ("bool", "$OLD != $key", None, Some("Ok(old.OLD != old.key)")),
        ],
        Kind::Int | Kind::Small => &[
            (
                "int",
                "$OLD * 2 - 1",
                None,
                Some(
                    "::isobar::ops::to_i64(::isobar::ops::sub(::isobar::ops::mul(old.OLD.into(), ::isobar::Decimal::TWO)?, ::isobar::Decimal::ONE)?)",
                ),
            ),
            ("int", "0 - $OLD", Some("0 - $NEW"), None),
            ("decimal(2)", "$OLD * 0.25", None, None),
            ("bool", "$OLD >= 7 || $OLD < -3", None, None),
        ],
        Kind::Decimal => &[
            ("decimal(12)", "$OLD + $OLD * 2 - 1", None, None),
            ("decimal(12)", "-$OLD", None, None),
            (
                "bool",
                "$OLD > 0.5 && !($OLD == 99.99)",
                None,
                Some("Ok(old.OLD > ::isobar::Decimal::new(5, 1) && old.OLD != ::isobar::Decimal::new(9999, 2))"),
            ),
        ],
        Kind::Float => &[
            ("float", "$OLD + 0.5", Some("$NEW - 0.5"), Some("::isobar::ops::add_f64(old.OLD, 0.5)")),
            ("float", "$OLD * $OLD", None, Some("::isobar::ops::mul_f64(old.OLD, old.OLD)")),
            ("bool", "$OLD <= 1.5", None, Some("Ok(old.OLD <= 1.5)")),
        ],
        Kind::Flag => &[
            ("bool", "!$OLD", Some("!$NEW"), Some("Ok(!old.OLD)")),
            ("bool", "$OLD || $key == \"ab\"", None, Some("Ok(old.OLD || old.key == \"ab\")")),
            ("bool", "$OLD && $OLD", None, None),
        ],
        Kind::Value(_) => &[
            ("string", "$OLD + \"\"", None, None),
            ("int", "len($OLD)", None, None),
            ("bool", "$OLD == $OLD", None, None),
        ],
        Kind::Many => &[("int", "len($OLD)", None, None), ("bool", "len($OLD) > 1", None, None)],
        Kind::Other => &[
            ("bool", "$OLD == $OLD", None, Some("Ok(old.key.len() < usize::MAX)")),
            ("bool", "$OLD != $OLD", None, Some("Ok(old.key.len() == usize::MAX)")),
        ],
    }
}

/// What is computed need not be within bounds.
const BOUNDED: &[(&str, &str)] = &[
    ("string", "{ type: string, min_length: 1, max_length: 4 }"),
    ("int", "{ type: int, min: 0, max: 50 }"),
    ("decimal(2)", "{ type: decimal(2), min: 0.25 }"),
    ("decimal(12)", "{ type: decimal(12), max: 100 }"),
];

impl Hop {
    /// Decides what becomes of a field. `id` is a number that no other field and no other hook has.
    pub(super) fn change(&mut self, field: &Field, id: &str, dice: &mut Dice) {
        let name = &field.name;
        let new = format!("n{id}");
        let Ty { text, sample, .. } = field.ty.clone();
        let required = field.presence == Presence::Required;
        match dice.roll(12) {
            0 => {
                self.removed.push(name.clone());
                if required || dice.roll(2) == 0 {
                    self.down.push(format!("{name}: {sample}"));
                }
            }
            1 => {
                self.up.push(format!("{new}: ${name}"));
                self.fields.push(Field { name: new, wire: dice.roll(4) == 0 && !field.ty.in_place(), ..field.clone() });
            }
            2 if !field.ty.in_place() => {
                let inner = Field { name: "inner".into(), wire: false, ..field.clone() }.line();
                let example = if required { format!("inner: {sample}, ") } else { String::new() };
                let ty = Ty {
                    text: format!("{{ fields: {{ {inner}, tag: string }} }}"),
                    sample: format!("{{ {example}tag: \"t\" }}"),
                    kind: Kind::Other,
                    plain: false,
                };
                self.up.push(format!("{new}.inner: ${name}"));
                self.up.push(format!("{new}.tag: moved"));
                self.fields.push(Field::required(new, ty));
            }
            3..=7
                if (required || field.or_sample().is_some() && field.presence == Presence::Optional)
                    && !field.ty.in_place()
                    && text != "json" =>
            {
                self.compute(field, new, id, dice);
            }
            8 if !field.ty.in_place() => self.presence(field, dice),
            9 if matches!(text.as_str(), "int32" | "uint32" | "int" | "decimal(2)") => {
                // Wider without a word, in the same place; it does not come back by itself.
                if required {
                    self.down.push(format!("{name}: {sample}"));
                }
                let wider = if text == "decimal(2)" { "decimal(4)" } else { "decimal(3)" };
                let ty = Ty { text: wider.into(), kind: Kind::Decimal, ..field.ty.clone() };
                self.fields.push(Field { ty, ..field.clone() });
            }
            _ => self.fields.push(field.clone()),
        }
    }

    fn compute(&mut self, field: &Field, new: String, id: &str, dice: &mut Dice) {
        let rows = rows(field.ty.kind);
        let (ty, up, down, body) = rows[dice.roll(rows.len() as u64) as usize];
        let (old, sample) = (&field.name, &field.ty.sample);
        let optional = field.presence == Presence::Optional;
        let of = |text: &str| match optional {
            true => {
                let or = field.or_sample().unwrap_or_default();
                text.replace("$OLD", &format!("({or})")).replace("NEW", &new)
            }
            false => text.replace("OLD", old).replace("NEW", &new),
        };
        let rust = body.map(|body| body.replace("OLD", old));
        let called = dice.roll(4) > 0 && field.ty.plain && !optional;
        let up = match (&self.sites[0], rust) {
            (Some(site), Some(body)) if called => {
                let returns = match ty {
                    "string" => "::std::string::String",
                    "int" => "i64",
                    "float" => "f64",
                    _ => "bool",
                };
                self.hooks.push(hook(&format!("up{id}"), site, returns, &body, &of(up)));
                format!("fn(up{id})")
            }
            _ => format!("'{}'", of(up)),
        };
        self.up.push(format!("{new}: {up}"));
        let down = match (down, &self.sites[1]) {
            // What is computed back may not fit a type with bounds, which is an error value.
            (Some(down), _) if !field.ty.plain || dice.roll(2) == 0 => format!("'{}'", of(down)),
            (_, Some(site)) if field.ty.plain && field.ty.kind == Kind::Text && dice.roll(2) == 0 => {
                let body = "Ok(::std::format!(\"{}-back\", old.key))";
                self.hooks.push(hook(&format!("down{id}"), site, "::std::string::String", body, "$key + \"-back\""));
                format!("fn(down{id})")
            }
            _ => sample.clone(),
        };
        self.down.push(format!("{old}: {down}"));
        let bounded = (!called && dice.roll(3) == 0).then(|| BOUNDED.iter().find(|it| it.0 == ty)).flatten();
        let ty = Ty::scalar(ty);
        let ty = match bounded {
            Some((_, text)) => Ty { text: (*text).into(), ..ty },
            None => ty,
        };
        self.fields.push(Field::required(new, ty));
    }

    fn presence(&mut self, field: &Field, dice: &mut Dice) {
        let name = &field.name;
        let presence = match (field.presence, field.or_sample().map(|or| format!("'{or}'"))) {
            (Presence::Optional, Some(or)) if dice.roll(2) == 0 => {
                self.up.push(format!("{name}: {or}"));
                Presence::Required
            }
            (Presence::Optional, _) => Presence::Default,
            (Presence::Default, _) => [Presence::Required, Presence::Optional][dice.roll(2) as usize],
            (Presence::Required, Some(or)) => {
                self.down.push(format!("{name}: {or}"));
                Presence::Optional
            }
            (Presence::Required, None) => Presence::Default,
        };
        self.fields.push(Field { presence, ..field.clone() });
    }
}

fn hook(name: &str, site: &Site, returns: &str, body: &str, expression: &str) -> Hook {
    let rust = format!(
        "    fn {name}(old: &{}) -> Result<{returns}, ::isobar::UpcastError> {{\n        {body}\n    }}\n",
        site.reads
    );
    Hook { name: name.into(), of: site.of.clone(), rust, expression: expression.into() }
}

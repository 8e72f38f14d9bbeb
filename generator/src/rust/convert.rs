//! Values of one Rust type as values of another that reads them: the same data under another version's types. What the check of
//! the model has shown needs no check here; numbers whose range may be smaller, and computed values, are checked when they run.

use super::{
    fails::{Fails, result},
    hop::{EXACT, Helper, Hop},
    literal::{boxed, record, trusted},
    names::snake,
    plan::{Body, Branch, ItemId, Member, Type, TypeKind},
    text::Code,
    wire,
};
use isobar_model::{
    Presence,
    shape::{Bounds, Scalar},
};

/// A type, and whether a value of it may be absent.
#[derive(Clone, Debug)]
pub(super) struct Slot<'a> {
    pub(super) ty: Type<'a>,
    pub(super) optional: bool,
}

/// A type that cannot be made from another. The check of the model lets none through.
#[derive(Debug)]
pub(super) struct Unconvertible;

impl<'a> Hop<'_, 'a> {
    /// The expression `code` of one slot's type as one of another's.
    pub(super) fn adapt(&mut self, code: String, from: &Slot<'a>, to: &Slot<'a>) -> Result<String, Unconvertible> {
        match (from.optional, to.optional) {
            (false, false) => self.convert(code, &from.ty, &to.ty),
            (false, true) => {
                let (code, get) = (self.convert(code, &from.ty, &to.ty)?, self.json_inside(&to.ty));
                Ok(match get {
                    // Where a value may be absent, `null` is none.
                    Some(get) if self.json_inside(&from.ty).is_some() => {
                        format!("Some({code}).filter(|it| !it{get}.is_null())")
                    }
                    _ => format!("Some({code})"),
                })
            }
            (true, true) => {
                let (inner, fails) = self.aside(|hop| hop.convert("it".into(), &from.ty, &to.ty))?;
                Ok(match (inner.as_str(), fails) {
                    ("it", _) => code,
                    (_, Fails::Never) => format!("{code}.map({})", function(&inner, false)),
                    _ => format!("match {code} {{\n    Some(it) => Some({inner}),\n    None => None,\n}}"),
                })
            }
            (true, false) => Err(Unconvertible),
        }
    }

    /// The expression `code` of one type as one of another.
    pub(super) fn convert(&mut self, code: String, from: &Type<'a>, to: &Type<'a>) -> Result<String, Unconvertible> {
        use TypeKind::*;
        let plan = self.plan;
        match (&from.kind, &to.kind) {
            (Item(from), Item(to)) if from == to => Ok(code),
            (Item(id), _) if let Some(inner) = self.inside(*id) => {
                let taken = if inner.is_text() { "into_string" } else { "into_inner" };
                self.convert(format!("{code}.{taken}()"), &inner, to)
            }
            (_, Item(id)) if let Some(inner) = self.inside(*id) => {
                let path = plan.path(self.module, *id);
                if matches!(inner.kind, Scalar(_)) && !within(from.bounds, inner.bounds) {
                    let inner = self.convert(code, from, &Type::plain(inner.kind))?;
                    self.fail(Fails::AtValue);
                    return Ok(format!("{path}::new({inner})?"));
                }
                Ok(trusted(&path, &self.convert(code, from, &inner)?))
            }
            (_, Scalar(isobar_model::shape::Scalar::Json)) => self.json(code, from),
            (Scalar(left), Scalar(right)) => {
                let code = self.scalar(code, left, right)?;
                self.bounded(code, from, to)
            }
            (Item(id), Scalar(isobar_model::shape::Scalar::String))
                if matches!(plan.items[*id].body, Body::Enum { .. }) =>
            {
                Ok(format!("::std::string::String::from({code}.as_str())"))
            }
            (Item(left), Item(right)) => self.items(code, *left, *right),
            (List(left), List(right)) => self.each(code, left, right, "list"),
            (Set(left), List(right)) => self.each(code, left, right, "set"),
            (Set(left), Set(right)) => self.each(code, left, right, "list"),
            (Map(left), Map(right)) => self.each(code, left, right, "map"),
            _ => Err(Unconvertible),
        }
    }

    /// What a newtype or an identifier holds.
    fn inside(&self, id: ItemId) -> Option<Type<'a>> {
        match &self.plan.items[id].body {
            Body::Id(_) => Some(Type::scalar(&Scalar::String)),
            Body::Newtype(inner) => Some(inner.clone()),
            _ => None,
        }
    }

    /// How to come to the JSON that a value is; `None` if it is none.
    fn json_inside(&self, ty: &Type<'a>) -> Option<String> {
        match &ty.kind {
            TypeKind::Scalar(Scalar::Json) => Some(String::new()),
            TypeKind::Item(id) => Some(format!(".get(){}", self.json_inside(&self.inside(*id)?)?)),
            _ => None,
        }
    }

    fn json(&mut self, code: String, from: &Type<'a>) -> Result<String, Unconvertible> {
        if let TypeKind::Scalar(Scalar::Json) = &from.kind {
            return Ok(code);
        }
        Ok(format!(
            "{{\n    let value = {code};\n    ::isobar::ops::to_json(|w| ::isobar::Encode::encode(&value, w))\n}}"
        ))
    }

    fn scalar(&mut self, code: String, from: &Scalar, to: &Scalar) -> Result<String, Unconvertible> {
        use Scalar::*;
        let (whole, exact) = (from.integer_range().is_some(), from.is_number() && *from != Float);
        Ok(match (from, to) {
            (from, to) if from == to => code,
            (Id(_), String | Id(_)) => code,
            (Decimal(_), to) if *to == EXACT => code,
            (_, to) if whole && *to == EXACT => format!("::isobar::Decimal::from({code})"),
            (Int32 | Uint32, Int) | (Uint32, Uint) => format!("{}::from({code})", integer(to)),
            (Int | Int32 | Uint | Uint32, Decimal(_)) if fits(from, to) => {
                format!("::isobar::Decimal::from({code})")
            }
            (Decimal(_), Float) => format!("::isobar::ops::to_f64({code})"),
            (_, Float) if whole => {
                format!("::isobar::ops::to_f64(::isobar::Decimal::from({code}))")
            }
            (_, to) if exact && to.is_number() => {
                self.fail(Fails::Computing);
                let exact = if whole { format!("::isobar::Decimal::from({code})") } else { code };
                match to {
                    Decimal(scale) => format!("::isobar::ops::to_decimal({exact}, {scale})?"),
                    to => format!("::isobar::ops::to_{}({exact})?", integer(to)),
                }
            }
            _ => return Err(Unconvertible),
        })
    }

    /// Checks the bounds that the other type does not have already.
    fn bounded(&mut self, code: String, from: &Type<'a>, to: &Type<'a>) -> Result<String, Unconvertible> {
        match wire::checker(self.plan, self.module, to, "it").filter(|_| !within(from.bounds, to.bounds)) {
            None => Ok(code),
            Some(check) => {
                self.fail(Fails::AtValue);
                Ok(format!("::isobar::ops::within({code}, {check})?"))
            }
        }
    }

    fn each(&mut self, code: String, from: &Type<'a>, to: &Type<'a>, kind: &str) -> Result<String, Unconvertible> {
        let (inner, fails) = self.aside(|hop| hop.convert("it".into(), from, to))?;
        Ok(match (kind, fails.ever()) {
            ("list" | "map", _) if inner == "it" => code,
            ("map", false) => format!("{code}.into_iter().map(|(key, it)| (key, {inner})).collect()"),
            (_, false) => format!("{code}.into_iter().map({}).collect()", function(&inner, false)),
            ("map", true) => format!("::isobar::ops::each_entry({code}, {})?", function(&inner, true)),
            (_, true) => format!("::isobar::ops::each({code}, {})?", function(&inner, true)),
        })
    }

    /// Records, enums and unions are converted by a function of their own, since they may contain themselves.
    fn items(&mut self, code: String, from: ItemId, to: ItemId) -> Result<String, Unconvertible> {
        let known = self.helpers.iter().position(|it| (it.from, it.to) == (from, to));
        let at = match known {
            Some(at) => at,
            None => self.helper(from, to)?,
        };
        if let Some(around) = self.open.last() {
            self.helpers[*around].calls.push(at);
        }
        let helper = &self.helpers[at];
        let (written, fails) = (format!("{}({code})", helper.name), helper.fails);
        self.fail(fails);
        Ok(if fails.ever() { written + "?" } else { written })
    }

    fn helper(&mut self, from: ItemId, to: ItemId) -> Result<usize, Unconvertible> {
        let (at, fails) = (self.helpers.len(), self.failing.get(&(from, to)).copied().unwrap_or_default());
        let name = format!("{}_{}", self.prefix, snake(&self.plan.items[from].ident).trim_start_matches("r#"));
        let name = self.names.settle(name);
        let (old, new) = (self.plan.path(self.module, from), self.plan.path(self.module, to));
        let result = if fails.ever() { format!("::core::result::Result<{new}, ::isobar::UpcastError>") } else { new };
        let read = if self.reads(from, to) { "old" } else { "_" };
        let head = format!("fn {name}({read}: {old}) -> {result}");
        self.helpers.push(Helper { from, to, name, fails, code: String::new(), own: Fails::Never, calls: Vec::new() });
        self.open.push(at);
        let (body, own) = self.aside(|hop| hop.body(from, to))?;
        self.open.pop();
        let mut code = Code::default();
        code.block(head, |code| code.paste(&if fails.ever() { format!("Ok({body})") } else { body }));
        let helper = &mut self.helpers[at];
        (helper.own, helper.code) = (own, code.finish());
        Ok(at)
    }

    /// Whether anything of the one item is in the other: records need not have a member in common.
    fn reads(&self, from: ItemId, to: ItemId) -> bool {
        match (&self.plan.items[from].body, &self.plan.items[to].body) {
            (Body::Record(old), Body::Record(new)) => {
                new.iter().any(|it| old.iter().any(|other| other.name == it.name))
            }
            _ => true,
        }
    }

    /// The new value, made from the variable `old`.
    fn body(&mut self, from: ItemId, to: ItemId) -> Result<String, Unconvertible> {
        let plan = self.plan;
        let path = plan.path(self.module, to);
        match (&plan.items[from].body, &plan.items[to].body) {
            (Body::Record(old), Body::Record(new)) => self.members(&path, old, new),
            (Body::Enum { .. }, Body::Enum { unknown: Some(_), .. }) => Ok(format!("{path}::from(old.as_str())")),
            (Body::Enum { values: old, unknown: None }, Body::Enum { values: new, .. }) => {
                let from = plan.path(self.module, from);
                let mut arms = Vec::new();
                for value in old {
                    let other = new.iter().find(|it| it.wire == value.wire).ok_or(Unconvertible)?;
                    arms.push(format!("{from}::{} => {path}::{}", value.ident, other.ident));
                }
                Ok(choice(&arms))
            }
            (Body::Union { branches: old, .. }, Body::Union { branches: new, .. }) => {
                let old_path = plan.path(self.module, from);
                let mut arms = Vec::new();
                for branch in old {
                    let other = new.iter().find(|it| it.wire == branch.wire).ok_or(Unconvertible)?;
                    let inner = self.branch(branch, other)?;
                    arms.push(format!("{old_path}::{}(it) => {path}::{}({inner})", branch.ident, other.ident));
                }
                Ok(choice(&arms))
            }
            _ => Err(Unconvertible),
        }
    }

    fn branch(&mut self, old: &Branch<'a>, new: &Branch<'a>) -> Result<String, Unconvertible> {
        let item = |item| Type::plain(TypeKind::Item(item));
        let it = if old.boxed { "*it" } else { "it" };
        let inner = self.convert(it.into(), &item(old.item), &item(new.item))?;
        Ok(if new.boxed { boxed(&inner) } else { inner })
    }

    /// Members meet by their names in the notation; what they are called in JSON does not matter to an expression.
    fn members(&mut self, path: &str, old: &[Member<'a>], new: &[Member<'a>]) -> Result<String, Unconvertible> {
        let mut fields = Vec::new();
        for member in new {
            let (value, fails) = self.aside(|hop| match old.iter().find(|it| it.name == member.name) {
                Some(other) => hop.member(other, member),
                None => match member.presence {
                    Presence::Optional => Ok("None".into()),
                    Presence::Default(value) => Ok(hop.literal(value, &slot(member))),
                    Presence::Required => Err(Unconvertible),
                },
            })?;
            fields.push((member.ident.clone(), self.placed(value, fails, member)));
        }
        Ok(record(path, &fields))
    }

    fn member(&mut self, old: &Member<'a>, new: &Member<'a>) -> Result<String, Unconvertible> {
        let place = format!("old.{}", old.ident);
        let (from, to) = (slot(old), slot(new));
        let value = match (old.boxed, from.optional) {
            (true, true) => format!("{place}.map(|it| *it)"),
            (true, false) => format!("*{place}"),
            (false, _) => place,
        };
        match (from.optional, new.presence) {
            (true, Presence::Default(default)) => {
                let inner = self.convert("it".into(), &from.ty, &to.ty)?;
                let default = self.literal(default, &to);
                Ok(format!("match {value} {{\n    Some(it) => {inner},\n    None => {default},\n}}"))
            }
            _ => self.adapt(value, &from, &to),
        }
    }

    /// A value as the member keeps it: boxed where the member is.
    pub(super) fn stored(&self, value: String, member: &Member<'_>) -> String {
        match (member.boxed, *member.presence == Presence::Optional) {
            (false, _) => value,
            (true, false) => boxed(&value),
            (true, true) if value == "None" => value,
            (true, true) => format!("{value}.map(::std::boxed::Box::new)"),
        }
    }
}

/// The expression over `it` as a function of it, which gives a result where it can fail.
fn function(code: &str, fails: bool) -> String {
    let code = if fails { result(code) } else { code.to_owned() };
    let name = code.strip_suffix("(it)");
    match name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))) {
        Some(name) => name.to_owned(),
        None => format!("|it| {code}"),
    }
}

/// The slot of a member.
pub(super) fn slot<'a>(member: &Member<'a>) -> Slot<'a> {
    Slot { ty: member.ty.clone(), optional: *member.presence == Presence::Optional }
}

fn choice(arms: &[String]) -> String {
    let mut code = Code::default();
    code.block("match old", |code| arms.iter().for_each(|arm| code.paste(&format!("{arm},"))));
    code.finish().trim_end().to_owned()
}

fn integer(scalar: &Scalar) -> &'static str {
    match scalar {
        Scalar::Int32 => "i32",
        Scalar::Uint => "u64",
        Scalar::Uint32 => "u32",
        _ => "i64",
    }
}

/// Whether every value of an integer kind is below the limit of a decimal.
fn fits(from: &Scalar, to: &Scalar) -> bool {
    match (from.integer_range(), to) {
        (Some((_, max)), Scalar::Decimal(scale)) => max.to_string().len() as u32 <= Scalar::whole_digits(*scale),
        _ => false,
    }
}

/// Whether everything within the one bounds is within the others.
fn within(inner: &Bounds, outer: &Bounds) -> bool {
    let above = |a: Option<_>, b: Option<_>| b.is_none_or(|b| a.is_some_and(|a| a >= b));
    let below = |a: Option<_>, b: Option<_>| b.is_none_or(|b| a.is_some_and(|a| a <= b));
    above(inner.min, outer.min)
        && below(inner.max, outer.max)
        && outer.min_length.is_none_or(|b| inner.min_length.is_some_and(|a| a >= b))
        && outer.max_length.is_none_or(|b| inner.max_length.is_some_and(|a| a <= b))
        && (outer.pattern.is_none() || outer.pattern == inner.pattern)
}

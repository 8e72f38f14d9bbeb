//! The way from one major of an event to the next, or back: checked expressions as the body of `From`, or of `TryFrom` where
//! something in it can fail. What a check decided is not decided again here.

use super::{
    convert::{Slot, Unconvertible, slot},
    debug::shown,
    fails::{Fails, result},
    literal::{list, literal, record},
    names::{Scope, snake},
    operators::strip,
    plan::{Body, ItemId, Member, Plan, Type, TypeKind},
    text::{Code, quoted},
};
use isobar_model::{
    Presence, Value,
    expr::{Operator, Root, Step, Typed, TypedKind},
    shape::Scalar,
};
use std::collections::HashMap;

/// Code for one hop, as it is written.
pub(super) struct Hop<'p, 'a> {
    pub(super) plan: &'p Plan<'a>,
    /// The module that the code stands in.
    pub(super) module: &'p [String],
    /// The struct that is read, in the variable `old`.
    pub(super) source: ItemId,
    /// Before the names of functions, so that those of two hops in one module differ.
    pub(super) prefix: &'p str,
    /// How what was written can fail.
    pub(super) fails: Fails,
    /// Functions that convert inner types.
    pub(super) helpers: Vec<Helper>,
    /// Their names.
    pub(super) names: Scope,
    /// The helpers that are being written, innermost last.
    pub(super) open: Vec<usize>,
    /// How conversions can fail, as far as that is known.
    pub(super) failing: HashMap<(ItemId, ItemId), Fails>,
    /// Every path that is read, up to where it may be absent.
    reads: Vec<Vec<String>>,
    /// The trait whose functions hooks are, as code; none of them may be called where there is none.
    hooked: Option<String>,
    /// The hooks that are called: name and type of the result.
    hooks: Vec<(String, String)>,
}

/// A function that converts one item into another.
pub(super) struct Helper {
    pub(super) from: ItemId,
    pub(super) to: ItemId,
    pub(super) name: String,
    pub(super) fails: Fails,
    pub(super) code: String,
    /// How its own code can fail.
    pub(super) own: Fails,
    /// The helpers that it calls.
    pub(super) calls: Vec<usize>,
}

/// A written hop.
pub(super) struct Written {
    /// The new struct, as an expression.
    pub(super) body: String,
    pub(super) fails: bool,
    pub(super) reads: bool,
    /// Whether its author wrote operators or calls: what clippy thinks of those is not for users to read.
    pub(super) computes: bool,
    pub(super) helpers: Vec<Helper>,
    /// The hooks that are called: name and type of the result.
    pub(super) hooks: Vec<(String, String)>,
}

/// Why a hop has no code.
#[derive(Debug)]
pub(super) enum Refused {
    /// A hook that is two functions: why.
    Hook(String),
    /// Types that do not convert, or a root that an upgrade has not.
    Unconvertible,
}

impl From<Unconvertible> for Refused {
    fn from(_: Unconvertible) -> Self {
        Refused::Unconvertible
    }
}

pub(super) type Result<T> = std::result::Result<T, Refused>;

/// Whether an expression calls hooks.
pub(super) fn has_hooks(typed: &Typed) -> bool {
    let mut found = false;
    typed.visit(&mut |node| found |= matches!(node.kind, TypedKind::Hook(_)));
    found
}

/// Writes the expression that makes `target` of `source`, for code in `module`; `prefix` begins the names of its functions, and
/// `hooks` is the trait in the module that its hooks belong to.
pub(super) fn hop<'a>(
    plan: &Plan<'a>,
    module: &[String],
    (prefix, hooks): (&str, &str),
    source: ItemId,
    target: ItemId,
    typed: &Typed,
) -> Result<Written> {
    let want = Slot { ty: Type::plain(TypeKind::Item(target)), optional: false };
    // The type that implements the trait stands where the modules of the contexts do.
    let hooks = has_hooks(typed).then(|| format!("<{}Hooks as {hooks}>", "super::".repeat(module.len())));
    let write = |failing| {
        let mut hop = Hop::new(plan, module, source, prefix, failing);
        hop.hooked.clone_from(&hooks);
        hop.collect(typed);
        let body = hop.expression(typed, &want)?;
        Ok::<_, Refused>((hop, body))
    };
    // Helpers may call each other in circles, so which of them can fail is known only when all are written: if any does, they
    // are written once more.
    let (mut hop, mut body) = write(HashMap::new())?;
    let failing = failing(&hop.helpers);
    if !failing.is_empty() {
        (hop, body) = write(failing)?;
    }
    let reads = !hop.reads.is_empty() || !hop.hooks.is_empty();
    let computes = computes(typed);
    Ok(Written { body, fails: hop.fails.ever(), reads, computes, helpers: hop.helpers, hooks: hop.hooks })
}

fn computes(typed: &Typed) -> bool {
    match &typed.kind {
        TypedKind::List(items) => items.iter().any(computes),
        TypedKind::Record(fields) => fields.iter().any(|(_, it)| computes(it)),
        TypedKind::Convert(it) => computes(it),
        TypedKind::Call(..) | TypedKind::Unary(..) | TypedKind::Binary(..) => true,
        TypedKind::Literal(_) | TypedKind::Path(..) | TypedKind::Hook(_) => false,
    }
}

/// The helpers that can fail: by themselves, or since they call one that can.
fn failing(helpers: &[Helper]) -> HashMap<(ItemId, ItemId), Fails> {
    let mut fails: Vec<Fails> = helpers.iter().map(|helper| helper.own).collect();
    loop {
        let before = fails.clone();
        for (i, helper) in helpers.iter().enumerate() {
            fails[i] = helper.calls.iter().map(|at| fails[*at]).fold(fails[i], Fails::max);
        }
        if fails == before {
            let all = helpers.iter().zip(fails).filter(|(_, fails)| fails.ever());
            return all.map(|(it, fails)| ((it.from, it.to), fails)).collect();
        }
    }
}

impl<'p, 'a> Hop<'p, 'a> {
    fn new(
        plan: &'p Plan<'a>,
        module: &'p [String],
        source: ItemId,
        prefix: &'p str,
        failing: HashMap<(ItemId, ItemId), Fails>,
    ) -> Self {
        let (helpers, names, open, reads, hooked, hooks) = Default::default();
        Hop { plan, module, source, prefix, fails: Fails::Never, helpers, names, open, failing, reads, hooked, hooks }
    }

    /// Runs `write` and says how what it wrote can fail; whoever asks decides where the failure goes.
    pub(super) fn aside<T, E>(
        &mut self,
        write: impl FnOnce(&mut Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Fails), E> {
        let outer = std::mem::take(&mut self.fails);
        let written = write(self);
        let inner = std::mem::replace(&mut self.fails, outer);
        self.fail(inner);
        Ok((written?, inner))
    }

    pub(super) fn fail(&mut self, fails: Fails) {
        self.fails = self.fails.max(fails);
    }

    /// A value as the member keeps it, and an error of making it at the member.
    pub(super) fn placed(&self, value: String, fails: Fails, member: &Member<'_>) -> String {
        let value = self.stored(value, member);
        if fails != Fails::AtValue {
            return value;
        }
        let (name, value) = (quoted(member.wire), result(&value));
        match member.mask {
            Some(mask) => format!("::isobar::ops::at_hidden({name}, {}, || {value})?", shown(mask)),
            None => format!("::isobar::ops::at({name}, || {value})?"),
        }
    }

    /// A literal in the slot.
    pub(super) fn literal(&mut self, value: &Value, slot: &Slot<'a>) -> String {
        if slot.optional && *value == Value::Null {
            return "None".into();
        }
        let written = literal(self.plan, self.module, value, &slot.ty);
        if written.fails {
            self.fail(Fails::Computing);
        }
        if slot.optional { format!("Some({})", written.code) } else { written.code }
    }

    fn collect(&mut self, typed: &Typed) {
        match &typed.kind {
            TypedKind::Path(Root::Source, steps) => {
                let certain = steps.iter().position(|step| step.optional).map_or(steps.len(), |i| i + 1);
                self.reads.push(steps[..certain].iter().map(|step| step.field.clone()).collect());
            }
            TypedKind::List(items) | TypedKind::Call(_, items) => items.iter().for_each(|it| self.collect(it)),
            TypedKind::Record(fields) => fields.iter().for_each(|(_, it)| self.collect(it)),
            TypedKind::Unary(_, it) | TypedKind::Convert(it) => self.collect(it),
            TypedKind::Binary(_, left, right) => {
                self.collect(left);
                self.collect(right);
            }
            TypedKind::Literal(_) | TypedKind::Path(..) | TypedKind::Hook(_) => {}
        }
    }

    /// The expression, as a value of the wanted slot.
    pub(super) fn expression(&mut self, typed: &Typed, want: &Slot<'a>) -> Result<String> {
        match &typed.kind {
            TypedKind::Literal(value) => Ok(self.literal(value, want)),
            TypedKind::Convert(inner) => self.expression(inner, want),
            TypedKind::Hook(name) => self.hook(name, want),
            TypedKind::Record(fields) => self.within(want, |hop, ty| hop.record(fields, ty)),
            TypedKind::List(items) => self.within(want, |hop, ty| hop.list(items, ty)),
            TypedKind::Binary(Operator::Coalesce, left, right) => {
                let ty = Slot { optional: true, ..want.clone() };
                let (left, (right, _)) = (self.expression(left, &ty)?, self.aside(|hop| hop.expression(right, want))?);
                let present = if want.optional { "Some(it)" } else { "it" };
                Ok(format!("match {left} {{\n    Some(it) => {present},\n    None => {right},\n}}"))
            }
            _ => {
                let (code, slot) = self.natural(typed)?;
                Ok(self.adapt(code, &slot, want)?)
            }
        }
    }

    /// The call of a hook, which gets the whole old value.
    fn hook(&mut self, name: &str, want: &Slot<'a>) -> Result<String> {
        let ty = self.plan.ty(self.module, &want.ty);
        let ty = if want.optional { format!("::core::option::Option<{ty}>") } else { ty };
        match self.hooks.iter().find(|(other, _)| snake(other) == snake(name)) {
            Some((other, _)) if other != name => {
                return Err(Refused::Hook(format!("`fn({other})` and `fn({name})`, which are one name in Rust")));
            }
            Some((_, other)) if *other != ty => {
                return Err(Refused::Hook(format!("`fn({name})` for a `{other}` and for a `{ty}`")));
            }
            Some(_) => {}
            None => self.hooks.push((name.to_owned(), ty)),
        }
        self.fail(Fails::Computing);
        let hooks = self.hooked.as_ref().ok_or(Refused::Unconvertible)?;
        Ok(format!("{hooks}::{}(&old)?", snake(name)))
    }

    /// Writes a value that is there into a slot where it may be absent.
    fn within(
        &mut self,
        want: &Slot<'a>,
        write: impl FnOnce(&mut Self, &Type<'a>) -> Result<String>,
    ) -> Result<String> {
        let code = write(self, &want.ty)?;
        Ok(if want.optional { format!("Some({code})") } else { code })
    }

    fn record(&mut self, fields: &[(String, Typed)], ty: &Type<'a>) -> Result<String> {
        let plan = self.plan;
        let TypeKind::Item(id) = ty.kind else {
            return Err(Refused::Unconvertible);
        };
        let Body::Record(members) = &plan.items[id].body else {
            return Err(Refused::Unconvertible);
        };
        let mut out = Vec::new();
        for member in members {
            let given = fields.iter().find(|(name, _)| name == member.name);
            let (value, fails) = self.aside(|hop| match (given, member.presence) {
                (Some((_, typed)), _) => hop.expression(typed, &slot(member)),
                (None, Presence::Optional) => Ok("None".into()),
                (None, Presence::Default(value)) => Ok(hop.literal(value, &slot(member))),
                (None, Presence::Required) => Err(Refused::Unconvertible),
            })?;
            out.push((member.ident.clone(), self.placed(value, fails, member)));
        }
        Ok(record(&plan.path(self.module, id), &out))
    }

    fn list(&mut self, items: &[Typed], ty: &Type<'a>) -> Result<String> {
        let (item, is_set) = match &ty.kind {
            TypeKind::List(item) => (item, false),
            TypeKind::Set(item) => (item, true),
            TypeKind::Item(id) => match &self.plan.items[*id].body {
                Body::Newtype(inner) => {
                    let inner = inner.clone();
                    let inner = self.list(items, &inner)?;
                    return Ok(super::literal::trusted(&self.plan.path(self.module, *id), &inner));
                }
                _ => return Err(Refused::Unconvertible),
            },
            _ => return Err(Refused::Unconvertible),
        };
        let want = Slot { ty: (**item).clone(), optional: false };
        let item = |(i, it)| match self.aside(|hop| hop.expression(it, &want))? {
            (code, Fails::AtValue) => Ok(format!("::isobar::ops::at_index({i}, || {})?", result(&code))),
            (code, _) => Ok(code),
        };
        let items = items.iter().enumerate().map(item).collect::<Result<Vec<String>>>()?;
        let code = list("::std::vec", &items);
        Ok(if is_set { format!("{code}.into_iter().collect()") } else { code })
    }

    /// A text as a reference: nothing is moved out, so nothing needs to be cloned.
    pub(super) fn borrowed(&mut self, typed: &Typed) -> Result<String> {
        if let TypedKind::Literal(Value::String(text)) = &strip(typed).kind {
            return Ok(quoted(text));
        }
        let text = Slot { ty: Type::scalar(&Scalar::String), optional: false };
        let code = self.expression(typed, &text)?;
        Ok(match code.strip_suffix(".into_string()") {
            Some(newtype) => format!("{}.as_str()", uncloned(newtype)),
            None => format!("&{}", uncloned(&code)),
        })
    }

    /// A field of the old value: moved out where nothing else reads it, and copied or cloned otherwise.
    pub(super) fn path(&mut self, steps: &[Step]) -> Result<(String, Slot<'a>)> {
        let certain = steps.iter().position(|step| step.optional).map_or(steps.len(), |i| i + 1);
        let own: Vec<&str> = steps[..certain].iter().map(|step| step.field.as_str()).collect();
        let overlaps = |read: &Vec<String>| read.iter().zip(&own).all(|(a, b)| a == b);
        // Hooks look at the whole of it.
        let takes = self.hooked.is_none() && self.reads.iter().filter(|read| overlaps(read)).count() <= 1;
        let (mut at, mut code) = (self.source, "old".to_owned());
        for (i, step) in steps[..certain].iter().enumerate() {
            let member = self.step(at, step)?;
            code = format!("{code}.{}", member.ident);
            if i + 1 < certain {
                at = item_of(member)?;
                continue;
            }
            let optional = *member.presence == Presence::Optional;
            let rest = &steps[certain..];
            let copied = self.plan.is_copy(&member.ty) && !member.boxed;
            let code = match (optional, rest.is_empty()) {
                (false, _) if member.boxed && takes => format!("*{code}"),
                (false, _) if member.boxed => format!("(*{code}).clone()"),
                (false, _) if takes || copied => code,
                (false, _) => format!("{code}.clone()"),
                (true, true) => {
                    let code = if takes || copied { code } else { format!("{code}.clone()") };
                    if member.boxed { format!("{code}.map(|it| *it)") } else { code }
                }
                (true, false) => {
                    let code = if takes { code } else { format!("{code}.clone()") };
                    return self.rest(code, item_of(member)?, rest);
                }
            };
            return Ok((code, Slot { ty: member.ty.clone(), optional }));
        }
        Err(Refused::Unconvertible)
    }

    /// What is behind a value that may be absent. `code` is an `Option` that may be consumed.
    fn rest(&mut self, code: String, mut at: ItemId, steps: &[Step]) -> Result<(String, Slot<'a>)> {
        let mut inner = "it".to_owned();
        for (i, step) in steps.iter().enumerate() {
            let member = self.step(at, step)?;
            inner = format!("{inner}.{}", member.ident);
            let doubly = *member.presence == Presence::Optional;
            if i + 1 < steps.len() {
                at = item_of(member)?;
                if doubly {
                    return self.rest(format!("{code}.and_then(|it| {inner})"), at, &steps[i + 1..]);
                }
                continue;
            }
            let inner = match (member.boxed, doubly) {
                (true, true) => format!("{inner}.map(|it| *it)"),
                (true, false) => format!("*{inner}"),
                (false, _) => inner,
            };
            let method = if doubly { "and_then" } else { "map" };
            return Ok((format!("{code}.{method}(|it| {inner})"), Slot { ty: member.ty.clone(), optional: true }));
        }
        Err(Refused::Unconvertible)
    }

    fn step(&self, at: ItemId, step: &Step) -> Result<&'p Member<'a>> {
        let plan: &'p Plan<'a> = self.plan;
        match &plan.items[at].body {
            Body::Record(members) => members.iter().find(|it| it.name == step.field).ok_or(Refused::Unconvertible),
            _ => Err(Refused::Unconvertible),
        }
    }
}

/// What is only looked at needs no clone of its own.
pub(super) fn uncloned(code: &str) -> &str {
    code.strip_suffix(".clone()").unwrap_or(code)
}

/// Exact numbers are computed as decimals of any scale; what they become checks theirs.
pub(super) static EXACT: Scalar = Scalar::Decimal(28);

fn item_of(member: &Member<'_>) -> Result<ItemId> {
    match member.ty.kind {
        TypeKind::Item(item) => Ok(item),
        _ => Err(Refused::Unconvertible),
    }
}

/// The implementation of `From` or `TryFrom` with its documentation, and the functions it needs.
pub(super) fn implementation(
    plan: &Plan<'_>,
    module: &[String],
    (source, target): (ItemId, ItemId),
    written: &Written,
    about: &str,
    code: &mut Code,
) {
    let (old, new) = (plan.path(module, source), plan.path(module, target));
    let variable = if written.reads { "old" } else { "_" };
    // The struct itself is `Self` here; it is the outermost expression.
    let body =
        written.body.strip_prefix(new.as_str()).map_or_else(|| written.body.clone(), |rest| format!("Self{rest}"));
    code.gap();
    code.doc(None, about);
    if written.computes {
        code.line("#[allow(clippy::all)]");
    }
    if written.fails {
        code.block(format!("impl ::core::convert::TryFrom<{old}> for {new}"), |code| {
            code.line("type Error = ::isobar::UpcastError;");
            code.gap();
            let result = "::core::result::Result<Self, Self::Error>";
            code.block(format!("fn try_from({variable}: {old}) -> {result}"), |code| {
                match written.hooks.is_empty() {
                    true => code.paste(&format!("Ok({body})")),
                    // What a hook gives is held to the bounds of its field as data is.
                    false => code.paste(&format!("::isobar::checked(&{body})")),
                }
            });
        });
    } else {
        code.block(format!("impl ::core::convert::From<{old}> for {new}"), |code| {
            code.block(format!("fn from({variable}: {old}) -> Self"), |code| code.paste(&body));
        });
    }
    for helper in &written.helpers {
        code.gap();
        code.paste(&helper.code);
    }
}

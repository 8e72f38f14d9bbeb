//! Items as text: structs, enums and newtypes, each with its reading and writing.

use super::{
    construct, debug,
    literal::{boxed, is_empty, literal},
    names::variables,
    plan::{Body, Branch, Item, ItemId, Member, Plan, Type, TypeKind, Value},
    sentences::facts,
    targets,
    text::{Code, code_span, one_line, quoted},
    wire::{self, Operand},
};
use isobar_model::{Presence, shape::Scalar};

/// The head of a reading.
const DECODE: &str = "fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid>";
/// The head of a writing.
const ENCODE: &str = "fn encode(&self, w: &mut ::isobar::Writer)";
/// The head of a check.
const CHECK: &str = "fn check(&self) -> ::core::result::Result<(), ::isobar::Invalid>";

/// Writes an item and what it implements.
pub(super) fn item(plan: &Plan<'_>, id: ItemId, code: &mut Code) {
    let item = &plan.items[id];
    code.gap();
    match &item.body {
        Body::Id(prefix) => identifier(item, prefix, code),
        Body::Newtype(inner) if inner.is_text() => text(plan, item, inner, code),
        Body::Newtype(inner) => newtype(plan, item, inner, code),
        Body::Record(members) => record(plan, item, members, code),
        Body::Enum { values, unknown } => enumeration(item, values, unknown.as_deref(), code),
        Body::Union { tag, branches } => union(plan, item, tag, branches, code),
        Body::Alias(to) => {
            head(item, None, code);
            code.line(format!("pub type {} = {};", item.ident, plan.path(&item.module, *to)));
        }
        Body::Pending | Body::Extern(_) => {}
    }
    if !matches!(item.body, Body::Alias(_) | Body::Pending | Body::Extern(_)) {
        targets::item(plan, &item.ident, code);
    }
}

/// Doc comment and attributes.
fn head(item: &Item<'_>, derive: Option<&str>, code: &mut Code) {
    code.docs(item.doc, &item.about, &item.facts);
    deprecated(item.deprecated.as_deref(), code);
    if let Some(derive) = derive {
        code.line(format!("#[derive({derive})]"));
    }
    item.attributes.own.iter().for_each(|attribute| code.line(attribute));
}

fn deprecated(note: Option<&str>, code: &mut Code) {
    if let Some(note) = note {
        code.line(format!("#[deprecated(note = {})]", quoted(&one_line(note))));
    }
}

fn identifier(item: &Item<'_>, prefix: &str, code: &mut Code) {
    code.block("::isobar::id!", |code| {
        head(item, None, code);
        code.line(format!("pub struct {}({}{});", item.ident, quoted(prefix), mask_argument(item)));
    });
}

/// What the macros for texts show in `Debug`.
fn mask_argument(item: &Item<'_>) -> String {
    item.mask.map_or_else(String::new, |tag| format!(", {}", debug::shown(tag)))
}

fn text(plan: &Plan<'_>, item: &Item<'_>, inner: &Type<'_>, code: &mut Code) {
    let checks = wire::checks(plan, &item.module, inner, Operand::Reference("text"));
    let mask = mask_argument(item);
    code.block("::isobar::text!", |code| {
        head(item, None, code);
        if checks.is_empty() {
            return code.line(format!("pub struct {}(|_| Ok(()){mask});", item.ident));
        }
        code.open(format!("pub struct {}(|text| {{", item.ident));
        checks.iter().for_each(|line| code.line(line));
        code.line("Ok(())");
        code.close(format!("}}{mask});"));
    });
}

/// What an item derives: `Debug` where nothing is hidden, `Eq` and `Hash` where nothing forbids them.
fn derives(item: &Item<'_>, copy: bool, ord: bool) -> String {
    let masked = debug::is_masked(item);
    let mut all = vec!["Clone"];
    all.extend([("Copy", copy), ("Debug", !masked), ("PartialEq", true)].iter().filter(|it| it.1).map(|it| it.0));
    all.extend(
        [("Eq", item.total), ("PartialOrd", ord), ("Ord", ord && item.total)].iter().filter(|it| it.1).map(|it| it.0),
    );
    all.extend(item.total.then_some("Hash"));
    all.join(", ")
}

fn newtype(plan: &Plan<'_>, item: &Item<'_>, inner: &Type<'_>, code: &mut Code) {
    let (ident, ty) = (&item.ident, plan.ty(&item.module, inner));
    let checks = wire::all_checks(plan, &item.module, inner, Operand::Place("value"));
    let is_scalar = matches!(&inner.kind, TypeKind::Scalar(it) if **it != Scalar::Json);
    head(item, Some(&derives(item, is_scalar && plan.is_copy(inner), is_scalar)), code);
    code.line(format!("pub struct {ident}({ty});"));
    code.gap();
    code.block(format!("impl {ident}"), |code| {
        if checks.is_empty() {
            code.line("/// Wraps a value.");
            code.line("#[must_use]");
            code.block(format!("pub const fn new(value: {ty}) -> Self"), |code| code.line("Self(value)"));
        } else {
            code.line("/// Wraps a value.");
            code.line("///");
            code.line("/// # Errors");
            code.line("/// A value that is out of its bounds.");
            let result = "::core::result::Result<Self, ::isobar::Invalid>";
            code.block(format!("pub fn new(value: {ty}) -> {result}"), |code| {
                checks.iter().for_each(|line| code.paste(line));
                code.line("Ok(Self(value))");
            });
        }
        code.gap();
        code.line("/// Wraps a value that is known to be within the bounds; used by generated code.");
        code.line("#[doc(hidden)]");
        code.line("#[must_use]");
        code.block(format!("pub const fn trusted(value: {ty}) -> Self"), |code| code.line("Self(value)"));
        code.gap();
        code.line("/// The value inside.");
        code.line("#[must_use]");
        code.block(format!("pub const fn get(&self) -> &{ty}"), |code| code.line("&self.0"));
        code.gap();
        code.line("/// The value inside, taken out.");
        code.line("#[must_use]");
        code.block(format!("pub fn into_inner(self) -> {ty}"), |code| code.line("self.0"));
    });
    debug::whole(item, code);
    codec(
        code,
        ident,
        |code| {
            let read = wire::read(plan, &item.module, &Type::plain(inner.kind.clone()));
            let checks = wire::checks(plan, &item.module, inner, Operand::Place("value"));
            if checks.is_empty() {
                return code.paste(&format!("{read}.map(Self)"));
            }
            code.paste(&format!("let value = {read}?;"));
            checks.iter().for_each(|line| code.line(line));
            code.line("Ok(Self(value))");
        },
        |code| code.line(format!("{};", wire::write(inner, Operand::Place("self.0")))),
        |_| {},
    );
}

/// Names of variables in `decode` that a member may not take.
const TAKEN: &[&str] = &["r", "key"];

fn record(plan: &Plan<'_>, item: &Item<'_>, members: &[Member<'_>], code: &mut Code) {
    head(item, Some(&derives(item, false, false)), code);
    code.block(format!("pub struct {}", item.ident), |code| {
        for (i, member) in members.iter().enumerate() {
            let field = member.field;
            let about = match member.name == member.wire {
                true => format!("The field `{}`.", member.name),
                false => format!("The field `{}`, in JSON {}.", member.name, code_span(member.wire)),
            };
            let facts = facts(&field.shape, Some(&field.presence), field.example.as_ref(), &field.tags);
            code.docs(field.doc.as_deref(), &about, &facts);
            deprecated(field.deprecated.as_deref(), code);
            item.attributes.member(i).iter().for_each(|attribute| code.line(attribute));
            code.line(format!("pub {}: {},", member.ident, member_type(plan, item, member)));
        }
    });
    construct::constructors(plan, item, members, code);
    debug::record(item, members, code);
    codec(
        code,
        &item.ident,
        |code| decode_record(plan, item, members, code),
        |code| encode_record(members, code),
        |code| {
            for member in members {
                let Some(check) = wire::checker(plan, &item.module, &member.ty) else { continue };
                let hidden = debug::hidden(plan, member);
                let method = if *member.presence == Presence::Optional { "optional" } else { "member" };
                code.paste(&format!(
                    "::isobar::bounds::{method}({}, &self.{}, {check}){hidden}?;",
                    quoted(member.wire),
                    member.ident
                ));
            }
        },
    );
}

fn member_type(plan: &Plan<'_>, item: &Item<'_>, member: &Member<'_>) -> String {
    let mut ty = plan.ty(&item.module, &member.ty);
    if member.boxed {
        ty = format!("::std::boxed::Box<{ty}>");
    }
    if *member.presence == Presence::Optional { format!("::core::option::Option<{ty}>") } else { ty }
}

fn decode_record(plan: &Plan<'_>, item: &Item<'_>, members: &[Member<'_>], code: &mut Code) {
    let keys: Vec<String> = members.iter().map(|member| quoted(member.wire)).collect();
    code.line(format!("const KEYS: &[&str] = &[{}];", keys.join(", ")));
    let variables = variables(members.iter().map(|it| it.ident.as_str()), TAKEN);
    variables.iter().for_each(|variable| code.line(format!("let mut {variable} = None;")));
    code.line("r.begin_object()?;");
    if members.is_empty() {
        code.line("while r.next_key(KEYS)?.is_some() {}");
        code.line("Ok(Self {})");
        return;
    }
    let read = |i: usize| {
        let member = &members[i];
        let method = if *member.presence == Presence::Optional { "optional" } else { "member" };
        let read = wire::reader(plan, &item.module, &member.ty);
        let hidden = debug::hidden(plan, member);
        format!("r.{method}(KEYS[{i}], &mut {}, {read}){hidden}?", variables[i])
    };
    if members.len() == 1 {
        code.block("while r.next_key(KEYS)?.is_some()", |code| code.paste(&format!("{};", read(0))));
    } else {
        code.block("while let Some(key) = r.next_key(KEYS)?", |code| {
            code.block("match key", |code| {
                for i in 0..members.len() {
                    let arm = if i + 1 == members.len() { "_".into() } else { i.to_string() };
                    code.paste(&format!("{arm} => {},", read(i)));
                }
            });
        });
    }
    code.open("Ok(Self {");
    for (i, member) in members.iter().enumerate() {
        let variable = &variables[i];
        let value = match member.presence {
            Presence::Required => format!("::isobar::required(KEYS[{i}], {variable})?"),
            Presence::Optional => format!("{variable}.flatten()"),
            Presence::Default(default) => {
                let default = literal(plan, &item.module, default, &member.ty);
                let inner = if member.boxed { boxed(&default.code) } else { default.code.clone() };
                match default.fails {
                    true => format!("match {variable} {{\n    Some(value) => value,\n    None => {inner},\n}}"),
                    false if is_empty(&inner) => format!("{variable}.unwrap_or_default()"),
                    false if default.calls || member.boxed => format!("{variable}.unwrap_or_else(|| {inner})"),
                    false => format!("{variable}.unwrap_or({inner})"),
                }
            }
        };
        let same = value == member.ident;
        code.paste(&if same { format!("{value},") } else { format!("{}: {value},", member.ident) });
    }
    code.close("})");
}

fn encode_record(members: &[Member<'_>], code: &mut Code) {
    code.line("w.begin_object();");
    for member in members {
        let place = format!("self.{}", member.ident);
        let key = format!("w.key({});", quoted(member.wire));
        if *member.presence == Presence::Optional {
            code.block(format!("if let Some(value) = &{place}"), |code| {
                code.line(key);
                code.line(format!("{};", wire::write(&member.ty, Operand::Reference("value"))));
            });
        } else {
            code.line(key);
            code.line(format!("{};", wire::write(&member.ty, Operand::Place(&place))));
        }
    }
    code.line("w.end_object();");
}

fn enumeration(item: &Item<'_>, values: &[Value<'_>], unknown: Option<&str>, code: &mut Code) {
    head(item, Some(&derives(item, unknown.is_none(), true)), code);
    let ident = &item.ident;
    code.block(format!("pub enum {ident}"), |code| {
        for (i, value) in values.iter().enumerate() {
            code.doc(None, &format!("The value {}.", code_span(value.wire)));
            item.attributes.member(i).iter().for_each(|attribute| code.line(attribute));
            code.line(format!("{},", value.ident));
        }
        if let Some(unknown) = unknown {
            code.line("/// A value that this version does not know, kept as it is.");
            code.line(format!("{unknown}(::std::string::String),"));
        }
    });
    code.gap();
    code.block(format!("impl {ident}"), |code| {
        code.line("/// Every known value, in declared order.");
        let all: Vec<String> = values.iter().map(|value| format!("Self::{}", value.ident)).collect();
        code.line(format!("pub const ALL: &'static [Self] = &[{}];", all.join(", ")));
        code.gap();
        code.line("/// Its text in JSON.");
        code.line("#[must_use]");
        code.block("pub fn as_str(&self) -> &str", |code| {
            code.block("match self", |code| {
                for value in values {
                    code.line(format!("Self::{} => {},", value.ident, quoted(value.wire)));
                }
                if let Some(unknown) = unknown {
                    code.line(format!("Self::{unknown}(value) => value,"));
                }
            });
        });
    });
    parse(ident, values, unknown, code);
    code.gap();
    code.block(format!("impl ::core::fmt::Display for {ident}"), |code| {
        code.block("fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result", |code| {
            code.line("f.write_str(self.as_str())")
        });
    });
    debug::whole(item, code);
    codec(
        code,
        ident,
        |code| match unknown {
            Some(_) => code.line("r.text(|text| Ok::<_, ::isobar::Invalid>(Self::from(text)))"),
            None => code.line("r.text(str::parse)"),
        },
        |code| code.line("w.string(self.as_str());"),
        |_| {},
    );
}

/// An open enum is made from any text, a closed one only from its own.
fn parse(ident: &str, values: &[Value<'_>], unknown: Option<&str>, code: &mut Code) {
    let arms = |code: &mut Code, wrap: &dyn Fn(&str) -> String| {
        for value in values {
            code.line(format!("{} => {},", quoted(value.wire), wrap(&format!("Self::{}", value.ident))));
        }
    };
    code.gap();
    if let Some(unknown) = unknown {
        code.block(format!("impl ::core::convert::From<&str> for {ident}"), |code| {
            code.block("fn from(text: &str) -> Self", |code| {
                code.block("match text", |code| {
                    arms(code, &str::to_owned);
                    code.line(format!("_ => Self::{unknown}(::std::string::String::from(text)),"));
                });
            });
        });
        code.gap();
        // `Self::Err` would be ambiguous where a value is called `err`.
        let never = "::core::convert::Infallible";
        code.block(format!("impl ::core::str::FromStr for {ident}"), |code| {
            code.line(format!("type Err = {never};"));
            code.gap();
            code.block(format!("fn from_str(text: &str) -> ::core::result::Result<Self, {never}>"), |code| {
                code.line("Ok(Self::from(text))");
            });
        });
        return;
    }
    code.block(format!("impl ::core::str::FromStr for {ident}"), |code| {
        code.line("type Err = ::isobar::Invalid;");
        code.gap();
        code.block("fn from_str(text: &str) -> ::core::result::Result<Self, ::isobar::Invalid>", |code| {
            code.block("match text", |code| {
                arms(code, &|value| format!("Ok({value})"));
                let known: Vec<String> = values.iter().map(|value| quoted(value.wire)).collect();
                code.line(format!("_ => Err(::isobar::unknown_value(text, &[{}])),", known.join(", ")));
            });
        });
    });
}

fn union(plan: &Plan<'_>, item: &Item<'_>, tag: &str, branches: &[Branch<'_>], code: &mut Code) {
    head(item, Some(&derives(item, false, false)), code);
    let (ident, tag) = (&item.ident, quoted(tag));
    code.block(format!("pub enum {ident}"), |code| {
        for (i, branch) in branches.iter().enumerate() {
            let inner = plan.path(&item.module, branch.item);
            let inner = if branch.boxed { format!("::std::boxed::Box<{inner}>") } else { inner };
            code.doc(None, &format!("The branch {}.", code_span(branch.wire)));
            item.attributes.member(i).iter().for_each(|attribute| code.line(attribute));
            code.line(format!("{}({inner}),", branch.ident));
        }
    });
    debug::whole(item, code);
    codec(
        code,
        ident,
        |code| {
            code.block(format!("match r.tag({tag})?.as_str()"), |code| {
                for branch in branches {
                    code.line(format!(
                        "{} => ::isobar::Decode::decode(r).map(Self::{}),",
                        quoted(branch.wire),
                        branch.ident
                    ));
                }
                let known: Vec<String> = branches.iter().map(|branch| quoted(branch.wire)).collect();
                code.line(format!("other => Err(::isobar::unknown_tag({tag}, other, &[{}])),", known.join(", ")));
            });
        },
        |code| {
            code.block("match self", |code| {
                for branch in branches {
                    code.block(format!("Self::{}(value) =>", branch.ident), |code| {
                        code.line(format!("w.tag({tag}, {});", quoted(branch.wire)));
                        code.line("::isobar::Encode::encode(value, w);");
                    });
                }
            });
        },
        |code| {
            let bounded: Vec<&Branch<'_>> = branches.iter().filter(|it| plan.items[it.item].bounded).collect();
            let check = "::isobar::Encode::check(value)?";
            match bounded.as_slice() {
                [] => {}
                [branch] if branches.len() > 1 => {
                    code.block(format!("if let Self::{}(value) = self", branch.ident), |code| {
                        code.line(format!("{check};"))
                    });
                }
                [branch] => {
                    code.line(format!("let Self::{}(value) = self;", branch.ident));
                    code.line(format!("{check};"));
                }
                _ => code.block("match self", |code| {
                    bounded.iter().for_each(|branch| code.line(format!("Self::{}(value) => {check},", branch.ident)));
                    if bounded.len() < branches.len() {
                        code.line("_ => {}");
                    }
                }),
            }
        },
    );
}

/// The two implementations that every type has. What `check` writes is left out where it writes nothing.
fn codec(
    code: &mut Code,
    ident: &str,
    decode: impl FnOnce(&mut Code),
    encode: impl FnOnce(&mut Code),
    check: impl FnOnce(&mut Code),
) {
    code.gap();
    code.block(format!("impl ::isobar::Decode for {ident}"), |code| code.block(DECODE, decode));
    code.gap();
    let mut checks = Code::default();
    check(&mut checks);
    let checks = checks.finish();
    code.block(format!("impl ::isobar::Encode for {ident}"), |code| {
        code.block(ENCODE, encode);
        if !checks.is_empty() {
            code.gap();
            code.block(CHECK, |code| {
                code.paste(&checks);
                code.line("Ok(())");
            });
        }
    });
}

//! What authors do to a record from one version to the next, one thing at a time. An edit may make it none of the notation.

use super::{Draft, Field, Item, NAMES, PATTERNS, Presence, SCALARS, Ty, VALUES, WIRES};
use super::{bound, bounds, field, item, keys, one_of, presence, ty, union};
use isobar_tests::Dice;

/// Scalars that are near to one another.
const FAMILIES: [&[&str]; 3] = [
    &["int", "int32", "uint", "uint32", "float", "decimal(0)", "decimal(2)", "decimal(12)"],
    &["string", "uuid", "timestamp", "date", "duration", "bytes", "id(a_)", "id(ab-)"],
    &["json", "bool", "string", "int"],
];

impl Draft {
    pub(super) fn edit(&mut self, dice: &mut Dice) {
        let before = self.types.clone();
        let at = dice.roll(self.types.len() as u64 * 2 + 3) as usize;
        match self.types.get_mut(at / 2) {
            Some(named) => edit(named, dice, &before),
            None => edit_fields(&mut self.fields, dice, &before),
        }
    }
}

fn edit_fields(fields: &mut Vec<Field>, dice: &mut Dice, types: &[Ty]) {
    if fields.is_empty() || dice.roll(8) == 0 {
        let new = field(dice, types.len(), 1);
        if fields.iter().all(|it| it.name != new.name) {
            fields.push(new);
        }
        return;
    }
    let at = dice.roll(fields.len() as u64) as usize;
    let count = fields.len();
    let field = &mut fields[at];
    match dice.roll(12) {
        0 => _ = fields.remove(at),
        1 => field.presence = presence(dice, &field.ty),
        2 => field.presence = Presence::Required,
        // Another name for authors.
        3 => {
            field.wire = field.wire.or(Some(field.name));
            field.name = one_of(dice, &NAMES);
        }
        // Another name on the wire.
        4 => field.wire = Some(one_of(dice, &WIRES)),
        5 if count > 1 => {
            let other = (at + 1) % count;
            let ty = fields[at].ty.clone();
            fields[at].ty = std::mem::replace(&mut fields[other].ty, ty);
        }
        _ => edit(&mut field.ty, dice, types),
    }
}

fn edit(it: &mut Ty, dice: &mut Dice, types: &[Ty]) {
    if dice.roll(25) == 0 {
        *it = ty(dice, types.len(), 1);
        return;
    }
    match it {
        Ty::Plain(item, bounds) => edit_plain(item, bounds, dice, types.len()),
        Ty::Enum(values, open) => match dice.roll(5) {
            0 => *open = !*open,
            1 if values.len() > 1 => _ = values.pop(),
            2 => {
                *it = Ty::Plain(Item::Scalar("string"), vec![("pattern", format!("'{}'", one_of(dice, &PATTERNS)))]);
            }
            _ => {
                let more = one_of(dice, &VALUES);
                if !values.contains(&more) {
                    values.push(more);
                }
            }
        },
        Ty::Union(tag, branches) => match dice.roll(6) {
            0 if branches.len() > 1 => _ = branches.pop(),
            1 => *it = union(dice, types.len()),
            // The branches as one record.
            2 => {
                let names = branches.iter().map(|(name, _)| *name).collect();
                let mut all = vec![Field {
                    name: tag,
                    wire: None,
                    presence: Presence::Required,
                    ty: Ty::Enum(names, dice.roll(2) == 0),
                }];
                for (_, branch) in branches {
                    let Ty::Record(fields) = branch else { continue };
                    for field in fields {
                        if all.iter().all(|it| it.name != field.name) {
                            let mut field = field.clone();
                            if matches!(field.ty, Ty::Plain(..)) {
                                field.presence = Presence::Optional;
                            }
                            all.push(field);
                        }
                    }
                }
                *it = Ty::Record(all);
            }
            _ => {
                let at = dice.roll(branches.len().max(1) as u64) as usize;
                if let Some((_, Ty::Record(fields))) = branches.get_mut(at) {
                    edit_fields(fields, dice, types);
                }
            }
        },
        Ty::Record(fields) => edit_fields(fields, dice, types),
    }
    // In place of a name what it stands for.
    if let Ty::Plain(Item::Named(at), _) = it
        && dice.roll(4) == 0
        && let Some(def) = types.get(*at)
    {
        *it = def.clone();
    }
}

fn edit_plain(it: &mut Item, has: &mut Vec<(&'static str, String)>, dice: &mut Dice, types: usize) {
    let may = keys(it);
    match dice.roll(6) {
        0 => _ = has.pop(),
        1..=3 if !may.is_empty() => {
            let key = one_of(dice, may);
            let at = has.iter().position(|(known, _)| *known == key);
            match at {
                // A little more or less.
                Some(at) if key != "pattern" && key != "format" && dice.roll(2) == 0 => {
                    let by = if dice.roll(2) == 0 { 1.0 } else { -1.0 };
                    let number = has[at].1.parse().unwrap_or(0.0) + by;
                    has[at].1 = format!("{}", if key.ends_with("length") { f64::max(number, 0.0) } else { number });
                }
                Some(at) => has[at].1 = bound(dice, key, it),
                None => has.push((key, bound(dice, key, it))),
            }
        }
        _ => {
            edit_item(it, dice, types);
            let may = keys(it);
            has.retain(|(key, _)| may.contains(key));
            if dice.roll(6) == 0 {
                *has = bounds(dice, it);
            }
        }
    }
}

fn edit_item(it: &mut Item, dice: &mut Dice, types: usize) {
    let inner = match it {
        Item::List(inner) | Item::Set(inner) | Item::Map(inner) => Some((**inner).clone()),
        Item::Scalar(_) | Item::Named(_) => None,
    };
    match (it, inner) {
        (Item::List(inner) | Item::Set(inner) | Item::Map(inner), Some(_)) if dice.roll(2) == 0 => {
            edit_item(inner, dice, types);
        }
        (it, Some(inner)) => {
            let inner = Box::new(inner);
            *it = match dice.roll(4) {
                0 => Item::List(inner),
                1 | 2 => Item::Set(inner),
                _ => Item::Map(inner),
            };
        }
        (Item::Scalar(scalar), None) => {
            let family = FAMILIES.iter().find(|family| family.contains(scalar)).unwrap_or(&FAMILIES[2]);
            *scalar = if dice.roll(8) == 0 { one_of(dice, &SCALARS) } else { one_of(dice, family) };
        }
        (it, None) => *it = item(dice, types),
    }
}

//! Schemas in one form: lists sorted, what says nothing dropped. The more ways of saying a thing become one, the more nodes are
//! equal. Nothing here changes which values a schema holds.

use super::{
    arena::{Arena, FALSE, NodeId, TRUE},
    schema::{ArrayRules, Kinds, Logic, NumberRules, ObjectRules, Schema, TextRules},
};

impl Arena {
    pub(super) fn tidy(&self, schema: &mut Schema) {
        if let Some(logic) = &mut schema.logic {
            if self::logic(logic) {
                schema.kinds = Kinds::NONE;
            }
            if **logic == Logic::default() {
                schema.logic = None;
            }
        }
        // Rules about kinds that are refused anyway say nothing.
        let has = |kind: Kinds| schema.kinds.has(kind);
        schema.number = schema.number.take().filter(|_| has(Kinds::NUMBER));
        schema.text = schema.text.take().filter(|_| has(Kinds::TEXT));
        schema.array = schema.array.take().filter(|_| has(Kinds::ARRAY));
        schema.object = schema.object.take().filter(|_| has(Kinds::OBJECT));
        if let Some(number) = &mut schema.number {
            number.multiples.sort();
            number.multiples.dedup();
        }
        if let Some(text) = &mut schema.text {
            sort(&mut text.patterns);
            sort(&mut text.formats);
        }
        if let Some(array) = &mut schema.array {
            self::array(array);
        }
        if let Some(object) = &mut schema.object {
            self::object(object);
        }
        schema.number = schema.number.take().filter(|rules| **rules != NumberRules::default());
        schema.text = schema.text.take().filter(|rules| **rules != TextRules::default());
        schema.array = schema.array.take().filter(|rules| **rules != ArrayRules::default());
        schema.object = schema.object.take().filter(|rules| **rules != ObjectRules::default());
    }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// Whether nothing can hold.
fn logic(logic: &mut Logic) -> bool {
    let Logic { all, any, one, not, conditions } = logic;
    for nodes in any.iter_mut() {
        nodes.retain(|node| *node != FALSE);
        sort(nodes);
    }
    for nodes in one.iter_mut() {
        nodes.retain(|node| *node != FALSE);
        nodes.sort_unstable();
    }
    let mut impossible = any.iter().chain(one.iter()).any(Vec::is_empty);
    any.retain(|nodes| !nodes.contains(&TRUE));
    for nodes in [any, one] {
        // One of one is all of it.
        nodes.retain(|nodes| match nodes[..] {
            [node] => {
                all.push(node);
                false
            }
            _ => true,
        });
    }
    all.retain(|node| *node != TRUE);
    not.retain(|node| *node != FALSE);
    conditions.retain(|(_, then, otherwise)| *then != TRUE || *otherwise != TRUE);
    sort(all);
    sort(not);
    impossible |= all.contains(&FALSE) || not.contains(&TRUE) || all.iter().any(|node| not.contains(node));
    impossible
}

fn array(array: &mut ArrayRules) {
    array.items = array.items.filter(|node| *node != TRUE);
    let rest = array.items.unwrap_or(TRUE);
    while array.prefix.last() == Some(&rest) {
        array.prefix.pop();
    }
    array.contains.retain(|it| it.min > 0 || it.max.is_some());
}

fn object(object: &mut ObjectRules) {
    object.others = object.others.filter(|node| *node != TRUE);
    object.names = object.names.filter(|node| *node != TRUE);
    object.patterns.retain(|(_, node)| *node != TRUE || object.others.is_some());
    if object.others.is_none() {
        object.properties.retain(|(_, node)| *node != TRUE);
    }
    object.properties.sort_unstable();
    sort(&mut object.patterns);
    sort(&mut object.required);
    for (_, names) in &mut object.dependent_required {
        sort(names);
    }
    object.dependent_required.retain(|(_, names)| !names.is_empty());
    sort(&mut object.dependent_required);
    object.dependent_schemas.retain(|(_, node): &(_, NodeId)| *node != TRUE);
    sort(&mut object.dependent_schemas);
}

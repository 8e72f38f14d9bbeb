//! One node of the arena: a set of JSON values as the conjunction of rules, as one object of JSON Schema states it. A rule about
//! objects says nothing of other kinds, as in JSON Schema. Nothing here decides anything.

use super::{
    arena::NodeId,
    number::Number,
    pattern::PatternId,
    value::{Name, ValueId},
};

/// Kinds of JSON values, as a set. An integer is a number; [`NumberRules::integer`] tells it apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Kinds(u8);

impl Kinds {
    /// None.
    pub const NONE: Kinds = Kinds(0);
    /// `null`.
    pub const NULL: Kinds = Kinds(1);
    /// `true` and `false`.
    pub const BOOL: Kinds = Kinds(2);
    /// Numbers.
    pub const NUMBER: Kinds = Kinds(4);
    /// Texts.
    pub const TEXT: Kinds = Kinds(8);
    /// Arrays.
    pub const ARRAY: Kinds = Kinds(16);
    /// Objects.
    pub const OBJECT: Kinds = Kinds(32);
    /// All of them.
    pub const ALL: Kinds = Kinds(63);
    /// Each by itself, those with small values first.
    pub const EACH: [Kinds; 6] = [Kinds::NULL, Kinds::BOOL, Kinds::NUMBER, Kinds::TEXT, Kinds::ARRAY, Kinds::OBJECT];

    /// Those of either.
    #[must_use]
    pub fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    /// Whether all of `other` are in it.
    pub fn has(self, other: Kinds) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// A set of values. [`Schema::default`] holds all of them; each rule takes some away. The boxes are there so that a node without
/// rules of a kind is small; `*_mut` makes them.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Schema {
    /// `type`. A value of another kind is refused.
    pub kinds: Kinds,
    /// `enum` and `const`: nothing else is allowed.
    pub allowed: Option<Box<[ValueId]>>,
    /// Rules made of other nodes about the same value.
    pub logic: Option<Box<Logic>>,
    /// Rules about numbers.
    pub number: Option<Box<NumberRules>>,
    /// Rules about texts.
    pub text: Option<Box<TextRules>>,
    /// Rules about arrays.
    pub array: Option<Box<ArrayRules>>,
    /// Rules about objects.
    pub object: Option<Box<ObjectRules>>,
    /// A rule that is there and cannot be said here: of what it would take away nothing is known.
    pub unsupported: Option<Unsupported>,
}

impl Default for Schema {
    fn default() -> Self {
        Schema {
            kinds: Kinds::ALL,
            allowed: None,
            logic: None,
            number: None,
            text: None,
            array: None,
            object: None,
            unsupported: None,
        }
    }
}

impl Schema {
    /// All values of some kinds.
    pub fn of(kinds: Kinds) -> Schema {
        Schema { kinds, ..Schema::default() }
    }

    /// The rules about the same value, made if there are none.
    pub fn logic_mut(&mut self) -> &mut Logic {
        self.logic.get_or_insert_default()
    }

    /// The rules about numbers, made if there are none.
    pub fn number_mut(&mut self) -> &mut NumberRules {
        self.number.get_or_insert_default()
    }

    /// The rules about texts, made if there are none.
    pub fn text_mut(&mut self) -> &mut TextRules {
        self.text.get_or_insert_default()
    }

    /// The rules about arrays, made if there are none.
    pub fn array_mut(&mut self) -> &mut ArrayRules {
        self.array.get_or_insert_default()
    }

    /// The rules about objects, made if there are none.
    pub fn object_mut(&mut self) -> &mut ObjectRules {
        self.object.get_or_insert_default()
    }

    /// Allows only these values, beside what is said already.
    pub fn allow_only(&mut self, values: impl IntoIterator<Item = ValueId>) {
        let mut values: Vec<ValueId> = values.into_iter().collect();
        if let Some(before) = &self.allowed {
            values.retain(|value| before.contains(value));
        }
        values.sort();
        values.dedup();
        self.allowed = Some(values.into());
    }
}

/// A keyword that is not understood (in its place).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Unsupported {
    /// The keyword, for people: `unevaluatedProperties`.
    pub keyword: &'static str,
    /// Two such rules are known to mean the same only if both are `Some` and equal: give everything that the rule means,
    /// or `None` (then [`super::arena::Arena::add`] makes it equal to no other).
    pub identity: Option<ValueId>,
}

/// Rules made of other nodes about the same value.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Logic {
    /// `allOf`, and `$ref` beside other keywords.
    pub all: Vec<NodeId>,
    /// `anyOf`s: of each, at least one holds.
    pub any: Vec<Vec<NodeId>>,
    /// `oneOf`s: of each, exactly one holds. Equal nodes may not be merged here.
    pub one: Vec<Vec<NodeId>>,
    /// `not`s: none holds.
    pub not: Vec<NodeId>,
    /// `if`, `then`, `else`; a missing branch is [`super::arena::TRUE`].
    pub conditions: Vec<(NodeId, NodeId, NodeId)>,
}

/// A limit of numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Limit {
    /// The number.
    pub at: Number,
    /// Whether the number itself is refused.
    pub exclusive: bool,
}

/// Rules about numbers.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct NumberRules {
    /// Whether it must have no fraction; `1.0` has none.
    pub integer: bool,
    /// The lower limit; set it by [`NumberRules::at_least`].
    pub min: Option<Limit>,
    /// The upper limit; set it by [`NumberRules::at_most`].
    pub max: Option<Limit>,
    /// What it must be multiples of, all of them positive.
    pub multiples: Vec<Number>,
}

impl NumberRules {
    /// A lower limit beside the one that may be there.
    pub fn at_least(&mut self, at: Number, exclusive: bool) {
        let tighter = |old: &Limit| at > old.at || (at == old.at && exclusive);
        if self.min.as_ref().is_none_or(tighter) {
            self.min = Some(Limit { at, exclusive });
        }
    }

    /// An upper limit beside the one that may be there.
    pub fn at_most(&mut self, at: Number, exclusive: bool) {
        let tighter = |old: &Limit| at < old.at || (at == old.at && exclusive);
        if self.max.as_ref().is_none_or(tighter) {
            self.max = Some(Limit { at, exclusive });
        }
    }
}

/// Rules about texts. Lengths count characters.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct TextRules {
    /// The smallest length.
    pub min: u64,
    /// The largest length.
    pub max: Option<u64>,
    /// Regular expressions that match somewhere.
    pub patterns: Vec<PatternId>,
    /// Formats that are asserted. Nothing is known of one but that it is equal to itself.
    pub formats: Vec<Name>,
}

/// Rules about arrays.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct ArrayRules {
    /// The first items, by position; an array may be shorter.
    pub prefix: Vec<NodeId>,
    /// All further items.
    pub items: Option<NodeId>,
    /// `contains`, with `minContains` (1 where it is not written) and `maxContains`.
    pub contains: Vec<Contains>,
    /// The smallest number of items.
    pub min: u64,
    /// The largest number of items.
    pub max: Option<u64>,
    /// Whether no two items are equal.
    pub unique: bool,
}

/// How many items must be in a set.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Contains {
    /// The set.
    pub node: NodeId,
    /// At least.
    pub min: u64,
    /// At most.
    pub max: Option<u64>,
}

/// Rules about objects.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct ObjectRules {
    /// Members by name; they may be absent.
    pub properties: Vec<(Name, NodeId)>,
    /// Members whose name a pattern matches, beside what else is said of them.
    pub patterns: Vec<(PatternId, NodeId)>,
    /// Members that are neither in `properties` nor matched by a pattern.
    pub others: Option<NodeId>,
    /// What every name must be, as a text.
    pub names: Option<NodeId>,
    /// Members that must be there.
    pub required: Vec<Name>,
    /// The smallest number of members.
    pub min: u64,
    /// The largest number of members.
    pub max: Option<u64>,
    /// Where the first is there, the others must be.
    pub dependent_required: Vec<(Name, Vec<Name>)>,
    /// Where the member is there, the whole object must be in the set.
    pub dependent_schemas: Vec<(Name, NodeId)>,
}

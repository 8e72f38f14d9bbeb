//! A pull reader over one JSON text (RFC 8259), called by generated code. It never builds a tree, never
//! recurses deeper than [`MAX_DEPTH`], and never looks at members that it was not asked for, but to check
//! that they are JSON.

use std::{collections::BTreeMap, mem};

use super::{
    Encode,
    scan::{Flaw, Peek, Scanner},
};
use crate::{Invalid, Json, Problem, Set};

/// How many lists and objects may stand inside each other: as many as `serde_json` reads.
pub const MAX_DEPTH: usize = 127;

/// Reads one JSON text from the front. Every method reads one value, or one step of an object, and leaves the
/// reader behind it; after an error the reader is of no more use.
///
/// Beyond the grammar there is one limit, [`MAX_DEPTH`].
#[derive(Clone)]
pub struct Reader<'a> {
    data: &'a [u8],
    scan: Scanner<'a>,
    depth: usize,
    /// An object was begun and its `{` not yet consumed, because the scanner takes it with the first key.
    fresh: bool,
    /// The index of the key that comes next if members come in the order of their keys.
    next: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `json`.
    pub fn new(json: &'a [u8]) -> Self {
        Self { data: json, scan: Scanner::new(json), depth: 0, fresh: false, next: 0 }
    }

    /// Checks that only white space follows.
    ///
    /// # Errors
    /// [`Problem::Syntax`].
    pub fn finish(mut self) -> Result<(), Invalid> {
        self.scan.finish().map_err(|e| syntax(self.data, &e))
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// Anything else.
    pub fn bool(&mut self) -> Result<bool, Invalid> {
        match self.peek()? {
            Peek::True => self.scan.word("true").map(|()| true).map_err(|e| syntax(self.data, &e)),
            Peek::False => self.scan.word("false").map(|()| false).map_err(|e| syntax(self.data, &e)),
            _ => Err(self.wrong_type("a boolean")),
        }
    }

    /// Consumes `null` if it is next, and says whether it was.
    ///
    /// # Errors
    /// [`Problem::Syntax`].
    pub fn null(&mut self) -> Result<bool, Invalid> {
        let is_null = self.peek()? == Peek::Null;
        if is_null {
            self.scan.word("null").map_err(|e| syntax(self.data, &e))?;
        }
        Ok(is_null)
    }

    /// Reads a string and hands it, without a copy where it has no escapes, to `parse`.
    ///
    /// # Errors
    /// Not a string, or what `parse` reports.
    pub fn text<T, E: Into<Invalid>>(&mut self, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Invalid> {
        match self.peek()? {
            Peek::String => {
                let text = self.scan.string().map_err(|e| syntax(self.data, &e))?;
                parse(text).map_err(Into::into)
            }
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// Reads any value and keeps its text without white space.
    ///
    /// # Errors
    /// [`Problem::Syntax`], [`Problem::TooDeep`].
    pub fn json(&mut self) -> Result<Json, Invalid> {
        self.raw().map(Json::compact)
    }

    /// Reads any value and returns its text as it stands.
    pub(crate) fn raw(&mut self) -> Result<&'a [u8], Invalid> {
        self.peek()?;
        let start = self.scan.index();
        self.skip()?;
        Ok(self.scan.since(start).as_bytes())
    }

    /// Reads a string, or the text of a number.
    pub(crate) fn text_or_number(&mut self, expected: &'static str) -> Result<String, Invalid> {
        if self.peek()? == Peek::String { self.string() } else { self.number(expected).map(str::to_owned) }
    }

    /// Reads a list, each item by `item`.
    ///
    /// # Errors
    /// Not a list, or what `item` reports, at its index.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, Invalid>) -> Result<Vec<T>, Invalid> {
        let mut items = Vec::new();
        self.items(|r| {
            let index = items.len();
            items.push(item(r).map_err(|e| e.at_index(index))?);
            Ok(())
        })?;
        Ok(items)
    }

    /// Reads a list without duplicates, each item by `item`.
    ///
    /// # Errors
    /// Not a list, what `item` reports, or [`Problem::DuplicateItem`], at the index of the second one.
    pub fn set<T: Encode>(&mut self, item: impl FnMut(&mut Self) -> Result<T, Invalid>) -> Result<Set<T>, Invalid> {
        Set::try_from(self.list(item)?)
    }

    /// Reads an object as a map, each value by `item`.
    ///
    /// # Errors
    /// Not an object, what `item` reports, or [`Problem::DuplicateKey`], at the key.
    pub fn map<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Invalid>,
    ) -> Result<BTreeMap<String, T>, Invalid> {
        let mut map = BTreeMap::new();
        self.begin_object()?;
        while let Some(key) = self.step(str::to_owned)? {
            if map.contains_key(&key) {
                return Err(Invalid::from(Problem::DuplicateKey).at_key(&key));
            }
            let value = item(self).map_err(|e| e.at_key(&key))?;
            map.insert(key, value);
        }
        Ok(map)
    }

    /// Begins an object; [`Reader::next_key`] is to be called until it returns `None`.
    ///
    /// # Errors
    /// Not an object, or nested too deep.
    pub fn begin_object(&mut self) -> Result<(), Invalid> {
        if self.peek()? != Peek::Object {
            return Err(self.wrong_type("an object"));
        }
        (self.fresh, self.next) = (true, 0);
        self.enter()
    }

    /// Moves to the value of the next member whose key is one of `keys`, skipping others, and returns the key's
    /// index; `None` at the end of the object.
    ///
    /// # Errors
    /// [`Problem::Syntax`], [`Problem::TooDeep`].
    pub fn next_key(&mut self, keys: &[&str]) -> Result<Option<usize>, Invalid> {
        let next = self.next;
        let found = self.next_member(|key| match keys.get(next) {
            Some(likely) if *likely == key => Some(next),
            _ => keys.iter().position(|k| *k == key),
        })?;
        self.next = found.map_or(0, |found| found + 1);
        Ok(found)
    }

    /// Moves to the value of the next member whose key `find` knows, skipping others, and returns what it makes of the key.
    pub(crate) fn next_member<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Invalid> {
        while let Some(known) = self.step(&find)? {
            if known.is_some() {
                return Ok(known);
            }
            self.skip()?;
        }
        Ok(None)
    }

    /// Reads the value of the member `key` into `slot`.
    ///
    /// # Errors
    /// [`Problem::DuplicateKey`] if the slot is taken, or what `read` reports; both at the key.
    pub fn member<T>(
        &mut self,
        key: &'static str,
        slot: &mut Option<T>,
        read: impl FnOnce(&mut Self) -> Result<T, Invalid>,
    ) -> Result<(), Invalid> {
        if slot.is_some() {
            return Err(Invalid::from(Problem::DuplicateKey).at_field(key));
        }
        *slot = Some(read(self).map_err(|e| e.at_field(key))?);
        Ok(())
    }

    /// Reads the value of the optional member `key` into `slot`; `null` becomes `Some(None)`, so that a second
    /// member of the name is still noticed.
    ///
    /// # Errors
    /// As [`Reader::member`].
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        slot: &mut Option<Option<T>>,
        read: impl FnOnce(&mut Self) -> Result<T, Invalid>,
    ) -> Result<(), Invalid> {
        self.member(key, slot, |r| if r.null()? { Ok(None) } else { read(r).map(Some) })
    }

    /// Looks ahead for the text of the member `key` of the object that is next, and stays before the object.
    ///
    /// # Errors
    /// Not an object; or the member is missing, occurs twice or is not a string, at the key.
    pub fn tag(&mut self, key: &'static str) -> Result<String, Invalid> {
        let mut ahead = self.clone();
        let mut tag = None;
        ahead.begin_object()?;
        while ahead.next_key(&[key])?.is_some() {
            ahead.member(key, &mut tag, Self::string)?;
        }
        required(key, tag)
    }

    /// Reads any value and drops it. Errors inside it carry no path, only a line and column.
    ///
    /// # Errors
    /// [`Problem::Syntax`], [`Problem::TooDeep`].
    pub fn skip(&mut self) -> Result<(), Invalid> {
        match self.peek()? {
            Peek::Null => self.null().map(drop),
            Peek::True | Peek::False => self.bool().map(drop),
            Peek::String => self.text(|_| Ok::<_, Invalid>(())),
            Peek::Array => self.items(Self::skip),
            Peek::Object => {
                self.begin_object()?;
                self.next_key(&[]).map(drop)
            }
            Peek::Number => self.digits().map(drop),
        }
    }

    fn peek(&mut self) -> Result<Peek, Invalid> {
        self.scan.peek().map_err(|e| syntax(self.data, &e))
    }

    /// Reads a list, each item by `item`, which consumes it.
    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Invalid>) -> Result<(), Invalid> {
        if self.peek()? != Peek::Array {
            return Err(self.wrong_type("a list"));
        }
        self.enter()?;
        let mut next = self.scan.array();
        while next.map_err(|e| syntax(self.data, &e))? {
            item(self)?;
            next = self.scan.next_item();
        }
        self.depth -= 1;
        Ok(())
    }

    /// Moves to the next member of an object begun, and returns what `found` makes of its key.
    fn step<T>(&mut self, found: impl FnOnce(&str) -> T) -> Result<Option<T>, Invalid> {
        let key = match mem::take(&mut self.fresh) {
            true => self.scan.object(),
            false => self.scan.next_key(),
        };
        let found = key.map_err(|e| syntax(self.data, &e))?.map(found);
        if found.is_none() {
            self.depth -= 1;
        }
        Ok(found)
    }

    fn enter(&mut self) -> Result<(), Invalid> {
        if self.depth == MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        self.depth += 1;
        Ok(())
    }

    /// The text of the number that is next.
    pub(super) fn number(&mut self, expected: &'static str) -> Result<&'a str, Invalid> {
        match self.peek()? {
            Peek::Number => self.digits(),
            _ => Err(self.wrong_type(expected)),
        }
    }

    fn digits(&mut self) -> Result<&'a str, Invalid> {
        self.scan.number().map_err(|e| syntax(self.data, &e))
    }

    /// The error for a next value that is not what was expected: that, if it is JSON at all.
    fn wrong_type(&mut self, expected: &'static str) -> Invalid {
        let found = match self.peek() {
            Ok(Peek::Null) => "null",
            Ok(Peek::True | Peek::False) => "a boolean",
            Ok(Peek::String) => "a string",
            Ok(Peek::Array) => "a list",
            Ok(Peek::Object) => "an object",
            _ => "a number",
        };
        match self.skip() {
            Err(syntax) => syntax,
            Ok(()) if found == "null" => Problem::Null { expected }.into(),
            Ok(()) => Problem::WrongType { expected, found }.into(),
        }
    }
}

/// The value of a required member.
///
/// # Errors
/// [`Problem::Missing`] at the key.
pub fn required<T>(key: &'static str, slot: Option<T>) -> Result<T, Invalid> {
    slot.ok_or_else(|| Invalid::from(Problem::Missing).at_field(key))
}

#[cold]
fn syntax(data: &[u8], flaw: &Flaw) -> Invalid {
    let before = &data[..flaw.at.min(data.len())];
    Problem::Syntax {
        line: 1 + before.iter().filter(|b| **b == b'\n').count(),
        column: 1 + before.iter().rev().take_while(|b| **b != b'\n').count(),
        message: flaw.message.to_owned(),
    }
    .into()
}

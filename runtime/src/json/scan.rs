//! The grammar of JSON (RFC 8259), one token at a time, from the front. It knows no types and no depth, and copies nothing but
//! strings with escapes. Nothing here recurses, so no input exhausts the stack.

/// What a value begins with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Peek {
    Null,
    True,
    False,
    String,
    Array,
    Object,
    Number,
}

/// Where and how a text is no JSON.
#[derive(Debug)]
pub(super) struct Flaw {
    /// The byte.
    pub(super) at: usize,
    /// What was met or missed there.
    pub(super) message: &'static str,
}

type Scanned<T> = Result<T, Flaw>;

/// Stands before a token of the text.
#[derive(Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Why the text ends where it does, if it is not the end of the input.
    end: &'static str,
    /// The last string that had escapes.
    unescaped: String,
}

/// The text of a string: a part of the input, or what its escapes stand for.
enum Str {
    Plain(usize, usize),
    Unescaped,
}

impl<'a> Scanner<'a> {
    /// Before the first token. Input that is not UTF-8 ends where that begins, and is an error there.
    pub(super) fn new(input: &'a [u8]) -> Self {
        let (text, end) = match str::from_utf8(input) {
            Ok(text) => (text, ""),
            Err(error) => {
                let text = input.get(..error.valid_up_to()).and_then(|valid| str::from_utf8(valid).ok());
                (text.unwrap_or_default(), "invalid UTF-8")
            }
        };
        Scanner { text, at: 0, end, unescaped: String::new() }
    }

    /// The place of the next byte.
    pub(super) fn index(&self) -> usize {
        self.at
    }

    /// What was scanned since `start`.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Checks that only white space follows.
    pub(super) fn finish(&mut self) -> Scanned<()> {
        self.space();
        match self.byte() {
            None if self.end.is_empty() => Ok(()),
            None => self.flaw(self.end),
            Some(_) => self.flaw("trailing characters"),
        }
    }

    /// What the next value begins with; stays before it.
    pub(super) fn peek(&mut self) -> Scanned<Peek> {
        self.space();
        match self.byte() {
            Some(b'"') => Ok(Peek::String),
            Some(b'-' | b'0'..=b'9') => Ok(Peek::Number),
            Some(b'{') => Ok(Peek::Object),
            Some(b'[') => Ok(Peek::Array),
            Some(b'n') => Ok(Peek::Null),
            Some(b't') => Ok(Peek::True),
            Some(b'f') => Ok(Peek::False),
            Some(_) => self.flaw("expected value"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    /// Behind a word that was peeked.
    pub(super) fn word(&mut self, word: &'static str) -> Scanned<()> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.flaw("expected value");
        }
        self.at += word.len();
        Ok(())
    }

    /// Behind a string that was peeked.
    pub(super) fn string(&mut self) -> Scanned<&str> {
        let string = self.quoted()?;
        Ok(self.shown(string))
    }

    /// Behind a number that was peeked: its text.
    pub(super) fn number(&mut self) -> Scanned<&'a str> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        match self.byte() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.byte() {
            Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') => self.flaw("invalid number"),
            _ => Ok(self.since(start)),
        }
    }

    /// Into a list that was peeked, before its first item if it has one.
    pub(super) fn array(&mut self) -> Scanned<bool> {
        self.at += 1;
        self.space();
        let empty = self.byte() == Some(b']');
        self.at += usize::from(empty);
        Ok(!empty)
    }

    /// Behind an item, before the next one if there is one.
    pub(super) fn next_item(&mut self) -> Scanned<bool> {
        self.space();
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                self.space();
                if self.byte() == Some(b']') { self.flaw("trailing comma") } else { Ok(true) }
            }
            Some(b']') => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => self.flaw("expected `,` or `]`"),
            None => self.ended("EOF while parsing a list"),
        }
    }

    /// Into an object that was peeked, before the value of its first key if it has one.
    pub(super) fn object(&mut self) -> Scanned<Option<&str>> {
        self.at += 1;
        self.space();
        if self.byte() == Some(b'}') {
            self.at += 1;
            return Ok(None);
        }
        self.key().map(Some)
    }

    /// Behind a member's value, before that of the next key if there is one.
    pub(super) fn next_key(&mut self) -> Scanned<Option<&str>> {
        self.space();
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                self.space();
                if self.byte() == Some(b'}') { self.flaw("trailing comma") } else { self.key().map(Some) }
            }
            Some(b'}') => {
                self.at += 1;
                Ok(None)
            }
            Some(_) => self.flaw("expected `,` or `}`"),
            None => self.ended("EOF while parsing an object"),
        }
    }

    fn key(&mut self) -> Scanned<&str> {
        match self.byte() {
            Some(b'"') => {}
            Some(_) => return self.flaw("key must be a string"),
            None => return self.ended("EOF while parsing an object"),
        }
        let key = self.quoted()?;
        self.space();
        match self.byte() {
            Some(b':') => self.at += 1,
            Some(_) => return self.flaw("expected `:`"),
            None => return self.ended("EOF while parsing an object"),
        }
        Ok(self.shown(key))
    }

    fn shown(&self, string: Str) -> &str {
        match string {
            Str::Plain(start, end) => self.text.get(start..end).unwrap_or_default(),
            Str::Unescaped => &self.unescaped,
        }
    }

    /// A string from its opening quote to behind its closing one.
    fn quoted(&mut self) -> Scanned<Str> {
        self.at += 1;
        let start = self.at;
        self.plain();
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(Str::Plain(start, self.at - 1));
        }
        self.unescaped.clear();
        let mut from = start;
        loop {
            self.unescaped.push_str(self.text.get(from..self.at).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Str::Unescaped);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let c = self.escape()?;
                    self.unescaped.push(c);
                }
                Some(_) => return self.flaw("control character in a string"),
                None => return self.ended("EOF while parsing a string"),
            }
            from = self.at;
            self.plain();
        }
    }

    /// To the next quote, backslash or control character: eight bytes at a time, and the rest one by one.
    fn plain(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(chunk) = bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            let special = special(u64::from_le_bytes(*chunk));
            if special != 0 {
                self.at += (special.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.at += 1;
        }
    }

    /// What the characters behind a backslash stand for.
    fn escape(&mut self) -> Scanned<char> {
        let c = match self.byte() {
            Some(c @ (b'"' | b'\\' | b'/')) => c as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            Some(_) => return self.flaw("invalid escape"),
            None => return self.ended("EOF while parsing a string"),
        };
        self.at += 1;
        Ok(c)
    }

    /// Four hexadecimal digits, or eight where the first four are half a character.
    fn unicode(&mut self) -> Scanned<char> {
        let start = self.at;
        let first = self.hexadecimal()?;
        let code = match first {
            0xd800..0xdc00 => {
                if !self.text.as_bytes()[self.at..].starts_with(b"\\u") {
                    return self.flaw("lone leading surrogate in an escape");
                }
                self.at += 2;
                let second = self.hexadecimal()?;
                // Below the range it wraps around, to what is no second half either.
                let second = second.wrapping_sub(0xdc00);
                if second >= 0x400 {
                    return self.flaw("lone leading surrogate in an escape");
                }
                0x1_0000 + ((first - 0xd800) << 10) + second
            }
            _ => first,
        };
        char::from_u32(code).ok_or(Flaw { at: start, message: "lone trailing surrogate in an escape" })
    }

    fn hexadecimal(&mut self) -> Scanned<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(byte) = self.byte() else { return self.ended("EOF while parsing a string") };
            let Some(digit) = char::from(byte).to_digit(16) else { return self.flaw("invalid escape") };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// One digit at least.
    fn digits(&mut self) -> Scanned<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.byte() {
            _ if self.at > start => Ok(()),
            Some(_) => self.flaw("invalid number"),
            None => self.ended("EOF while parsing a value"),
        }
    }

    fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn flaw<T>(&self, message: &'static str) -> Scanned<T> {
        Err(Flaw { at: self.at, message })
    }

    fn ended<T>(&self, message: &'static str) -> Scanned<T> {
        self.flaw(if self.end.is_empty() { message } else { self.end })
    }
}

/// The high bit of every byte that is a quote, a backslash or a control character; bits above the first such byte mean nothing.
fn special(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5c);
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    ((quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_special_byte_is_found(bytes: [u8; 8], near in 0x1e_u8..0x25, at in 0..8_usize) {
            let mut bytes = bytes;
            bytes[at] = near;
            let first = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            let special = special(u64::from_le_bytes(bytes));
            prop_assert_eq!((special != 0).then(|| (special.trailing_zeros() / 8) as usize), first);
        }

        #[test]
        fn numbers_are_those_of_serde_json(text in "[0-9-][0-9.eE+-]{0,8}") {
            let mut scanner = Scanner::new(text.as_bytes());
            let scanned = scanner.number().is_ok() && scanner.finish().is_ok();
            let oracle = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(scanned, oracle, "{}", text);
        }
    }
}

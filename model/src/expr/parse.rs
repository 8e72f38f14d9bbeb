//! Scalars to [`Expr`] trees, by precedence. A scalar without a path or a call is a literal and is not looked into.
//! Nothing is known here of types or functions; depth and size are bounded, so that no text can exhaust the stack.

use super::lex::{self, Part, Problem, Token, is_expression};
use super::{Expr, ExprKind, Operator, Root};
use crate::{
    diag::{Diagnostic, Diagnostics, codes},
    source::Span,
};

/// How deeply parentheses, signs and calls may be nested.
const MAX_DEPTH: usize = 32;

/// How many operators, operands and calls one scalar may have: a chain of operators nests its tree without nesting the text.
const MAX_PARTS: usize = 64;

/// Binary operators and how tightly they bind.
const BINARY: &[(&str, Operator, u8)] = &[
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("==", Operator::Equal, COMPARISON),
    ("!=", Operator::NotEqual, COMPARISON),
    ("<=", Operator::LessOrEqual, COMPARISON),
    (">=", Operator::GreaterOrEqual, COMPARISON),
    ("<", Operator::Less, COMPARISON),
    (">", Operator::Greater, COMPARISON),
    ("??", Operator::Coalesce, 4),
    ("+", Operator::Add, 5),
    ("-", Operator::Subtract, 5),
    ("*", Operator::Multiply, 6),
];

/// The level of comparisons, which do not chain.
const COMPARISON: u8 = 3;

/// Reads a scalar's text, whose first byte stands at the start of `span`. What cannot be read is reported and becomes
/// [`ExprKind::Broken`].
pub fn parse_scalar(text: &str, quoted: bool, span: Span, diags: &mut Diagnostics) -> Expr {
    if !is_expression(text) {
        return Expr { span, kind: ExprKind::Literal { text: text.to_owned(), quoted } };
    }
    parse(text, span).unwrap_or_else(|problem| {
        let place = span.slice(problem.start, problem.end);
        diags.push(Diagnostic::new(&codes::BAD_EXPRESSION, place, problem.message).maybe_help(problem.help));
        Expr { span, kind: ExprKind::Broken }
    })
}

fn parse(text: &str, span: Span) -> Result<Expr, Problem> {
    let mut parser = Parser { text, span, token: Token::End, start: 0, end: 0, last: 0, depth: 0, parts: 0 };
    parser.advance()?;
    let expr = parser.binary(1)?;
    match parser.token {
        Token::End => Ok(expr),
        _ => {
            let help = "text that holds a `$name`, `self.name` or `name(` is an expression; to mean the text itself, quote it \
                        once more: \"'text'\"";
            Err(parser.unexpected("the end or an operator").help(help))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    span: Span,
    /// The token at hand.
    token: Token<'a>,
    start: usize,
    end: usize,
    /// Where the token before it ended.
    last: usize,
    depth: usize,
    parts: usize,
}

impl<'a> Parser<'a> {
    fn advance(&mut self) -> Result<(), Problem> {
        self.last = self.end;
        (self.token, self.start, self.end) = lex::next(self.text, self.end)?;
        Ok(())
    }

    /// The token at hand is not what should stand here.
    fn unexpected(&self, expected: &str) -> Problem {
        match self.text[self.start..self.end].trim() {
            "" => {
                Problem::new(self.last, self.text.len(), format!("the expression ends where {expected} should stand"))
            }
            found => Problem::new(self.start, self.end, format!("expected {expected}, found `{found}`")),
        }
    }

    fn part(&mut self) -> Result<(), Problem> {
        self.parts += 1;
        if self.parts <= MAX_PARTS {
            return Ok(());
        }
        let problem = Problem::new(self.start, self.end, format!("the expression has more than {MAX_PARTS} parts"));
        Err(problem.help("write a hook: `fn(name)`"))
    }

    /// Operators that bind at least as tightly as `level`.
    fn binary(&mut self, level: u8) -> Result<Expr, Problem> {
        let mut left = self.unary()?;
        let mut compared = false;
        while let Token::Symbol(symbol) = self.token
            && let Some(&(_, operator, binds)) = BINARY.iter().find(|(s, _, binds)| *s == symbol && *binds >= level)
        {
            if binds == COMPARISON && compared {
                let problem = Problem::new(self.start, self.end, "comparisons do not chain");
                return Err(problem.help("write `a < b && b < c`"));
            }
            compared = binds == COMPARISON;
            self.part()?;
            self.advance()?;
            let right = self.binary(binds + 1)?;
            let span = left.span.to(right.span);
            left = Expr { span, kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)) };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Problem> {
        let operator = match self.token {
            Token::Symbol("!") => Operator::Not,
            Token::Symbol("-") => Operator::Negate,
            _ => return self.primary(),
        };
        let start = self.start;
        self.part()?;
        let inner = self.nested(|p| {
            p.advance()?;
            p.unary()
        })?;
        let span = self.span.slice(start, self.last);
        Ok(Expr { span, kind: ExprKind::Unary(operator, Box::new(inner)) })
    }

    /// One level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Problem>) -> Result<T, Problem> {
        if self.depth == MAX_DEPTH {
            let problem = Problem::new(self.start, self.end, format!("more than {MAX_DEPTH} levels of nesting"));
            return Err(problem.help("write a hook: `fn(name)`"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn primary(&mut self) -> Result<Expr, Problem> {
        self.part()?;
        let (start, end) = (self.start, self.end);
        let kind = match &self.token {
            Token::Source(parts) => match parts.as_slice() {
                [("meta", _)] => {
                    let problem = Problem::new(start, end, "`$meta` is not a value");
                    return Err(problem.help("write one of its members, such as `$meta.time`"));
                }
                [("meta", _), rest @ ..] => ExprKind::Path(Root::Meta, self.steps(rest)),
                all => ExprKind::Path(Root::Source, self.steps(all)),
            },
            Token::State(parts) => ExprKind::Path(Root::State, self.steps(parts)),
            Token::Number(digits) => ExprKind::Literal { text: (*digits).to_owned(), quoted: false },
            Token::Text(text) => ExprKind::Literal { text: text.clone(), quoted: true },
            Token::Word(word) => {
                let word = *word;
                return self.word(word);
            }
            Token::Symbol("(") => {
                return self.nested(|p| {
                    p.advance()?;
                    let inner = p.binary(1)?;
                    p.expect(")", start)?;
                    Ok(inner)
                });
            }
            Token::Symbol("[") => {
                let (items, span) = self.nested(|p| p.items("]"))?;
                return Ok(Expr { span, kind: ExprKind::List(items) });
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.advance()?;
        Ok(Expr { span: self.span.slice(start, end), kind })
    }

    fn steps(&self, parts: &[Part<'a>]) -> Vec<(String, Span)> {
        parts.iter().map(|(name, at)| ((*name).to_owned(), self.span.slice(*at, at + name.len()))).collect()
    }

    /// A bare word, a call or a hook.
    fn word(&mut self, word: &'a str) -> Result<Expr, Problem> {
        let (start, end) = (self.start, self.end);
        self.advance()?;
        if self.token != Token::Symbol("(") {
            let kind = ExprKind::Literal { text: word.to_owned(), quoted: false };
            return Ok(Expr { span: self.span.slice(start, end), kind });
        }
        let (arguments, list) = self.nested(|p| p.items(")"))?;
        let name = self.span.slice(start, end);
        let span = name.to(list);
        if word != "fn" {
            return Ok(Expr { span, kind: ExprKind::Call((word.to_owned(), name), arguments) });
        }
        match arguments.as_slice() {
            [Expr { kind: ExprKind::Literal { text, quoted: false }, .. }] if is_hook_name(text) => {
                Ok(Expr { span, kind: ExprKind::Hook(text.clone()) })
            }
            _ => {
                let problem = Problem::new(start, self.last, "`fn` needs the name of a hook");
                Err(problem.help("write `fn(name)`; the name is a Rust function's, such as `price_order`"))
            }
        }
    }

    /// The items up to the closing bracket, behind the opening one at hand; with the span of both brackets.
    fn items(&mut self, close: &'static str) -> Result<(Vec<Expr>, Span), Problem> {
        let start = self.start;
        let mut items = Vec::new();
        self.advance()?;
        while self.token != Token::Symbol(close) {
            items.push(self.binary(1)?);
            if self.token != Token::Symbol(",") {
                break;
            }
            self.advance()?;
        }
        self.expect(close, start)?;
        Ok((items, self.span.slice(start, self.last)))
    }

    /// The closing bracket of the one at `open`.
    fn expect(&mut self, close: &'static str, open: usize) -> Result<(), Problem> {
        match &self.token {
            Token::Symbol(symbol) if *symbol == close => self.advance(),
            Token::End => Err(Problem::new(open, open + 1, format!("the closing `{close}` is missing"))),
            _ => Err(self.unexpected(&format!("an operator or `{close}`"))),
        }
    }
}

/// Hooks become Rust functions.
fn is_hook_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && text.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::testing::{Page, show};
    use proptest::prelude::*;

    fn parsed(text: &str) -> String {
        let mut page = Page::default();
        let span = page.write(text);
        let expr = parse_scalar(text, false, span, &mut page.diags);
        assert!(page.diags.is_empty(), "{}", page.report());
        show(&expr)
    }

    #[test]
    fn operators_bind_as_documented() {
        for (text, tree) in [
            ("USD", "USD"),
            ("hello world", "\"hello world\""),
            ("-5", "-5"),
            ("$x", "$x"),
            ("$a.b.c", "$a.b.c"),
            ("self.items", "self.items"),
            ("$meta.time", "$meta.time"),
            ("$metadata", "$metadata"),
            ("$a + $b * $c", "(+ $a (* $b $c))"),
            ("$a - $b - $c", "(- (- $a $b) $c)"),
            ("($a - $b) * 2", "(* (- $a $b) 2)"),
            ("$a ?? 0 + 1", "(?? $a (+ 0 1))"),
            ("$a ?? $b ?? 0", "(?? (?? $a $b) 0)"),
            ("$a ?? 0 > 1", "(> (?? $a 0) 1)"),
            ("self.status == pending", "(== self.status pending)"),
            ("!self.a && self.b || $c", "(|| (&& (! self.a) self.b) $c)"),
            ("$a == 1 && $b != 'x y'", "(&& (== $a 1) (!= $b \"x y\"))"),
            ("$a <= $b", "(<= $a $b)"),
            ("- -$a", "(- (- $a))"),
            ("$a * -1.5e3", "(* $a (- 1.5e3))"),
            ("new_id()", "new_id()"),
            ("split($name, \" \", 0)", "split($name, \" \", 0)"),
            ("join([lower($a), 'b',], \",\")", "join([lower($a), \"b\"], \",\")"),
            ("fn(price_order)", "fn(price_order)"),
            ("'it''s $5' + $x", "(+ \"it's $5\" $x)"),
            (r#""a\"\\\n\t" + $x"#, r#"(+ "a\"\\\n\t" $x)"#),
            ("'self.x'", "\"self.x\""),
            ("$größe", "$größe"),
        ] {
            assert_eq!(parsed(text), tree, "{text}");
        }
    }

    #[test]
    fn quoted_scalars_follow_the_same_rule() {
        let mut page = Page::default();
        let span = page.write("$x");
        assert_eq!(show(&parse_scalar("$x", true, span, &mut page.diags)), "$x");
        assert_eq!(show(&parse_scalar("USD", true, span, &mut page.diags)), "\"USD\"");
    }

    #[test]
    fn spans_lie_on_the_very_words() {
        let mut page = Page::default();
        let text = "$a.bc + split($d, 'é', 0)";
        let span = page.write(text);
        let expr = parse_scalar(text, false, span, &mut page.diags);
        let ExprKind::Binary(_, left, right) = &expr.kind else { panic!("{expr:?}") };
        let (ExprKind::Path(_, steps), ExprKind::Call((_, name), arguments)) = (&left.kind, &right.kind) else {
            panic!("{expr:?}")
        };
        let places = [expr.span, left.span, steps[1].1, right.span, *name, arguments[1].span];
        let texts = places.map(|span| page.sources.text(span).to_owned());
        assert_eq!(texts, [text, "$a.bc", "bc", "split($d, 'é', 0)", "split", "'é'"]);
    }

    #[test]
    fn what_cannot_be_read_is_shown() {
        let mut page = Page::default();
        for text in [
            "$a +",
            "$a $b",
            "($a",
            "split($a, 0",
            "$a < $b < $c",
            "$a = 1",
            "$a / 2",
            "$a.",
            "$a == order.placed",
            "$a + 'b",
            "$a + \"\\q\"",
            "$meta.time > $meta",
            "$a > 2024-01-15",
            "fn()",
            "fn(Price)",
            "hello $name",
            "$a + )",
        ] {
            let span = page.write(text);
            let expr = parse_scalar(text, false, span, &mut page.diags);
            assert!(matches!(expr.kind, ExprKind::Broken), "{text}");
        }
        insta::assert_snapshot!(page.report());
    }

    #[test]
    fn no_text_exhausts_the_stack() {
        for text in
            ["(".repeat(100_000) + "$a", "-".repeat(100_000) + "$a", "f(".repeat(100_000), "$a+".repeat(100_000) + "$a"]
        {
            let mut page = Page::default();
            let span = page.write(&text);
            let expr = parse_scalar(&text, false, span, &mut page.diags);
            assert!(matches!(expr.kind, ExprKind::Broken), "{}", &text[..4]);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in r#"([$a-z .()+*!?=&|'"\[\],\\0-9<>é-]|self\.|split\(|\PC){0,40}"#) {
            let mut page = Page::default();
            let span = page.write(&text);
            let expr = parse_scalar(&text, false, span, &mut page.diags);
            prop_assert_eq!(page.diags.is_empty(), !matches!(expr.kind, ExprKind::Broken));
        }
    }
}

//! Why a payload is refused: one problem and the path of the value at fault.
//! Building the path costs nothing on success, since it happens while an error unwinds.

use std::fmt;

use crate::{Problem, problem::shown};

/// A refused payload: what is wrong, and where. Displayed as `items[2].quantity: 0 is less than ...`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(Box<Located>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Located {
    problem: Problem,
    /// From the value outward, because the path is built while the error unwinds.
    path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(&'static str),
    Index(usize),
    Key(String),
}

impl From<Problem> for Invalid {
    fn from(problem: Problem) -> Self {
        Self(Box::new(Located { problem, path: Vec::new() }))
    }
}

impl Invalid {
    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Where, such as `items[2].unitPrice` or `labels["a b"]`; empty for the whole payload.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.path.iter().rev() {
            match step {
                Step::Field(name) if path.is_empty() => path.push_str(name),
                Step::Field(name) => path.extend([".", name]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) => path.push_str(&format!("[{key:?}]")),
            }
        }
        path
    }

    /// Where, as a JSON pointer (RFC 6901), such as `/items/2/unitPrice`; empty for the whole payload.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.0.path.iter().rev() {
            pointer.push('/');
            match step {
                Step::Field(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => pointer.push_str(&index.to_string()),
                Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            }
        }
        pointer
    }

    /// The same error, seen from the record whose member `name` (on the wire) holds the value.
    #[must_use]
    pub fn at_field(self, name: &'static str) -> Self {
        self.at(Step::Field(name))
    }

    /// The same error, seen from the list whose item `index` (from 0) holds the value.
    #[must_use]
    pub fn at_index(self, index: usize) -> Self {
        self.at(Step::Index(index))
    }

    /// The same error, seen from the map whose entry `key` holds the value.
    #[must_use]
    pub fn at_key(self, key: &str) -> Self {
        self.at(Step::Key(shown(key)))
    }

    /// The same error, with `shown` in the place of the value and of keys of maps in the path so far: of data that is not for logs.
    #[must_use]
    pub fn hide(mut self, shown: &str) -> Self {
        self.0.problem.hide(shown);
        for step in &mut self.0.path {
            if let Step::Key(key) = step {
                shown.clone_into(key);
            }
        }
        self
    }

    fn at(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        write!(f, "{}: {}", if path.is_empty() { "payload" } else { &path }, self.problem())
    }
}

impl std::error::Error for Invalid {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_reads_from_the_root() {
        let low = || Problem::BelowMinimum { value: "0".into(), minimum: "1".into() };
        let invalid = Invalid::from(low()).at_field("quantity").at_index(2).at_field("items");
        assert_eq!(invalid.path(), "items[2].quantity");
        assert_eq!(invalid.to_string(), "items[2].quantity: 0 is less than the minimum 1");
        assert_eq!(Invalid::from(low()).to_string(), "payload: 0 is less than the minimum 1");
        let keyed = Invalid::from(Problem::Missing).at_field("unit").at_key("a \"b").at_field("labels");
        assert_eq!(keyed.to_string(), r#"labels["a \"b"].unit: is missing"#);
        assert_eq!(invalid.pointer(), "/items/2/quantity");
        let odd = Invalid::from(Problem::Missing).at_key("a/b~c");
        assert_eq!(odd.pointer(), "/a~1b~0c");
        assert_eq!(Invalid::from(Problem::DuplicateItem).at_index(0).path(), "[0]");
        let hidden = Invalid::from(low()).at_key("ada").hide("<pii>").at_key("b").at_field("ages");
        assert_eq!(hidden.to_string(), r#"ages["b"]["<pii>"]: <pii> is less than the minimum 1"#);
    }
}

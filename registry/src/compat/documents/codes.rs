//! The table of all reasons why a payload is not read: one row a code, with the text that `isobar explain` shows. Each has a
//! folder in `tests/fixtures/compat` with the smallest pair of schemas that shows it.

use isobar_model::diag::{Severity, codes::Code};

macro_rules! codes {
    ($($name:ident $severity:ident $text:literal $summary:literal $explain:literal)*) => {
        $(
            #[doc = $summary]
            pub static $name: Code =
                Code { name: $text, severity: Severity::$severity, summary: $summary, explain: $explain };
        )*
        /// Every code.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}

codes! {
    MISSING Error "compat-missing" "a property that consumers need may be missing"
        "Consumers require a property that producers may leave out, or do not have at all. Make it optional for consumers, give\nit a default, or require it of producers."
    KIND Error "compat-kind" "a value may be of a kind that consumers do not read"
        "Producers may write, say, a text where consumers read a number. Let consumers accept both kinds, or add a property\nbeside the old one instead of changing it."
    VALUE Error "compat-value" "a value may be none of those that consumers know"
        "Consumers accept a closed list of values, and producers may write another one. Teach consumers the value first, or keep\nthe enum open."
    RANGE Error "compat-range" "a number may be outside the range that consumers accept"
        "Limits of consumers may be widened, limits of producers narrowed, and not the other way round."
    MULTIPLE Error "compat-multiple" "a number may be no multiple of what consumers ask for"
        "`multipleOf` of consumers must divide that of producers: whoever writes cents cannot be read by whoever reads whole\nunits."
    LENGTH Error "compat-length" "a text may be longer or shorter than consumers accept"
        "Lengths count characters. Limits of consumers may be widened, limits of producers narrowed, and not the other way round."
    PATTERN Error "compat-pattern" "a text may not match what consumers ask for"
        "Consumers check a regular expression that does not cover all that producers may write. The witness is the smallest such\ntext that was found."
    FORMAT Error "compat-format" "a text may not be of the format that consumers check"
        "Up to draft 7 of JSON Schema, formats such as `date-time` are checked; since 2019-09 they say nothing. State the\nformat on both sides."
    ITEMS Error "compat-items" "an array may have more or fewer items than consumers accept"
        "Limits of consumers may be widened, limits of producers narrowed, and not the other way round. A list of schemas for the\nfirst items that is closed afterwards is a limit, too."
    REPEATED Error "compat-repeated" "an array may hold an item twice"
        "Consumers ask for `uniqueItems`, and producers do not keep to it."
    CONTAINS Error "compat-contains" "an array may lack an item that consumers look for, or have too many of them"
        "Consumers state by `contains` which items must be among the others, and producers may write arrays where that is not so."
    REFUSED Error "compat-refused" "consumers refuse a property that producers may write"
        "It is forbidden, or the object is closed and the property is unknown. Under the content `producer` only properties that\nanother branch of the same schema declares are refused in this way; under `strict`, all unknown ones are."
    NAMES Error "compat-names" "a property may have a name that consumers refuse"
        "Consumers state by `propertyNames` what names may look like, and producers may write others."
    COUNT Error "compat-count" "an object may have more or fewer properties than consumers accept"
        "Limits of consumers (`minProperties`, `maxProperties`) may be widened, limits of producers narrowed, and not the other\nway round."
    BRANCH Error "compat-branch" "a value may fit none of the branches that consumers know"
        "Of `anyOf` or `oneOf`, no branch accepts what producers may write. Consumers must learn a new branch before producers\nwrite it."
    AMBIGUOUS Error "compat-ambiguous" "a value may fit several branches where consumers ask for exactly one"
        "`oneOf` refuses what two of its branches accept. Tell the branches apart by a property with a value of its own in each,\nor use `anyOf`."
    EXCLUDED Error "compat-excluded" "consumers exclude a value that producers may write"
        "It is what consumers state under `not`, or what they refuse for a reason that has no code of its own; the message says\nwhich."
    UNDECIDED Warning "compat-undecided" "it is not known whether consumers can read everything"
        "A keyword could not be decided: the message names it and where it stands. The schemas may well be compatible; nothing\nis guessed, and the exit code is 3. Often a simpler way of saying the same is understood."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_explains_itself_in_lines_that_can_be_read() {
        for code in ALL {
            assert!(code.name.starts_with("compat-"), "{}", code.name);
            assert!(code.explain.lines().all(|line| line.len() <= 130), "{}", code.name);
            assert!(!code.summary.ends_with('.'), "{}", code.name);
            assert_eq!(find(code.name), Some(*code));
        }
        assert_eq!(find("unknown-key"), None);
    }
}

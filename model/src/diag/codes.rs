//! The table of all codes: one row a code, with the text that `isobar explain` shows. Tests hold that each has a fixture.

use super::Severity;

/// One kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// What it is called everywhere: `unknown-key`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// Why it is refused and what to do, a few lines of plain text.
    pub explain: &'static str,
}

macro_rules! codes {
    ($($name:ident $severity:ident $text:literal $summary:literal $explain:literal)*) => {
        $(
            #[doc = $summary]
            pub static $name: Code =
                Code { name: $text, severity: Severity::$severity, summary: $summary, explain: $explain };
        )*
        /// Every code, in the order of the pipeline.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}

codes! {
    // Reading files.
    UNREADABLE Error "unreadable" "a file or folder cannot be read"
        "The operating system refused to read it, or it is not there. Nothing is checked against what could not be read."
    SYMLINK_LOOP Error "symlink-loop" "a symbolic link leads back to a folder above it"
        "Following it would never end. Remove the link, or point it at a folder outside of its own path."
    FILE_TOO_LARGE Error "file-too-large" "a file is larger than any storming"
        "Files over 8 MiB are not read: a model of that size is a mistake or an attack. Split the context over several\n*.storm.yaml files; files of one context are merged."
    NOT_UTF8 Error "not-utf8" "a file is not UTF-8"
        "YAML is Unicode text. Save the file as UTF-8; the message names the first byte that is wrong."
    BAD_PATH Error "bad-path" "a file has a path that no workspace can have"
        "Files that are sent to a registry have paths below the workspace, with `/`, which mean the same on every system: no `..`,\nno empty part, no backslash, colon or control character, and at most 512 bytes."

    // YAML.
    YAML_SYNTAX Error "yaml-syntax" "the text is not YAML"
        "The parser could not go on from this place. Nothing behind it in this file was checked."
    YAML_TOO_DEEP Error "yaml-too-deep" "the text is nested too deeply"
        "More than 64 levels of nesting are refused, so that no input can exhaust the stack."
    YAML_ANCHOR Error "yaml-anchor" "anchors, aliases and tags are not part of the notation"
        "An alias can make a small file stand for an enormous one, and a reader cannot see what it stands for. Name a type\nunder `types:` and refer to it by its name instead."
    YAML_DOCUMENTS Error "yaml-documents" "a file holds more than one document"
        "One file is one document. Put the second one into a file of its own."
    DUPLICATE_KEY Error "duplicate-key" "a key stands twice in one mapping"
        "YAML readers disagree about which of the two counts, so neither does here."

    // The notation.
    UNKNOWN_KEY Error "unknown-key" "a key is not part of the notation"
        "Keys are a closed list at every place, so that a misspelt one is found and not silently ignored."
    MISSING_KEY Error "missing-key" "a required key is missing"
        "The place that is named needs this key to mean anything."
    WRONG_KIND Error "wrong-kind" "a mapping, a list or a scalar stands where another was expected"
        "For example a list where `name: type` pairs were expected."
    BAD_NAME Error "bad-name" "a name is not an identifier"
        "Names of contexts, types, messages and fields start with a letter or `_` and go on with letters, digits and `_`\n(contexts, topics, brokers, teams and consumers may hold `-` and `.`)."
    BAD_VALUE Error "bad-value" "a setting has a value that is not allowed"
        "The message says what is, and where a word is close to one that is allowed, which one may have been meant."
    BAD_VERSION Error "bad-version" "a version is not written `vMAJOR.MINOR`"
        "Versions carry a `v`, since an unquoted 1.10 is the number 1.1 to YAML."
    BAD_TYPE Error "bad-type" "a type expression cannot be read"
        "Types are scalars (`string bool int int32 uint uint32 float decimal(S) uuid timestamp date duration bytes json`),\n`id(prefix_)`, `list<T>`, `set<T>`, `map<T>`, and names such as `OrderId` or `ordering.OrderId`. Behind a type may stand\n`?`, `= default` and `@tag`."
    AMBIGUOUS_SCALAR Error "ambiguous-scalar" "YAML readers would disagree about this scalar"
        "YAML 1.1 reads `on`, `yes`, `no` and `off` as booleans, YAML 1.2 reads them as text. Quote it."
    BAD_BOUND Error "bad-bound" "a bound does not fit its type"
        "`min` and `max` bound numbers; `min_length` and `max_length` bound text, bytes, lists, sets and maps; `pattern` and\n`format` belong to text. A lower bound is not above the upper one."
    BAD_PATTERN Error "bad-pattern" "a pattern is not a regular expression"
        "Patterns are searched for anywhere in the text, as in JSON Schema; anchor them with `^` and `$`."
    BAD_LITERAL Error "bad-literal" "a literal does not conform to its type"
        "Defaults, examples and literals in expressions are checked against the type of the field they are for."
    BAD_EXAMPLE Error "bad-example" "an example is not a payload of its message"
        "Examples become test cases and documentation, so they must be valid: every required field, no unknown one."

    // Names.
    DUPLICATE_NAME Error "duplicate-name" "a name is defined twice"
        "Events and commands of a context share one space of names; types, read models, policies and sagas have one each.\nFiles of one context are merged, so the other definition may be in another file."
    UNKNOWN_NAME Error "unknown-name" "a name refers to nothing"
        "Names of the same context are written bare, names of another one as `context.Name`."
    UNKNOWN_FIELD Error "unknown-field" "a path names a field that is not there"
        "The record that the path runs through has no such field."
    WIRE_CLASH Error "wire-clash" "two things have the same name on the wire"
        "A reader could not tell them apart: two fields of one record, the tag of a union and a field of a branch, two roles of an\nenvelope, a role of an envelope without `data` and a field, or two events of one context. Give one of them another `wire`\nname or place."
    UNVERSIONED_ENVELOPE Error "unversioned-envelope" "an envelope does not say which version its data has"
        "Data of this major would be read as that of another one. Give the envelope the role `schema_version`, or choose another\nenvelope for the event."
    ENDLESS_TYPE Error "endless-type" "a type contains itself with nothing to end it"
        "Every value of it would be infinite. Make the field optional, or put it in a list, a set, a map or a branch of a union\nthat has another way out. A default must end, too: what it leaves out may not be filled by itself."

    // Expressions.
    BAD_EXPRESSION Error "bad-expression" "an expression cannot be read"
        "`$x.y` is a field of the source, `self.x` of the state, `$meta.time` of the envelope. Operators are\n`+ - * == != < <= > >= && || ! ??`; functions are `new_id now split join cents lower upper len`, and `fn(name)` is a hook.\nEverything without a path or a call is a literal."
    TYPE_MISMATCH Error "type-mismatch" "an expression has another type than its target"
        "Every value of the expression must be a value of the target. Numbers convert where nothing can be lost."
    MAYBE_ABSENT Error "maybe-absent" "an optional value is used where one is required"
        "Give a value for the case that it is absent: `$x ?? 0`."
    UNSET_FIELD Error "unset-field" "nothing says where a required field comes from"
        "A field of the same name and type is copied, an optional one is absent, one with a default has its default. Everything\nelse needs an assignment."
    UNREAD_FIELD Error "unread-field" "an old field is read by nothing and not named in `removed`"
        "Data would be lost without anybody having said so. Use it in `upgrade`, name it under `removed`, or say in\n`downgrade` what readers of the old version see instead."
    BAD_REMOVED Error "bad-removed" "`removed` names a field that is not gone"
        "It names old fields that the new version has not and that `upgrade` does not read."
    HOOK_EXAMPLE Error "hook-example" "a hook has no example to test it with"
        "A hook is Rust code that Isobar cannot see into. At least one example of the old version shows that it works."

    // History.
    HISTORY_LOCK Error "history-lock" "the history's lock cannot be read"
        "`history/isobar.lock` holds a line for every released file: its hash and its path. It is written by `isobar release`."
    HISTORY_UNLOCKED Error "history-unlocked" "a history has no lock"
        "Without `history/isobar.lock` nothing tells whether released files are as they were released. Restore it from version\ncontrol. For a history that was written by hand, `isobar release --adopt` writes a lock for the files as they are, once."
    HISTORY_EDITED Error "history-edited" "a released file was changed"
        "Released files never change: data of that version is out there. Restore the file from version control, and make the\nchange in the *.storm.yaml as a new version."
    HISTORY_MISSING Error "history-missing" "a released file is gone"
        "Data of that version is out there and must stay readable. Restore the file from version control."
    HISTORY_EXTRA Error "history-extra" "a file of the history was not written by a release"
        "Only `isobar release` writes history. Remove the file, or put its content into a *.storm.yaml and release it."
    HISTORY_MISPLACED Error "history-misplaced" "a released file says another name or version than its path"
        "`history/<context>/<Event>/v1.0.yaml` holds `event: <context>.<Event>` and `version: v1.0`."
    HISTORY_GAP Error "history-gap" "versions of an event do not follow one another"
        "Minor versions count from v1.0 without gaps, and majors too."
    UNWRITABLE Error "unwritable" "a file or folder cannot be written"
        "The operating system refused to write it, or another release is running. A release that was interrupted is finished or\nundone by the next one; the history is the old or the new one at any time."
    RELEASED_GONE Error "released-gone" "a released event is no longer in the model"
        "Data of it is out there. Keep it (`deprecated:` says that it should not be used), rename it with `renamed_from`, or say\n`dropped: true`."
    VERSION_TOO_LOW Error "version-too-low" "the declared version is lower than the change needs"
        "The version is computed from the change: minor when every earlier version of the major can still be read (and, under\n`forward` and `full`, can read the new one), major otherwise. Declaring more than that is allowed."
    VERSION_SKIPS Error "version-skips" "the declared version leaves a gap"
        "The next minor and the next major are the only two versions that can come next."
    INCOMPATIBLE Error "incompatible" "a change breaks what the compatibility policy promises"
        "Under this policy a release within the major must be readable in the directions that the policy names. Release it as a\nnew major with an `upgrade`, or make the change compatible."

    // What a release would do to others.
    UPGRADE_FAILS Error "upgrade-fails" "an upgrade fails for a payload that was allowed"
        "The payload that is shown could have been stored in the old version, and the upgrade has no valid result for it. Make the\nexpression fit (`??` for what may be absent), widen the bounds of the new field, or write a hook. What stands beside a hook\nis tried like all else; the hook itself is tested where it is written."
    MAY_OVERFLOW Warning "may-overflow" "an upgrade or downgrade overflows for numbers that nobody bounded"
        "The payload that is shown was allowed, and a sum or product of its numbers exceeds what any number of its type holds: 64 bits,\nor the digits of a decimal. Reading it as the new version gives an error value. What was released cannot be bounded any more:\nwrite a hook that says what becomes of such data, or waive the finding if there is none. Bound such fields in new versions."
    DOWNGRADE_FAILS Error "downgrade-fails" "a downgrade fails for a payload that is allowed"
        "Readers of the previous major would be given nothing for the payload that is shown. Make the expression of `downgrade` fit,\nor leave it out: then there is no way back, and consumers are held to the versions they accept."
    SCENARIO_FAILS Error "scenario-fails" "a scenario is not what the model does"
        "The scenario was run: `given` was applied to the state, the command was held against `requires`, its event was made, applied\nand held against the invariants. What came is not what `then` or `state` say. One of them is wrong, or `requires`, `fill`,\n`apply` or an invariant is. Where a hook or a fresh value decides nothing is said."
    BREAKS_CONSUMER Error "breaks-consumer" "a release would break a consumer"
        "A consumer says which versions it `accepts` and which fields it `needs`. It can read the new version if it accepts it, if\nits own version reads the same data, or if `downgrade` brings the data back to a version that it accepts, with the fields that\nit needs. Talk to its owner, give the event a `downgrade`, or accept it for a time with a waiver."
    CONSUMER_LOSES Warning "consumer-loses" "a consumer gets data without a field that it needs"
        "The consumer is served by `downgrade`, which puts a fixed value where the field's own value cannot come back."
    CONSUMER_WAITS Warning "consumer-waits" "a consumer reads an event that is over"
        "The event was split, merged or dropped, and new data of it is no longer written. Say what the consumer reads instead under\n`accepts` and `needs`."
    BASE_MISSING Error "base-missing" "a version that was released on the base is not here"
        "`isobar check --against` compares with another revision. What was released there is out there: restore the file, or\nmerge or rebase where it is not known whether this branch ever had it."
    BASE_CLASH Error "base-clash" "a released version is another one than on the base"
        "Both sides released the same version with different content, or a released file was changed here. Take the base's file and\nlock, and release again: what is yours becomes the next version."
    BASE_DRAFT Warning "base-draft" "a draft will be another version once the base is merged"
        "The base has released versions that are not here. Beside them the draft is another version than it is now."
    BASE_PASSED Error "base-passed" "a released version is older than what the registry has, and not there"
        "Versions of an event come into the registry in their order, and nobody would expect a new one between two old ones. It\nwas released beside a newer version that was pushed first. Release what it changed again, on top of that."
    CONTEXT_OWNED Error "context-owned" "a context belongs to another workspace of the registry"
        "A context has one workspace, which alone releases its events. Give this one another name. To read the events of that\none, bring them here with `isobar pull`."

    // Waivers.
    WAIVER_EXPIRED Error "waiver-expired" "a waiver has expired"
        "What it accepted counts again. Mend it, or agree on a new date with the owner; if it is mended, remove the waiver."
    WAIVER_UNUSED Warning "waiver-unused" "a waiver waives nothing"
        "No finding has its code, message and name. It is done with: remove it, or it hides the next one."

    // Generating code.
    NAME_COLLISION Error "name-collision" "two names become the same name in generated code"
        "Rust writes fields as `customer_id` and types as `OrderPlaced`, so that names which differ only in capitals and\nunderscores meet. Rename one; a field keeps its JSON name with `wire`."
    NOT_GENERATED Error "not-generated" "something in the model cannot be generated yet"
        "The message says what. Code that left it out would compile and be wrong, so nothing is generated at all."
}

/// The codes whose findings may be waived: nothing else is wrong with a workspace that has them, and all of it can be
/// generated and released. What is wrong with the notation or with the history itself cannot be accepted for a time.
pub static WAIVABLE: &[&Code] = &[
    &INCOMPATIBLE,
    &HOOK_EXAMPLE,
    &UPGRADE_FAILS,
    &MAY_OVERFLOW,
    &DOWNGRADE_FAILS,
    &BREAKS_CONSUMER,
    &CONSUMER_LOSES,
    &CONSUMER_WAITS,
];

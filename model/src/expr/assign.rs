//! Assignments to a record: `pricing.total: $totalAmount` and its neighbours become one tree that sets every field, or a list
//! of changes. Where a field comes from that nothing assigns is the caller's rule. Nothing here knows of versions.

use super::check::{default, unknown_field};
use super::env::{Env, Scope};
use super::{Operator, Root, Side, Step, Ty, Typed, TypedKind, check};
use crate::table::Table;
use crate::{
    diag::{Diagnostic, Diagnostics, codes},
    model::Assignment,
    shape::{Field, Presence, Shape, ShapeKind},
    source::Span,
};

/// How many names an assignment's path may have: types may contain themselves, so that a path could go on forever.
const MAX_PATH: usize = 64;

/// How many records are put together from their fields in one go.
const MAX_DEEP: usize = 1000;

/// Builds a complete record from assignments. A field that nothing assigns is copied from the source's field of the same name
/// where that is readable as its type (or, if it is one of `from_state`, from the state's); otherwise it is absent where it is
/// optional and its default where it has one; otherwise it is `UNSET_FIELD` at `span`. Fields of a record that is assigned in
/// part follow the same rule, below the source's record of the same path.
pub fn record(
    assignments: &[Assignment],
    target: Scope<'_>,
    env: &Env<'_>,
    from_state: &[&str],
    span: Span,
    diags: &mut Diagnostics,
) -> Option<Typed> {
    let mut builder = Builder::new(env, Origins::SameName { from_state }, diags);
    let typed = builder.whole(assignments, target, span);
    builder.report_unset(span);
    typed
}

/// Checks assignments that change some fields of a record and leave the others: `apply`, `update`. Each with the path it sets.
pub fn changes(
    assignments: &[Assignment],
    target: Scope<'_>,
    env: &Env<'_>,
    diags: &mut Diagnostics,
) -> Option<Vec<(Vec<Step>, Typed)>> {
    let mut builder = Builder::new(env, Origins::Moved(&[]), diags);
    let found = builder.parts(assignments, target);
    (!builder.failed).then_some(found)
}

/// Where the value of a field that nothing assigns may come from.
#[derive(Clone, Copy)]
pub(super) enum Origins<'b> {
    /// The source's field of the same path, or the state's if it is one of these.
    SameName {
        /// Fields that the state may give.
        from_state: &'b [&'b str],
    },
    /// The source's path that the target's path was moved to. What is inside of a record that was moved went along.
    Moved(&'b [(Vec<String>, Vec<String>)]),
}

impl Origins<'_> {
    /// Paths from a root, best first.
    fn of(&self, path: &[String]) -> Vec<(Root, Vec<String>)> {
        match self {
            Origins::SameName { from_state } => {
                let given = path.len() == 1 && from_state.contains(&path[0].as_str());
                let roots = [Some(Root::Source), given.then_some(Root::State)];
                roots.into_iter().flatten().map(|root| (root, path.to_vec())).collect()
            }
            Origins::Moved(moves) => {
                // The nearest record around the path that was moved, and among equals the one that kept its name.
                let at = |(from, to): &(Vec<String>, Vec<String>)| {
                    let rest = path.strip_prefix(from.as_slice())?;
                    Some((from.len(), [to, rest].concat()))
                };
                let mut found: Vec<(usize, Vec<String>)> = moves.iter().filter_map(at).collect();
                found.sort_by_key(|(depth, to)| (std::cmp::Reverse(*depth), to != path));
                found.into_iter().map(|(_, to)| (Root::Source, to)).collect()
            }
        }
    }

    /// Whether something below the path may have an origin though the path as a whole has none that will do.
    fn below(&self, path: &[String]) -> bool {
        match self {
            Origins::SameName { .. } => false,
            Origins::Moved(moves) => moves.iter().any(|(from, _)| from.starts_with(path) || path.starts_with(from)),
        }
    }
}

/// An assignment and what is left of its path below the record at hand.
type Open<'a> = (&'a [String], &'a Assignment);

/// Builds a record, and keeps account of what it could not do.
pub(super) struct Builder<'a, 'b> {
    env: &'b Env<'a>,
    diags: &'b mut Diagnostics,
    origins: Origins<'b>,
    /// How many more records that no origin can give as a whole are put together from their fields: types that contain
    /// themselves have no end of them.
    deep: usize,
    /// Required fields that nothing sets.
    pub(super) unset: Vec<(Vec<String>, Field)>,
    /// Fields that no value of the source reaches, as dotted paths.
    pub(super) lost: Vec<String>,
    /// Whether anything was reported.
    pub(super) failed: bool,
}

impl<'a, 'b> Builder<'a, 'b> {
    pub(super) fn new(env: &'b Env<'a>, origins: Origins<'b>, diags: &'b mut Diagnostics) -> Self {
        let (unset, lost) = (Vec::new(), Vec::new());
        Builder { env, diags, origins, deep: MAX_DEEP, unset, lost, failed: false }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.failed = true;
        self.diags.push(diagnostic);
    }

    /// The whole record, if all of it could be built.
    pub(super) fn whole(&mut self, assignments: &[Assignment], target: Scope<'_>, span: Span) -> Option<Typed> {
        let members = self.members(assignments, target);
        let shape = Shape::new(ShapeKind::Record(target.fields.to_vec()), span);
        let record = Typed { ty: Ty::new(shape, Side::Target), kind: TypedKind::Record(members) };
        (!self.failed && self.unset.is_empty()).then_some(record)
    }

    /// The members that could be built.
    pub(super) fn members(&mut self, assignments: &[Assignment], target: Scope<'_>) -> Vec<(String, Typed)> {
        let open = self.open(assignments);
        self.record(&open, target.fields, &mut Vec::new(), target.what)
    }

    fn open<'c>(&mut self, assignments: &'c [Assignment]) -> Vec<Open<'c>> {
        let mut open = Vec::new();
        for assignment in assignments {
            if assignment.target.len() > MAX_PATH {
                let message = format!("a path of more than {MAX_PATH} names");
                self.report(Diagnostic::new(&codes::BAD_NAME, assignment.target.span, message));
            } else {
                open.push((assignment.target.as_slice(), assignment));
            }
        }
        open
    }

    /// The assignments by the next name of their path. Names that are no field are reported.
    fn sort<'c>(&mut self, open: &[Open<'c>], fields: &[Field], what: &str) -> Table<&'c str, Vec<Open<'c>>> {
        let mut sorted: Table<&str, Vec<Open<'c>>> = Table::new();
        for (rest, assignment) in open {
            let Some((name, below)) = rest.split_first() else { continue };
            let known = fields.iter().any(|field| field.name.value == *name);
            let all = sorted.get_or_insert(name.as_str(), Vec::new);
            // An unknown field is told of once.
            let first = all.is_empty();
            if known || first {
                all.push((below, *assignment));
            }
            if !known && first {
                self.report(unknown_field(name_span(&(below, assignment)), what, name, fields));
            }
        }
        for (name, below) in &sorted {
            let whole = below.iter().find(|(rest, _)| rest.is_empty());
            let other = below.iter().find(|it| whole.is_some_and(|whole| !std::ptr::eq(it.1, whole.1)));
            if let (Some(whole), Some(other)) = (whole, other) {
                let message = match other.0 {
                    [] => format!("`{name}` is assigned twice"),
                    _ => format!("`{name}` is assigned as a whole and in part"),
                };
                let (first, second) =
                    (whole.1.target.span.min(other.1.target.span), whole.1.target.span.max(other.1.target.span));
                let diagnostic = Diagnostic::new(&codes::DUPLICATE_KEY, second, message).label("here again");
                self.report(diagnostic.also(first, "first here"));
            }
        }
        sorted
    }

    fn record(
        &mut self,
        open: &[Open<'_>],
        fields: &[Field],
        path: &mut Vec<String>,
        what: &str,
    ) -> Vec<(String, Typed)> {
        let sorted = self.sort(open, fields, what);
        let mut members = Vec::new();
        for field in fields {
            path.push(field.name.value.clone());
            let value = match sorted.get(field.name.value.as_str()).map(Vec::as_slice) {
                Some([([], assignment), ..]) => self.assigned(assignment, field, path),
                Some(below) => self.in_part(below, field, path),
                None => self.unassigned(field, path),
            };
            members.extend(value.map(|value| (field.name.value.clone(), value)));
            path.pop();
        }
        members
    }

    fn assigned(&mut self, assignment: &Assignment, field: &Field, path: &[String]) -> Option<Typed> {
        let typed = check(&assignment.expr, &Ty::of(field, Side::Target), self.env, self.diags);
        match &typed {
            Some(typed) if !reads(typed) => self.lost.push(path.join(".")),
            Some(_) => {}
            None => self.failed = true,
        }
        typed
    }

    /// The fields that paths like `field.x` go on into.
    fn inner<'c>(&mut self, below: &[Open<'_>], field: &'c Field) -> Option<&'c [Field]>
    where
        'a: 'c,
    {
        let inner = self.env.fields(&field.shape, Side::Target);
        if let (None, Some((rest, assignment))) = (inner, below.first()) {
            let next = rest.first().map_or("", String::as_str);
            let message = format!("`{}` is `{}`, which has no field `{next}`", field.name, field.shape);
            let diagnostic = Diagnostic::new(&codes::UNKNOWN_FIELD, name_span(&(rest, assignment)), message);
            self.report(diagnostic.also(field.name.span, "defined here"));
        }
        inner
    }

    fn in_part(&mut self, below: &[Open<'_>], field: &Field, path: &mut Vec<String>) -> Option<Typed> {
        let inner = self.inner(below, field)?;
        let what = format!("`{}`", path.join("."));
        let members = self.record(below, inner, path, &what);
        Some(self.assembled(field, members))
    }

    fn assembled(&self, field: &Field, members: Vec<(String, Typed)>) -> Typed {
        let ty = Ty::of(field, Side::Target);
        let record = Typed { ty: Ty { optional: false, ..ty.clone() }, kind: TypedKind::Record(members) };
        self.env.convert(record, &ty)
    }

    /// The rule for a field that nothing assigns.
    fn unassigned(&mut self, field: &Field, path: &mut Vec<String>) -> Option<Typed> {
        let found = self.origins.of(path).into_iter().find_map(|(root, names)| self.copied(field, root, &names));
        if found.is_some() {
            return found;
        }
        if self.deep > 0
            && path.len() < MAX_PATH
            && self.origins.below(path)
            && let Some(inner) = self.env.fields(&field.shape, Side::Target)
        {
            self.deep -= 1;
            let unset = self.unset.len();
            let lost = self.lost.len();
            let members = self.record(&[], inner, path, "");
            if self.unset.len() == unset && members.iter().any(|(_, member)| reads(member)) {
                return Some(self.assembled(field, members));
            }
            self.unset.truncate(unset);
            self.lost.truncate(lost);
        }
        self.lost.push(path.join("."));
        match &field.presence {
            Presence::Optional => None,
            Presence::Default(value) => Some(default(field, value, Side::Target)),
            Presence::Required => {
                self.unset.push((path.clone(), field.clone()));
                None
            }
        }
    }

    /// The value at a path of the source, if it can be this field's.
    fn copied(&self, field: &Field, root: Root, names: &[String]) -> Option<Typed> {
        let env = self.env;
        let typed = env.walk(root, names).ok()?;
        let ty = Ty::of(field, Side::Target);
        env.fits(&typed, &ty).ok()?;
        match &field.presence {
            Presence::Required if typed.ty.optional => None,
            // What may be absent there and has a default here is the default when it is absent.
            Presence::Default(value) if typed.ty.optional => {
                let maybe = env.convert(typed, &Ty { optional: true, ..ty.clone() });
                let value = default(field, value, Side::Target);
                Some(Typed { ty, kind: TypedKind::Binary(Operator::Coalesce, Box::new(maybe), Box::new(value)) })
            }
            _ => Some(env.convert(typed, &ty)),
        }
    }

    /// Reports every required field that nothing sets.
    pub(super) fn report_unset(&mut self, span: Span) {
        for (path, field) in std::mem::take(&mut self.unset) {
            let name = path.join(".");
            let message = format!("nothing says where the required field `{name}` comes from");
            let found = self.origins.of(&path).into_iter().find_map(|(root, names)| self.env.walk(root, &names).ok());
            let help = match found {
                Some(typed) if typed.ty.optional => {
                    format!("`{name}` may be absent there: write `{name}: ${name} ?? ...`")
                }
                Some(typed) => {
                    let why = self.env.fits(&typed, &Ty::of(&field, Side::Target)).err();
                    let why = why.map_or_else(|| format!("`{name}` is `{}` there", typed.ty), |it| it.told(&name));
                    format!("{why}: write `{name}: ...` to convert it")
                }
                None => format!("write `{name}: ...`, or make the field optional or give it a default"),
            };
            let diagnostic = Diagnostic::new(&codes::UNSET_FIELD, span, message);
            self.report(diagnostic.also(field.name.span, format!("`{}` is required", field.shape)).help(help));
        }
    }

    /// Changes to a record, each with its path.
    fn parts(&mut self, assignments: &[Assignment], target: Scope<'_>) -> Vec<(Vec<Step>, Typed)> {
        let open = self.open(assignments);
        let mut found = Vec::new();
        self.changed(&open, target.fields, &mut Vec::new(), target.what, &mut found);
        found
    }

    fn changed(
        &mut self,
        open: &[Open<'_>],
        fields: &[Field],
        path: &mut Vec<Step>,
        what: &str,
        found: &mut Vec<(Vec<Step>, Typed)>,
    ) {
        for (name, below) in self.sort(open, fields, what) {
            let Some(field) = fields.iter().find(|field| field.name.value == name) else { continue };
            let optional = field.presence == Presence::Optional;
            path.push(Step { field: name.to_owned(), wire: field.wire_name().to_owned(), optional });
            if let [([], assignment), ..] = below.as_slice() {
                match check(&assignment.expr, &Ty::of(field, Side::Target), self.env, self.diags) {
                    Some(typed) => found.push((path.clone(), typed)),
                    None => self.failed = true,
                }
            } else if let Some(inner) = self.inner(&below, field) {
                if let (true, Some((_, assignment))) = (optional, below.first()) {
                    let message = format!("`{name}` may be absent, so that there is nothing to change");
                    let diagnostic = Diagnostic::new(&codes::MAYBE_ABSENT, assignment.target.span, message);
                    self.report(diagnostic.also(field.name.span, "optional").help(format!("assign all of `{name}`")));
                }
                self.changed(&below, inner, path, &format!("`{name}`"), found);
            }
            path.pop();
        }
    }
}

/// The name in an assignment's path that comes before what is left of it.
fn name_span((rest, assignment): &Open<'_>) -> Span {
    let before = &assignment.target[..assignment.target.len() - rest.len()];
    let end = before.iter().map(|name| name.len() + 1).sum::<usize>().saturating_sub(1);
    let start = end - before.last().map_or(0, String::len);
    assignment.target.span.slice(start, end)
}

/// Whether a value depends on the source, the state or the envelope, as far as can be seen.
fn reads(typed: &Typed) -> bool {
    let mut found = false;
    typed.visit(&mut |typed| found |= matches!(typed.kind, TypedKind::Path(..) | TypedKind::Hook(_)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::testing::{Page, fields, show_typed};
    use crate::lower::Frozen;

    const TYPES: &str = "
types:
  OrderId: id(order_)
  Address: { fields: { city: string, street: 'string?' } }
";

    /// What is read, what is written, and the assignments; the state has the written fields.
    fn page(source: &str, target: &str, assignments: &str) -> (Page, Frozen, Frozen) {
        let mut page = Page::default();
        let source = page.event("v1.0", &format!("fields: {source}{TYPES}"));
        let target = page.event("v2.0", &format!("fields: {target}{TYPES}upgrade:\n{assignments}"));
        (page, source, target)
    }

    fn env<'a>(source: &'a Frozen, target: &'a Frozen) -> Env<'a> {
        Env {
            source: Some(Scope { what: "the command", fields: fields(source) }),
            state: Some(Scope { what: "the state", fields: fields(target) }),
            fresh: true,
            ..Env::new(&target.types)
        }
    }

    fn filled(source: &str, target: &str, assignments: &str, from_state: &[&str]) -> String {
        let (mut page, source, target) = page(source, target, assignments);
        let scope = Scope { what: "the event", fields: fields(&target) };
        let span = target.event.name.span;
        let env = env(&source, &target);
        let typed = record(&target.event.upgrade.assignments, scope, &env, from_state, span, &mut page.diags);
        typed.map_or_else(|| page.report(), |typed| show_typed(&typed))
    }

    #[test]
    fn an_event_is_filled_from_its_command_and_the_key_from_the_state() {
        assert_eq!(
            filled(
                "{ amount: decimal(2), note: 'string?', more: int }",
                "{ id: OrderId, amount: decimal(2), note: string = none, balance: decimal(2), at: 'date?' }",
                "  balance: self.balance - $amount",
                &["id"],
            ),
            "{id: self.id, amount: $amount, note: (?? $note? \"none\"), \
             balance: (decimal(2) (- self.balance $amount))}"
        );
        // The command's own value comes first, and the state gives nothing but what it may.
        assert_eq!(filled("{ id: OrderId }", "{ id: OrderId }", "  {}", &["id"]), "{id: $id}");
        assert!(filled("{ }", "{ id: OrderId }", "  {}", &[]).starts_with("error[unset-field]"));
        assert!(filled("{ id: int }", "{ id: OrderId, at: date }", "  at: now()", &["id"]).contains("expected `date`"));
    }

    #[test]
    fn records_are_filled_in_part() {
        let source = "{ city: string, address: Address, old: Address }";
        let target = "{ address: Address, second: 'Address?' }";
        assert_eq!(
            filled(source, target, "  address.city: $city\n  second.city: $old.city", &[]),
            "{address: {city: $city, street: $address.street?}, second: (t.Address? {city: $old.city})}"
        );
        assert_eq!(
            filled(source, target, "  address: { city: $city }\n  second: null", &[]),
            "{address: {city: $city}, second: null}"
        );
    }

    fn changed(target: &str, assignments: &str) -> String {
        let (mut page, source, target) = page("{ city: string, n: int }", target, assignments);
        let scope = Scope { what: "the state", fields: fields(&target) };
        let found = changes(&target.event.upgrade.assignments, scope, &env(&source, &target), &mut page.diags);
        let line = |(path, typed): &(Vec<Step>, Typed)| {
            let path: Vec<&str> = path.iter().map(|step| step.wire.as_str()).collect();
            format!("{} = {}", path.join("."), show_typed(typed))
        };
        found.map_or_else(|| page.report(), |found| found.iter().map(line).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn changes_leave_the_rest_as_it_is() {
        assert_eq!(
            changed(
                "{ total: { type: int, wire: sum }, address: Address, other: int }",
                "  total: self.total + $n\n  address.city: $city",
            ),
            "sum = (int (+ (decimal(0) self.total) (decimal(0) $n))); address.city = $city"
        );
        insta::assert_snapshot!(changed(
            "{ address: 'Address?', total: int }",
            "  address.city: $city\n  totl: 1\n  total.x: 1"
        ));
    }

    #[test]
    fn endless_paths_are_refused() {
        let path = vec!["x"; 400].join(".");
        assert!(changed("{ x: int }", &format!("  {path}: 1")).starts_with("error[bad-name]"));
    }
}

//! Data of events that are over as text: where it ends, and what `decode` and `decode_all` of a set of events do with it.

use super::{
    hooks::version,
    plan::{EventPlan, MajorPlan, Plan},
    text::{Code, quoted},
};
use isobar_model::model::Name;
use isobar_registry::evolution::Onward;
use std::collections::{BTreeSet, HashMap};

/// Every event that is over, and where its data ends.
pub(super) struct Pasts<'p, 'a> {
    all: Vec<Past<'p, 'a>>,
    /// Their places by the name of a living event that they come to, or by their own.
    places: HashMap<&'p Name, BTreeSet<usize>>,
}

/// An event that is over.
struct Past<'p, 'a> {
    event: &'p EventPlan<'a>,
    leaves: Vec<Leaf<'p, 'a>>,
}

/// A living event that the data becomes.
struct Leaf<'p, 'a> {
    event: &'p EventPlan<'a>,
    /// The majors on the way, the first one the newest of the event that is over.
    way: Vec<&'p MajorPlan<'a>>,
}

/// An event that is over, as a set of events sees it.
pub(super) struct Seen<'s, 'p, 'a> {
    pub(super) event: &'p EventPlan<'a>,
    /// What of its data is in the set, with the variant.
    leaves: Vec<(&'s Leaf<'p, 'a>, Option<&'s str>)>,
}

impl<'p, 'a> Pasts<'p, 'a> {
    /// Finds all ways.
    pub(super) fn of(plan: &'p Plan<'a>) -> Self {
        let mut pasts = Pasts { all: Vec::new(), places: HashMap::new() };
        for event in plan.contexts.iter().flat_map(|it| &it.past) {
            let mut leaves = Vec::new();
            if let Some(last) = event.majors.last() {
                follow(plan, event, &[last], &mut leaves);
            }
            for name in leaves.iter().map(|leaf| &leaf.event.name).chain([&event.name]) {
                pasts.places.entry(name).or_default().insert(pasts.all.len());
            }
            pasts.all.push(Past { event, leaves });
        }
        pasts
    }

    /// Those of which data is in a set of events (with their variants), and those that the set lists itself.
    pub(super) fn seen<'s>(
        &'s self,
        set: &'s [(&EventPlan<'_>, Option<&'s str>)],
        listed: impl Iterator<Item = &'s Name>,
    ) -> Vec<Seen<'s, 'p, 'a>> {
        let names = set.iter().map(|(event, _)| &event.name).chain(listed);
        let places: BTreeSet<usize> = names.filter_map(|name| self.places.get(name)).flatten().copied().collect();
        let seen = |past: &'s Past<'p, 'a>| {
            let own = |leaf: &'s Leaf<'p, 'a>| {
                let (_, variant) = set.iter().find(|(event, _)| event.name == leaf.event.name)?;
                Some((leaf, *variant))
            };
            Seen { event: past.event, leaves: past.leaves.iter().filter_map(own).collect() }
        };
        places.into_iter().map(|at| seen(&self.all[at])).collect()
    }
}

fn follow<'p, 'a>(
    plan: &'p Plan<'a>,
    event: &'p EventPlan<'a>,
    way: &[&'p MajorPlan<'a>],
    leaves: &mut Vec<Leaf<'p, 'a>>,
) {
    match event.onward {
        Onward::Itself => leaves.push(Leaf { event, way: way.to_vec() }),
        Onward::Nothing => {}
        Onward::Others(others) => {
            for other in others {
                let Some(next) = plan.event(&other.name) else { continue };
                let majors = next.majors.iter().skip_while(|it| it.version.major != other.major);
                let way: Vec<&MajorPlan<'a>> = way.iter().copied().chain(majors).collect();
                follow(plan, next, &way, leaves);
            }
        }
    }
}

impl Seen<'_, '_, '_> {
    /// Whether the set sees exactly one event of it, so that `decode` is enough.
    pub(super) fn is_one(&self) -> bool {
        self.leaves.len() == 1
    }

    /// The arm of `decode`.
    pub(super) fn decode(&self, plan: &Plan<'_>, module: &[String], pattern: &str, code: &mut Code) {
        if let [(leaf, variant)] = self.leaves.as_slice() {
            return code.block(format!("{pattern} =>"), |code| {
                self.old(plan, module, code);
                let event = self.way(plan, module, leaf, *variant, "old");
                code.paste(&format!("Ok({event})"));
            });
        }
        let became: Vec<String> = self.leaves.iter().map(|(leaf, _)| quoted(&leaf.event.name.to_string())).collect();
        let name = quoted(&self.event.name.to_string());
        code.line(format!("{pattern} => Err(::isobar::became({name}, &[{}])),", became.join(", ")));
    }

    /// The arm of `decode_all`.
    pub(super) fn decode_all(&self, plan: &Plan<'_>, module: &[String], pattern: &str, code: &mut Code) {
        let Some((last, others)) = self.leaves.split_last() else {
            return code.line(format!("{pattern} => Ok(::std::vec::Vec::new()),"));
        };
        code.block(format!("{pattern} =>"), |code| {
            self.old(plan, module, code);
            code.open("Ok(::std::vec![");
            for (leaf, variant) in others {
                code.paste(&format!("{},", self.way(plan, module, leaf, *variant, "old.clone()")));
            }
            code.paste(&format!("{},", self.way(plan, module, last.0, last.1, "old")));
            code.close("])");
        });
    }

    /// Reads the newest version of the event that is over.
    fn old(&self, plan: &Plan<'_>, module: &[String], code: &mut Code) {
        if let Some(last) = self.event.majors.last() {
            let old = plan.path(module, last.item);
            code.line(format!("let old: {old} = ::isobar::decode_event(version, payload)?;"));
        }
    }

    /// The event of the set that the old data becomes, as an expression.
    fn way(
        &self,
        plan: &Plan<'_>,
        module: &[String],
        leaf: &Leaf<'_, '_>,
        variant: Option<&str>,
        data: &str,
    ) -> String {
        let name = quoted(&self.event.name.to_string());
        let hop = |pair: &[&MajorPlan<'_>], data: &str| {
            format!("::isobar::hop({name}, {}, {}, {data})?", version(pair[0].version), version(pair[1].version))
        };
        let hops: Vec<&[&MajorPlan<'_>]> = leaf.way.windows(2).collect();
        let event = match hops.as_slice() {
            [] => data.to_owned(),
            [one] => hop(one, data),
            [hops @ .., last] => {
                let mut lines = Code::default();
                lines.open("{");
                for (i, pair) in hops.iter().enumerate() {
                    let data = if i == 0 { data } else { "old" };
                    lines.line(format!("let old: {} = {};", plan.path(module, pair[1].item), hop(pair, data)));
                }
                lines.line(hop(last, "old"));
                lines.close("}");
                lines.finish().trim_end().to_owned()
            }
        };
        variant.map_or(event.clone(), |variant| format!("Self::{variant}({event})"))
    }
}

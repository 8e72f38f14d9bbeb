//! Which version of an event a consumer is served, of data that was written in another one. Decided from the model alone, before
//! there is a payload; one that has no form in that version can still turn up, and upcasting then says so.

use super::{Evolution, Known};
use crate::compat;
use isobar_model::{Version, version::VersionRange};
use std::fmt;

/// Why a version is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unserved {
    /// The consumer does not accept it.
    NotAccepted,
    /// The way to it ends between these two majors.
    NoWay(Version, Version),
    /// What is read as the newest version of its major is not always one of it: where, and why.
    Narrower(String, String),
}

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unserved::NotAccepted => f.write_str("the consumer does not accept it"),
            Unserved::NoWay(from, to) if to < from => write!(f, "there is no way from {from} back to {to}"),
            Unserved::NoWay(from, to) => write!(f, "there is no way from {from} to {to}"),
            Unserved::Narrower(path, why) => write!(f, "`{path}` {why}"),
        }
    }
}

/// The version in which a consumer that accepts `accepts` is served data of the version `written`: that version itself, or else the
/// newest accepted one to which there is a way.
///
/// # Errors
/// Every version, newest first, and why it is not the one; no version at all if the event has none that is `written`.
pub fn negotiate(
    evolution: &Evolution,
    written: Version,
    accepts: VersionRange,
) -> Result<Version, Vec<(Version, Unserved)>> {
    let Some(own) = evolution.version(written) else { return Err(Vec::new()) };
    let mut reasons = Vec::new();
    let others = evolution.versions.iter().rev().filter(|it| it.version != written);
    for known in [own].into_iter().chain(others) {
        match unserved(evolution, own, known, accepts) {
            None => return Ok(known.version),
            Some(reason) => reasons.push((known.version, reason)),
        }
    }
    reasons.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    Err(reasons)
}

fn unserved(evolution: &Evolution, written: &Known, wanted: &Known, accepts: VersionRange) -> Option<Unserved> {
    let (from, to) = (written.version, wanted.version);
    if to < accepts.first || accepts.last < to {
        return Some(Unserved::NotAccepted);
    }
    if from == to {
        return None;
    }
    let (least, most) = (from.major.min(to.major), from.major.max(to.major));
    let mut crossed: Vec<_> = evolution.majors.iter().filter(|it| (least..=most).contains(&it.version.major)).collect();
    if to < from {
        crossed.reverse();
    }
    for pair in crossed.windows(2) {
        let way = if to < from { &pair[0].down } else { &pair[0].up };
        if way.is_none() {
            return Some(Unserved::NoWay(pair[0].version, pair[1].version));
        }
    }
    let read = evolution.major(to.major)?;
    let refused = compat::refused(read.record(), wanted.record(), true);
    refused.into_iter().next().map(|it| Unserved::Narrower(it.path, it.why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Workspace, history, testing::folder};

    #[test]
    fn a_version_or_every_reason() {
        let workspace = Workspace::open("../schemas/shop".as_ref());
        let served = |event: &str, written: &str, accepts: &str| {
            let evolution = workspace.find(event).unwrap();
            match negotiate(evolution, written.parse().unwrap(), accepts.parse().unwrap()) {
                Ok(version) => version.to_string(),
                Err(reasons) => {
                    let reasons: Vec<String> =
                        reasons.iter().map(|(version, why)| format!("{version}: {why}")).collect();
                    reasons.join("; ")
                }
            }
        };
        insta::assert_snapshot!(served("OrderPlaced", "v1.1", "v1.0..v2.0"), @"v1.1");
        insta::assert_snapshot!(served("OrderPlaced", "v2.0", "v1.0..v1.1"), @"v1.1");
        insta::assert_snapshot!(served("OrderPlaced", "v1.0", "v2.0"), @"v2.0");
        insta::assert_snapshot!(served("OrderPlaced", "v2.0", "v7.0..v8.0"), @"v2.0: the consumer does not accept it; v1.1: the consumer does not accept it; v1.0: the consumer does not accept it");
        let evolution = workspace.find("OrderPlaced").unwrap();
        assert_eq!(negotiate(evolution, Version::new(9, 0), "v1.0".parse().unwrap()), Err(Vec::new()));
    }

    #[test]
    fn without_a_way_back_the_reason_is_the_last_hop() {
        let storm = "context: shop\nevents:\n  Placed:\n    version: v2.0\n    fields: { id: string, note: string }\n    upgrade: { note: '' }\n    removed: [total]\n";
        let released = "event: shop.Placed\nversion: v1.0\nfields: { id: string, total: int }\n";
        let folder = folder(&[("shop.storm.yaml", storm), ("history/shop/Placed/v1.0.yaml", released)]);
        history::adopt(&Workspace::open(folder.path())).unwrap();
        let workspace = Workspace::open(folder.path());
        let evolution = workspace.find("Placed").unwrap();
        let (v1, v2) = (Version::new(1, 0), Version::new(2, 0));
        let only = |version| VersionRange { first: version, last: version };
        assert_eq!(negotiate(evolution, v1, only(v2)), Ok(v2));
        let reasons = vec![(v2, Unserved::NotAccepted), (v1, Unserved::NoWay(v2, v1))];
        assert_eq!(negotiate(evolution, v2, only(v1)), Err(reasons));
    }
}

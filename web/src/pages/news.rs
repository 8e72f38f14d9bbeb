//! What happened lately, for the first page: a push is one row with what it brought, however many versions these are, and so is what a client
//! registers at a time.

use super::{
    site::{Shown, escaped},
    subject,
};
use crate::confluent::named;
use isobar_registry::store::{Action, Change, Subject};
use serde::Serialize;
use std::collections::HashSet;

/// How many of the versions that a push brought are named.
const NAMED: usize = 3;

/// Something that happened in the registry.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct News {
    /// When, as RFC 3339.
    pub(crate) at: String,
    pub(crate) what: String,
    pub(crate) href: Option<String>,
    /// How many versions it brought.
    pub(crate) count: usize,
    /// Some of them, those of later majors first.
    pub(crate) versions: Vec<Version>,
    /// How many others there are.
    pub(crate) more: usize,
}

/// A version that is new.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Version {
    name: String,
    version: String,
    href: String,
}

/// Of changes, the oldest first: at most so many news, the newest first. Of subjects, those are told of that are among these.
pub(super) fn lately(workspaces: &[Shown], subjects: &[String], changes: &[Change], most: usize) -> Vec<News> {
    let mut newest = changes.iter().rev().peekable();
    let subjects: HashSet<&String> = subjects.iter().collect();
    let registered = |change: &Change| {
        let name = named(&Subject::new(&change.context, &change.name));
        let number = change.version.as_ref().filter(|_| change.action == Action::Registered)?.parse().ok()?;
        let href = subject::link(&name, Some(number)).href;
        subjects.contains(&name).then(|| Version { version: number.to_string(), href, name })
    };
    let mut news = Vec::new();
    while let Some(change) = newest.next().filter(|_| news.len() < most) {
        if let Some(version) = registered(change) {
            // What one client registers at a time is told at once.
            let mut versions = vec![version];
            while let Some(other) = newest.next_if(|it| it.action == Action::Registered && it.by == change.by) {
                versions.extend(registered(other));
            }
            let Ok(at) = jiff::Timestamp::from_millisecond(change.at) else { continue };
            let count = versions.len();
            versions.truncate(NAMED);
            let (what, href) = ("Clients registered schemas".into(), Some("/subject".into()));
            news.push(News { at: at.to_string(), what, href, count, more: count - versions.len(), versions });
            continue;
        }
        if change.action != Action::Pushed {
            continue;
        }
        let shown = workspaces.iter().find(|it| it.name == change.name);
        // What a push releases is written down just before it.
        let mut versions = Vec::new();
        while let Some(released) = newest.next_if(|it| it.action != Action::Pushed && it.by == change.by) {
            let known = released.version.as_ref().filter(|_| released.action == Action::Released);
            versions.extend(shown.zip(known).map(|(shown, version)| of(shown, released, version)));
        }
        let (Some(shown), Ok(at)) = (shown, jiff::Timestamp::from_millisecond(change.at)) else { continue };
        let said = change.detail.as_deref().and_then(|it| it.split_once(" new")?.0.parse().ok());
        let count = said.unwrap_or(versions.len());
        versions.sort_by_key(|it| it.version.starts_with("v1."));
        versions.truncate(NAMED.min(count));
        let what = format!("{} was pushed", change.name);
        news.push(News {
            at: at.to_string(),
            what,
            href: Some(shown.href("")),
            count,
            more: count - versions.len(),
            versions,
        });
    }
    news
}

fn of(shown: &Shown, released: &Change, version: &str) -> Version {
    let name = format!("{}.{}", released.context, released.name);
    let href = shown.href(&format!("event/{}", escaped(&format!("{name}@{version}"))));
    Version { name, version: version.to_owned(), href }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isobar_registry::Workspace;
    use std::{collections::BTreeMap, sync::Arc};

    fn change(action: Action, context: &str, name: &str, version: Option<&str>, detail: &str) -> Change {
        Change {
            seq: 1,
            at: 1_795_247_040_000,
            by: "ci".into(),
            action,
            context: context.into(),
            name: name.into(),
            version: version.map(Into::into),
            detail: Some(detail.into()).filter(|it: &String| !it.is_empty()),
        }
    }

    #[test]
    fn a_push_is_one_row() {
        let shown = Shown::new("shop", Arc::new(Workspace::of_files(BTreeMap::new(), None)));
        let released = |name, version| change(Action::Released, "sales", name, Some(version), "");
        let changes = [
            change(Action::Pushed, "", "gone", None, "1 new, 0 known"),
            released("Paid", "v1.0"),
            released("Sold", "v1.0"),
            released("Sold", "v2.0"),
            released("Lost", "v1.0"),
            change(Action::Pushed, "", "shop", None, "4 new, 0 known"),
            change(Action::Pushed, "", "shop", None, "0 new, 4 known"),
        ];
        let told: Vec<String> = lately(std::slice::from_ref(&shown), &[], &changes, 8)
            .iter()
            .map(|it| {
                let versions: Vec<String> =
                    it.versions.iter().map(|it| format!("{} {} {}", it.name, it.version, it.href)).collect();
                format!("{} {}: {} {versions:?}", it.at, it.what, it.count)
            })
            .collect();
        assert_eq!(
            told,
            [
                "2026-11-21T07:44:00Z shop was pushed: 0 []".to_owned(),
                "2026-11-21T07:44:00Z shop was pushed: 4 [\"sales.Sold v2.0 /w/shop/event/sales.Sold@v2.0\", \
                 \"sales.Lost v1.0 /w/shop/event/sales.Lost@v1.0\", \"sales.Sold v1.0 /w/shop/event/sales.Sold@v1.0\"]"
                    .to_owned(),
            ]
        );
        assert_eq!(lately(&[shown], &[], &changes, 1).len(), 1);
    }

    #[test]
    fn what_is_registered_at_a_time_is_one_row() {
        let of = |name, version| change(Action::Registered, ".", name, Some(version), "7");
        let changes = [
            of("orders-value", "1"),
            change(Action::Configured, ".", "orders-value", None, ""),
            of("hidden", "1"),
            of("orders-value", "2"),
            change(Action::Registered, ".eu", "bills", Some("1"), "8"),
        ];
        let subjects = ["orders-value", ":.eu:bills"].map(str::to_owned);
        let told: Vec<(usize, Vec<String>)> = lately(&[], &subjects, &changes, 8)
            .iter()
            .map(|it| (it.count, it.versions.iter().map(|it| format!("{} {}", it.version, it.href)).collect()))
            .collect();
        let newest = ["1 /subject/%3A.eu%3Abills/1", "2 /subject/orders-value/2"].map(str::to_owned);
        assert_eq!(told, [(2, newest.to_vec()), (1, vec!["1 /subject/orders-value/1".to_owned()])]);
    }
}

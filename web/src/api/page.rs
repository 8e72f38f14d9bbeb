//! Lists in parts: how many, from where, and where to go on. What the caller may not see is left out before parts are counted.

use crate::failure::Failure;
use axum::http::Uri;
use isobar_registry::store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const USUAL: i64 = 100;
const MOST: i64 = 1000;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// How many at most; 100 otherwise.
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: Option<i64>,
    /// How many to leave out.
    #[param(minimum = 0)]
    offset: Option<i64>,
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// What is in it.
    pub(super) items: Vec<T>,
    /// Where it goes on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// A number of things, within bounds.
pub(super) fn limit(limit: Option<i64>) -> Result<i64, Failure> {
    match limit.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Failure::bad(format!("`limit` is from 1 to {MOST}"))),
    }
}

impl Paging {
    /// What to ask the store for: one more than wanted, which shows whether there is more.
    pub(super) fn page(&self) -> Result<store::Page, Failure> {
        let offset = self.offset.unwrap_or(0);
        if offset < 0 {
            return Err(Failure::bad("`offset` is not below 0"));
        }
        Ok(store::Page { offset, limit: limit(self.limit)? + 1 })
    }

    /// A part of a list of which everything was read.
    pub(super) fn of<T>(&self, uri: &Uri, mut all: Vec<T>) -> Result<Page<T>, Failure> {
        let store::Page { offset, limit } = self.page()?;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
        all.drain(..offset);
        all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        self.part(uri, all)
    }

    /// A part of a list of which that was read for which [`Paging::page`] asks.
    pub(super) fn part<T>(&self, uri: &Uri, mut items: Vec<T>) -> Result<Page<T>, Failure> {
        let store::Page { offset, limit } = self.page()?;
        let more = i64::try_from(items.len()).is_ok_and(|count| count >= limit);
        items.truncate(usize::try_from(limit - 1).unwrap_or(usize::MAX));
        Ok(Page { items, next: more.then(|| next(uri, "offset", offset.saturating_add(limit - 1))) })
    }
}

/// The same address with another value of a parameter.
pub(super) fn next(uri: &Uri, name: &str, value: i64) -> String {
    let rest = uri.query().unwrap_or_default().split('&');
    let rest = rest.filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
    let query: Vec<String> = rest.map(str::to_owned).chain([format!("{name}={value}")]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_says_where_it_goes_on() {
        let uri: Uri = "/list?context=a%2Eb&offset=2&limit=2".parse().unwrap();
        let paging = Paging { limit: Some(2), offset: Some(2) };
        let page = paging.of(&uri, vec![1, 2, 3, 4, 5]).unwrap();
        assert_eq!((page.items, page.next.as_deref()), (vec![3, 4], Some("/list?context=a%2Eb&limit=2&offset=4")));
        let page = paging.of(&uri, vec![1, 2, 3, 4]).unwrap();
        assert_eq!((page.items, page.next), (vec![3, 4], None));
        let read = paging.part(&uri, vec![3, 4, 5]).unwrap();
        assert_eq!((read.items, read.next.is_some()), (vec![3, 4], true));
        for limit in [0, -1, 1001] {
            assert!(Paging { limit: Some(limit), offset: None }.page().is_err());
        }
    }
}

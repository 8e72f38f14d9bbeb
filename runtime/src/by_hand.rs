//! What the code of derives calls: lists of names and versions, put together when it is compiled, and the way to the versions
//! before. Nothing here is for people to call.

use crate::{
    Decode, DecodeError, EncodeAsError, Event, UpcastError, Version, constant::equal, hop, hop_back, to_vec,
    unknown_older, unknown_version,
};

/// Reads a payload of a major before that of `E`, whose version before is `Old`.
///
/// # Errors
/// An unknown major, an invalid payload, or old data that does not fit.
pub fn decode_older<Old, E>(version: Version, payload: &[u8]) -> Result<E, DecodeError>
where
    Old: Event + Decode,
    E: Event + TryFrom<Old>,
    E::Error: Into<UpcastError>,
{
    // Asked here, so that the error lists every version and not only those before.
    if !E::KNOWN.iter().any(|known| known.major == version.major) {
        return Err(unknown_version(E::NAME, version, E::KNOWN));
    }
    hop(E::NAME, Old::VERSION, E::VERSION, Old::decode_version(version, payload)?)
}

/// Writes an event of `E` in a version of its major or, by way of `Old`, of one before.
///
/// # Errors
/// An unknown version, one that there is no way back to, or data that has no form in it.
pub fn encode_older<Old, E>(event: &E, version: Version) -> Result<Vec<u8>, EncodeAsError>
where
    Old: Event + TryFrom<E>,
    Old::Error: Into<UpcastError>,
    E: Event + Clone,
{
    if version == E::VERSION {
        return Ok(to_vec(event)?);
    }
    // Asked here, so that the error lists every version and not only those before.
    if !E::VERSIONS.contains(&version) {
        return Err(unknown_older(E::NAME, version, E::VERSIONS));
    }
    hop_back::<E, Old>(E::NAME, E::VERSION, Old::VERSION, event.clone())?.encode_version(version)
}

/// What an event was called in each of the versions before.
pub const fn former_names<Old: Event, const N: usize>() -> [(Version, &'static str); N] {
    let mut all = [(Old::VERSION, Old::WIRE_NAME); N];
    let mut i = 0;
    while i < N && i < Old::KNOWN.len() {
        all[i].0 = Old::KNOWN[i];
        let mut j = 0;
        while j < Old::FORMER_NAMES.len() {
            let (version, name) = Old::FORMER_NAMES[j];
            if version.major == all[i].0.major && version.minor == all[i].0.minor {
                all[i].1 = name;
            }
            j += 1;
        }
        i += 1;
    }
    all
}

/// `versions` and one more.
pub const fn and<const N: usize>(versions: &[Version], last: Version) -> [Version; N] {
    let mut all = [last; N];
    let mut i = 0;
    while i < versions.len() && i < N {
        all[i] = versions[i];
        i += 1;
    }
    all
}

/// How many names there are in all.
pub const fn count(each: &[&[&str]]) -> usize {
    let (mut count, mut i) = (0, 0);
    while i < each.len() {
        count += each[i].len();
        i += 1;
    }
    count
}

/// All names, one list after the other; `N` is their [`count`].
pub const fn concat<const N: usize>(each: &[&[&'static str]]) -> [&'static str; N] {
    let mut all = [""; N];
    let (mut at, mut i) = (0, 0);
    while i < each.len() {
        let mut j = 0;
        while j < each[i].len() {
            all[at] = each[i][j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    all
}

/// Whether `names` has this one.
pub const fn lists(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if equal(names[i].as_bytes(), name.as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether no name stands twice.
pub const fn distinct(names: &[&str]) -> bool {
    let mut rest = names;
    while let [first, more @ ..] = rest {
        if lists(more, first) {
            return false;
        }
        rest = more;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_put_together() {
        const EACH: &[&[&str]] = &[&["a", "b"], &[], &["c"]];
        const ALL: [&str; count(EACH)] = concat(EACH);
        assert_eq!(ALL, ["a", "b", "c"]);
        assert!(lists(&ALL, "c") && !lists(&ALL, "cc") && !lists(&ALL, "") && !lists(&[], "a"));
        assert!(distinct(&ALL) && distinct(&[]) && !distinct(&["a", "b", "a"]));
        let (one, two) = (Version::new(1, 0), Version::new(2, 0));
        assert_eq!(and::<2>(&[one], two), [one, two]);
    }
}

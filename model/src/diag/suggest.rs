//! Help lines: "did you mean" and lists of names.

/// ``did you mean `customerId`?`` for the known name nearest to `given`, where one is near enough.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(given, &mut known.into_iter())
}

/// `` `a`, `b` or `c` ``, at most a dozen of them.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    sentence(&mut names.into_iter())
}

// These two are called with many kinds of iterators: what they do is compiled once.

fn nearest(given: &str, known: &mut dyn Iterator<Item = &str>) -> Option<String> {
    let fold = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let given = fold(given);
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let distance = strsim::damerau_levenshtein(&given, &fold(name));
        let near = distance <= (name.chars().count().max(given.chars().count()) / 3).max(1);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| format!("did you mean `{name}`?"))
}

fn sentence(names: &mut dyn Iterator<Item = &str>) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut more = 0;
    for name in names {
        if shown.len() < 12 {
            shown.push(format!("`{name}`"));
        } else {
            more += 1;
        }
    }
    match (shown.split_last(), more) {
        (None, _) => "nothing".into(),
        (Some((last, [])), 0) => last.clone(),
        (Some((last, rest)), 0) => format!("{} or {last}", rest.join(", ")),
        (Some(_), more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["customerId", "orderId", "items"];
        assert_eq!(did_you_mean("custmerId", known).as_deref(), Some("did you mean `customerId`?"));
        assert_eq!(did_you_mean("order_id", known).as_deref(), Some("did you mean `orderId`?"));
        assert_eq!(did_you_mean("price", known), None);
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(list([]), "nothing");
    }
}

//! Help lines: "did you mean" and lists of names.

/// ``did you mean `customerId`?`` for the known name nearest to `given`, where one is near enough.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let fold = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let given = fold(given);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, &fold(name)), name))
        .filter(|(distance, name)| *distance <= (name.chars().count().max(given.chars().count()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

/// `` `a`, `b` or `c` ``, at most a dozen of them.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    match (shown.split_last(), names.len() > 12) {
        (None, _) => "nothing".into(),
        (Some(_), true) => format!("{} and {} more", shown.join(", "), names.len() - 12),
        (Some((last, [])), false) => last.clone(),
        (Some((last, rest)), false) => format!("{} or {last}", rest.join(", ")),
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

//! Finding messages by what is written about them. Every word asked for must be a part of some text of the message, in any case;
//! `field:customer` must be one of a field's name, and `kind:event` says what it is.
//! The whole list is read: ten thousand messages are a few megabytes, and both databases then agree on what is found.

use crate::store::{
    Error, Store,
    sql::{Sql, values},
};
use std::collections::BTreeMap;

/// The places where a hit counts most, best first; everything else counts less.
const PLACES: [&str; 5] = ["name", "tag", "field", "type", "doc"];
/// The places that can be asked for, beside `kind`.
const ASKED: [&str; 7] = ["name", "tag", "field", "type", "doc", "wire", "value"];
/// More words than this are not looked for.
const MOST_WORDS: usize = 8;

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its context.
    pub context: String,
    /// Its name in the context.
    pub message: String,
    /// The place of the best text that was found, such as `name`.
    pub place: String,
    /// That text.
    pub text: String,
}

/// The best text of a message, and which of the words it has.
struct Found {
    rank: usize,
    hit: Hit,
    words: u32,
}

async fn search(sql: &mut dyn Sql, (words, limit): &(Vec<String>, usize)) -> Result<Vec<Hit>, Error> {
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        let asked = word.split_once(':').filter(|(place, _)| *place == "kind" || ASKED.contains(place));
        let (place, word) = asked.unwrap_or(("", word));
        let escaped: String =
            word.chars().flat_map(|c| matches!(c, '%' | '_' | '!').then_some('!').into_iter().chain([c])).collect();
        let select = match place {
            "kind" => {
                "SELECT context, name, 'kind', kind FROM messages WHERE lower(kind) LIKE ?1 ESCAPE '!' AND ?2 <> '' \
                 ORDER BY context, name"
            }
            _ => {
                "SELECT context, message, place, body FROM words WHERE lowered LIKE ?1 ESCAPE '!' \
                 AND (place = ?2 OR ?2 = '') ORDER BY context, message, position"
            }
        };
        for mut row in sql.rows(select, values![format!("%{escaped}%"), place]).await? {
            let (context, message, place, text) = (row.text()?, row.text()?, row.text()?, row.text()?);
            let rank = PLACES.iter().position(|it| *it == place).unwrap_or(PLACES.len());
            // The shorter of two texts that both have the word says more with it.
            let rank = rank * 10_000 + text.len().min(9_999);
            let key = (context.clone(), message.clone());
            let hit = Hit { context, message, place, text };
            match found.get_mut(&key) {
                Some(known) => {
                    known.words |= 1 << at;
                    if rank < known.rank {
                        (known.rank, known.hit) = (rank, hit);
                    }
                }
                None => drop(found.insert(key, Found { rank, hit, words: 1 << at })),
            }
        }
    }
    let every = (1_u32 << words.len()) - 1;
    let mut hits: Vec<Found> = found.into_values().filter(|found| found.words == every).collect();
    // Stable: what ranks alike stays in the order of names.
    hits.sort_by_key(|found| found.rank);
    Ok(hits.into_iter().take(*limit).map(|found| found.hit).collect())
}

impl Store {
    /// The messages that have every word of a query, best first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let words: Vec<String> = query.split_whitespace().take(MOST_WORDS).map(str::to_lowercase).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        self.snapshot((words, limit), |sql, input| Box::pin(search(sql, input))).await
    }
}

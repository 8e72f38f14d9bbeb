/// Something happened to a thing.
#[derive(Clone, PartialEq, Eq, Hash, ::isobar::Decode, ::isobar::Encode)]
#[isobar(rename_all = "camelCase")]
pub struct ThingHappened {
    /// The field `keyId`.
    pub key_id: super::super::KeyId,
    /// The field `title`.
    pub title: ::std::string::String,
    /// The field `person`, tagged `pii`.
    pub person: ::std::string::String,
    /// The field `price`, with at most 2 digits after the point.
    #[isobar(scale = 2)]
    pub price: ::isobar::Decimal,
    /// The field `placedAt`.
    pub placed_at: ::isobar::Timestamp,
    /// The field `status`.
    pub status: super::super::Status,
    /// The field `part`.
    pub part: super::super::Part,
    /// The field `allParts`.
    pub all_parts: ::std::vec::Vec<super::super::Part>,
    /// The field `count`, at least 0, at most 1000000.
    #[isobar(min = 0, max = 1000000)]
    pub count: i64,
    /// The field `note`.
    pub note: ::core::option::Option<::std::string::String>,
}

impl ::core::fmt::Debug for ThingHappened {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("ThingHappened")
            .field("key_id", &self.key_id)
            .field("title", &self.title)
            .field("person", &::core::format_args!("<pii>"))
            .field("price", &self.price)
            .field("placed_at", &self.placed_at)
            .field("status", &self.status)
            .field("part", &self.part)
            .field("all_parts", &self.all_parts)
            .field("count", &self.count)
            .field("note", &self.note)
            .finish()
    }
}

::isobar::record! {
    /// Something happened to a thing.
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct ThingHappened: Invalid {
        "keyId" key_id: super::super::KeyId,
        "title" title: ::std::string::String,
        "person" ("<pii>") person: ::std::string::String,
        "price" price: ::isobar::Decimal = decimal(2),
        "placedAt" placed_at: ::isobar::Timestamp,
        "status" status: super::super::Status,
        "part" part: super::super::Part = checked(),
        "allParts" all_parts: ::std::vec::Vec<super::super::Part> = checked(),
        "count" count: i64 = checked().at_least(0).at_most(1000000),
        "note"? note: ::std::string::String,
    }
}

::isobar::record! {
    /// Something happened to a thing.
    #[derive(Clone, PartialEq, Eq, Hash)]
    pub struct ThingHappened: Invalid {
        "keyId" key_id: super::super::KeyId,
        "title" title: ::std::string::String,
        "person" ("<pii>") person: ::std::string::String,
        /// With at most 2 digits after the point.
        "price" price: ::isobar::Decimal = decimal(2),
        "placedAt" placed_at: ::isobar::Timestamp,
        "status" status: super::super::Status,
        "part" part: super::super::Part = own(),
        "allParts" all_parts: ::std::vec::Vec<super::super::Part> = own(),
        /// At least 0, at most 1000000.
        "count" count: i64 = own().at_least(0).at_most(1000000),
        "note"? note: ::std::string::String,
    }
}

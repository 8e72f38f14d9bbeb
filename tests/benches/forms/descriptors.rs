/// Something happened to a thing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ThingHappened {
    /// The field `keyId`.
    pub key_id: super::super::KeyId,
    /// The field `title`.
    pub title: ::std::string::String,
    /// The field `person`, tagged `pii`.
    pub person: ::std::string::String,
    /// The field `price`, with at most 2 digits after the point.
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
    pub count: i64,
    /// The field `note`.
    pub note: ::core::option::Option<::std::string::String>,
}

/// What was read of it so far.
#[derive(Default)]
pub struct Draft {
    key_id: ::core::option::Option<super::super::KeyId>,
    title: ::core::option::Option<::std::string::String>,
    person: ::core::option::Option<::std::string::String>,
    price: ::core::option::Option<::isobar::Decimal>,
    placed_at: ::core::option::Option<::isobar::Timestamp>,
    status: ::core::option::Option<super::super::Status>,
    part: ::core::option::Option<super::super::Part>,
    all_parts: ::core::option::Option<::std::vec::Vec<super::super::Part>>,
    count: ::core::option::Option<i64>,
    note: ::core::option::Option<::core::option::Option<::std::string::String>>,
}

impl crate::Described for ThingHappened {
    type Draft = Draft;
    const NAME: &'static str = "ThingHappened";
    const FIELDS: &'static [crate::Member<Self>] = &[
        crate::Member { key: "keyId", name: "key_id", mask: "", read: |r, d| r.member("keyId", &mut d.key_id, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.key_id, w), check: |_| Ok(()), show: |it| &it.key_id },
        crate::Member { key: "title", name: "title", mask: "", read: |r, d| r.member("title", &mut d.title, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.title, w), check: |_| Ok(()), show: |it| &it.title },
        crate::Member { key: "person", name: "person", mask: "<pii>", read: |r, d| r.member("person", &mut d.person, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.person, w), check: |_| Ok(()), show: |it| &it.person },
        crate::Member { key: "price", name: "price", mask: "", read: |r, d| r.member("price", &mut d.price, |r| r.decimal(2)), write: |it, w| w.decimal(&it.price), check: |it| ::isobar::bounds::decimal(&it.price, 2), show: |it| &it.price },
        crate::Member { key: "placedAt", name: "placed_at", mask: "", read: |r, d| r.member("placedAt", &mut d.placed_at, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.placed_at, w), check: |_| Ok(()), show: |it| &it.placed_at },
        crate::Member { key: "status", name: "status", mask: "", read: |r, d| r.member("status", &mut d.status, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.status, w), check: |_| Ok(()), show: |it| &it.status },
        crate::Member { key: "part", name: "part", mask: "", read: |r, d| r.member("part", &mut d.part, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.part, w), check: |it| ::isobar::Encode::check(&it.part), show: |it| &it.part },
        crate::Member { key: "allParts", name: "all_parts", mask: "", read: |r, d| r.member("allParts", &mut d.all_parts, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.all_parts, w), check: |it| ::isobar::Encode::check(&it.all_parts), show: |it| &it.all_parts },
        crate::Member { key: "count", name: "count", mask: "", read: |r, d| r.member("count", &mut d.count, ::isobar::Decode::decode), write: |it, w| ::isobar::Encode::encode(&it.count, w), check: |it| { ::isobar::bounds::at_least(&it.count, 0)?; ::isobar::bounds::at_most(&it.count, 1000000) }, show: |it| &it.count },
        crate::Member { key: "note", name: "note", mask: "", read: |r, d| r.optional("note", &mut d.note, ::isobar::Decode::decode), write: |it, w| if let Some(it) = &it.note { ::isobar::Encode::encode(it, w) } else { w.null() }, check: |_| Ok(()), show: |it| &it.note },
    ];

    fn made(d: Draft) -> ::core::result::Result<Self, ::isobar::Invalid> {
        Ok(Self {
            key_id: ::isobar::required("keyId", d.key_id)?,
            title: ::isobar::required("title", d.title)?,
            person: ::isobar::required("person", d.person)?,
            price: ::isobar::required("price", d.price)?,
            placed_at: ::isobar::required("placedAt", d.placed_at)?,
            status: ::isobar::required("status", d.status)?,
            part: ::isobar::required("part", d.part)?,
            all_parts: ::isobar::required("allParts", d.all_parts)?,
            count: ::isobar::required("count", d.count)?,
            note: d.note.flatten(),
        })
    }
}

crate::described!(ThingHappened);

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

impl ThingHappened {
    /// With the required fields; the others are absent, or what they are by default.
    ///
    /// # Errors
    /// A value that is out of its bounds, with its path.
    pub fn new(
        key_id: super::super::KeyId,
        title: ::std::string::String,
        person: ::std::string::String,
        price: ::isobar::Decimal,
        placed_at: ::isobar::Timestamp,
        status: super::super::Status,
        part: super::super::Part,
        all_parts: ::std::vec::Vec<super::super::Part>,
        count: i64,
    ) -> ::core::result::Result<Self, ::isobar::Invalid> {
        let new = Self {
            key_id,
            title,
            person,
            price,
            placed_at,
            status,
            part,
            all_parts,
            count,
            note: None,
        };
        ::isobar::Encode::check(&new)?;
        Ok(new)
    }
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

impl ::isobar::Decode for ThingHappened {
    fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid> {
        const KEYS: &[&str] = &["keyId", "title", "person", "price", "placedAt", "status", "part", "allParts", "count", "note"];
        let mut key_id = None;
        let mut title = None;
        let mut person = None;
        let mut price = None;
        let mut placed_at = None;
        let mut status = None;
        let mut part = None;
        let mut all_parts = None;
        let mut count = None;
        let mut note = None;
        r.begin_object()?;
        while let Some(key) = r.next_key(KEYS)? {
            match key {
                0 => r.member(KEYS[0], &mut key_id, ::isobar::Decode::decode)?,
                1 => r.member(KEYS[1], &mut title, |r| r.string())?,
                2 => r.member(KEYS[2], &mut person, |r| r.string()).map_err(|e| e.hide("<pii>"))?,
                3 => r.member(KEYS[3], &mut price, |r| r.decimal(2))?,
                4 => r.member(KEYS[4], &mut placed_at, |r| r.timestamp())?,
                5 => r.member(KEYS[5], &mut status, ::isobar::Decode::decode)?,
                6 => r.member(KEYS[6], &mut part, ::isobar::Decode::decode)?,
                7 => r.member(KEYS[7], &mut all_parts, |r| r.list(::isobar::Decode::decode))?,
                8 => r.member(KEYS[8], &mut count, |r| {
                    let value = r.i64()?;
                    ::isobar::bounds::at_least(&value, 0)?;
                    ::isobar::bounds::at_most(&value, 1000000)?;
                    Ok(value)
                })?,
                _ => r.optional(KEYS[9], &mut note, |r| r.string())?,
            }
        }
        Ok(Self {
            key_id: ::isobar::required(KEYS[0], key_id)?,
            title: ::isobar::required(KEYS[1], title)?,
            person: ::isobar::required(KEYS[2], person)?,
            price: ::isobar::required(KEYS[3], price)?,
            placed_at: ::isobar::required(KEYS[4], placed_at)?,
            status: ::isobar::required(KEYS[5], status)?,
            part: ::isobar::required(KEYS[6], part)?,
            all_parts: ::isobar::required(KEYS[7], all_parts)?,
            count: ::isobar::required(KEYS[8], count)?,
            note: note.flatten(),
        })
    }
}

impl ::isobar::Encode for ThingHappened {
    fn encode(&self, w: &mut ::isobar::Writer) {
        w.begin_object();
        w.key("keyId");
        ::isobar::Encode::encode(&self.key_id, w);
        w.key("title");
        w.string(&self.title);
        w.key("person");
        w.string(&self.person);
        w.key("price");
        w.decimal(&self.price);
        w.key("placedAt");
        w.timestamp(&self.placed_at);
        w.key("status");
        ::isobar::Encode::encode(&self.status, w);
        w.key("part");
        ::isobar::Encode::encode(&self.part, w);
        w.key("allParts");
        w.list(&self.all_parts, |w, value| ::isobar::Encode::encode(value, w));
        w.key("count");
        w.i64(self.count);
        if let Some(value) = &self.note {
            w.key("note");
            w.string(value);
        }
        w.end_object();
    }

    fn check(&self) -> ::core::result::Result<(), ::isobar::Invalid> {
        ::isobar::bounds::member("price", &self.price, |value| ::isobar::bounds::decimal(value, 2))?;
        ::isobar::bounds::member("part", &self.part, ::isobar::Encode::check)?;
        ::isobar::bounds::member("allParts", &self.all_parts, |value| ::isobar::bounds::items(value, ::isobar::Encode::check))?;
        ::isobar::bounds::member("count", &self.count, |value| {
            ::isobar::bounds::at_least(value, 0)?;
            ::isobar::bounds::at_most(value, 1000000)
        })?;
        Ok(())
    }
}

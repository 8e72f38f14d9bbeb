::isobar::id! {
    /// The type `p.KeyId`.
    pub struct KeyId("key_");
}

/// The type `p.Status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The value `open`.
    Open,
    /// The value `shut`.
    Shut,
    /// The value `state0`.
    State0,
}

impl Status {
    /// Every known value, in declared order.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Shut, Self::State0];

    /// Its text in JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::Shut => "shut",
            Self::State0 => "state0",
        }
    }
}

impl ::core::str::FromStr for Status {
    type Err = ::isobar::Invalid;

    fn from_str(text: &str) -> ::core::result::Result<Self, ::isobar::Invalid> {
        match text {
            "open" => Ok(Self::Open),
            "shut" => Ok(Self::Shut),
            "state0" => Ok(Self::State0),
            _ => Err(::isobar::unknown_value(text, &["open", "shut", "state0"])),
        }
    }
}

impl ::core::fmt::Display for Status {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::isobar::Decode for Status {
    fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid> {
        r.text(str::parse)
    }
}

impl ::isobar::Encode for Status {
    fn encode(&self, w: &mut ::isobar::Writer) {
        w.string(self.as_str());
    }
}

/// The type `p.Part`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The field `name`.
    pub name: ::std::string::String,
    /// The field `count`, at least 1.
    pub count: i64,
    /// The field `price`, with at most 2 digits after the point.
    pub price: ::isobar::Decimal,
    /// The field `status`.
    pub status: Status,
}

impl Part {
    /// With all fields.
    ///
    /// # Errors
    /// A value that is out of its bounds, with its path.
    pub fn new(name: ::std::string::String, count: i64, price: ::isobar::Decimal, status: Status) -> ::core::result::Result<Self, ::isobar::Invalid> {
        let new = Self {
            name,
            count,
            price,
            status,
        };
        ::isobar::Encode::check(&new)?;
        Ok(new)
    }
}

impl ::isobar::Decode for Part {
    fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid> {
        const KEYS: &[&str] = &["name", "count", "price", "status"];
        let mut name = None;
        let mut count = None;
        let mut price = None;
        let mut status = None;
        r.begin_object()?;
        while let Some(key) = r.next_key(KEYS)? {
            match key {
                0 => r.member(KEYS[0], &mut name, |r| r.string())?,
                1 => r.member(KEYS[1], &mut count, |r| {
                    let value = r.i64()?;
                    ::isobar::bounds::at_least(&value, 1)?;
                    Ok(value)
                })?,
                2 => r.member(KEYS[2], &mut price, |r| r.decimal(2))?,
                _ => r.member(KEYS[3], &mut status, ::isobar::Decode::decode)?,
            }
        }
        Ok(Self {
            name: ::isobar::required(KEYS[0], name)?,
            count: ::isobar::required(KEYS[1], count)?,
            price: ::isobar::required(KEYS[2], price)?,
            status: ::isobar::required(KEYS[3], status)?,
        })
    }
}

impl ::isobar::Encode for Part {
    fn encode(&self, w: &mut ::isobar::Writer) {
        w.begin_object();
        w.key("name");
        w.string(&self.name);
        w.key("count");
        w.i64(self.count);
        w.key("price");
        w.decimal(&self.price);
        w.key("status");
        ::isobar::Encode::encode(&self.status, w);
        w.end_object();
    }

    fn check(&self) -> ::core::result::Result<(), ::isobar::Invalid> {
        ::isobar::bounds::member("count", &self.count, |value| ::isobar::bounds::at_least(value, 1))?;
        ::isobar::bounds::member("price", &self.price, |value| ::isobar::bounds::decimal(value, 2))?;
        Ok(())
    }
}

/// A record that says of each member how it is read and written.
pub trait Described: Sized + 'static {
    /// What was read so far.
    type Draft: Default;
    /// Its name.
    const NAME: &'static str;
    /// Its members.
    const FIELDS: &'static [Member<Self>];
    /// The record.
    ///
    /// # Errors
    /// A member that is missing.
    fn made(draft: Self::Draft) -> ::core::result::Result<Self, ::isobar::Invalid>;
}

/// A member of a record.
pub struct Member<T: Described> {
    /// In JSON.
    pub key: &'static str,
    /// In Rust.
    pub name: &'static str,
    /// What is shown instead.
    pub mask: &'static str,
    /// Reads it.
    pub read: fn(&mut ::isobar::Reader<'_>, &mut T::Draft) -> ::core::result::Result<(), ::isobar::Invalid>,
    /// Writes it.
    pub write: fn(&T, &mut ::isobar::Writer),
    /// Checks it.
    pub check: fn(&T) -> ::core::result::Result<(), ::isobar::Invalid>,
    /// Shows it.
    pub show: for<'a> fn(&'a T) -> &'a dyn ::core::fmt::Debug,
}

fn decode<T: Described>(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<T, ::isobar::Invalid> {
    let keys: Vec<&str> = T::FIELDS.iter().map(|it| it.key).collect();
    let mut draft = T::Draft::default();
    r.begin_object()?;
    while let Some(key) = r.next_key(&keys)? {
        (T::FIELDS[key].read)(r, &mut draft)?;
    }
    T::made(draft)
}

fn encode<T: Described>(it: &T, w: &mut ::isobar::Writer) {
    w.begin_object();
    for member in T::FIELDS {
        w.key(member.key);
        (member.write)(it, w);
    }
    w.end_object();
}

fn check<T: Described>(it: &T) -> ::core::result::Result<(), ::isobar::Invalid> {
    T::FIELDS.iter().try_for_each(|member| (member.check)(it).map_err(|e| e.at_field(member.key)))
}

fn show<T: Described>(it: &T, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
    let mut shown = f.debug_struct(T::NAME);
    for member in T::FIELDS {
        if member.mask.is_empty() {
            shown.field(member.name, (member.show)(it));
        } else {
            shown.field(member.name, &format_args!("{}", member.mask));
        }
    }
    shown.finish()
}

/// The implementations.
#[macro_export]
macro_rules! described {
    ($name:ident) => {
        impl ::isobar::Decode for $name {
            fn decode(r: &mut ::isobar::Reader<'_>) -> ::core::result::Result<Self, ::isobar::Invalid> {
                $crate::decode(r)
            }
        }
        impl ::isobar::Encode for $name {
            fn encode(&self, w: &mut ::isobar::Writer) {
                $crate::encode(self, w);
            }
            fn check(&self) -> ::core::result::Result<(), ::isobar::Invalid> {
                $crate::check(self)
            }
        }
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::show(self, f)
            }
        }
    };
}

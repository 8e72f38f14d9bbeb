//! Generated types with everything that a build script can wish for, compiled as strictly as a library might.
#![deny(warnings, missing_docs, clippy::all)]

use isobar::{Decode, Encode, Invalid, Problem, Reader, Writer};

/// A type of the service's own in place of the one that the schemas describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Euro.
    Eur,
    /// US dollar.
    Usd,
}

impl Currency {
    const ALL: [(&'static str, Currency); 2] = [("EUR", Currency::Eur), ("USD", Currency::Usd)];
}

impl Decode for Currency {
    fn decode(r: &mut Reader<'_>) -> Result<Self, Invalid> {
        r.text(|text| {
            let found = Currency::ALL.iter().find(|(name, _)| *name == text).map(|(_, currency)| *currency);
            found.ok_or_else(|| {
                let known = &["EUR", "USD"];
                Invalid::from(Problem::UnknownValue { value: text.into(), known })
            })
        })
    }
}

impl Encode for Currency {
    fn encode(&self, w: &mut Writer) {
        let name = Currency::ALL.iter().find(|(_, currency)| currency == self).map_or("", |(name, _)| *name);
        w.string(name);
    }
}

/// The shop.
pub mod shop {
    include!(concat!(env!("OUT_DIR"), "/shop.rs"));
}

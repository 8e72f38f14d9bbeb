//! The signs of kinds, so that nobody has to tell colours apart: shapes of our own in a square of sixteen, which look the same
//! whatever fonts there are.

use super::storm::Kind;

impl Kind {
    /// Every kind, in the order of a legend.
    pub(crate) const ALL: [Kind; 10] = [
        Kind::Actor,
        Kind::System,
        Kind::Policy,
        Kind::Saga,
        Kind::ReadModel,
        Kind::Command,
        Kind::Aggregate,
        Kind::External,
        Kind::Event,
        Kind::Hotspot,
    ];

    /// Its name, as a style sheet knows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Actor => "actor",
            Kind::System => "system",
            Kind::Policy => "policy",
            Kind::Saga => "saga",
            Kind::ReadModel => "read-model",
            Kind::Command => "command",
            Kind::Aggregate => "aggregate",
            Kind::External => "external",
            Kind::Event => "event",
            Kind::Hotspot => "hotspot",
        }
    }

    /// Its name, as people say it.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Kind::ReadModel => "read model",
            Kind::External => "external system",
            other => other.name(),
        }
    }

    /// The way of its sign.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Kind::Actor => {
                "M8 1.5a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4zM1.8 14.5c.3-3.4 2.8-5.2 6.2-5.2s5.9 1.8 6.2 5.2z"
            }
            Kind::System => "M1.5 2.5h13v9h-13zM3.2 4.2v5.6h9.6V4.2zM5 13h6v1.6H5z",
            Kind::Policy => "M1.5 4.2h5.4v2.4H1.5zM1.5 9.4h5.4v2.4H1.5zM8.6 2.6 14.6 8l-6 5.4z",
            Kind::Saga => "M8.4 2V0L12.8 3.3 8.4 6.6V4.4a3.8 3.8 0 1 0 3.6 4.9l2.3.7A6.2 6.2 0 1 1 8.4 2z",
            Kind::ReadModel => {
                "M1.5 2.5h13v3.2h-13zM1.5 7h6v2.8h-6zM8.8 7h5.7v2.8H8.8zM1.5 11.1h6v2.6h-6zM8.8 11.1h5.7v2.6H8.8z"
            }
            Kind::Command => "M3 1.8 14 8 3 14.2 5.2 8z",
            Kind::Aggregate => "M8 .8 14.4 4.4v7.2L8 15.2 1.6 11.6V4.4zM8 3.2 4.6 5.1 8 7l3.4-1.9z",
            Kind::External => "M4.6 13.4a3.5 3.5 0 0 1-.5-7A4.3 4.3 0 0 1 12.2 7 3.2 3.2 0 0 1 12 13.4z",
            Kind::Event => "M9.6.6 2.8 9.2h4L5.9 15.4 13.2 6.4H8.8z",
            Kind::Hotspot => "M6.6 1.5h2.8L9 9.8H7zM8 11.2a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z",
        }
    }
}

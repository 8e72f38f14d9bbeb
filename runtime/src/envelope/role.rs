//! What a member of an envelope can mean. Nothing here knows where a member stands.

/// What a member of an envelope means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Identifies this one message: what a consumer remembers to notice a second delivery.
    Id,
    /// The event's name on the wire.
    Type,
    /// When it happened.
    Time,
    /// The service that says so.
    Source,
    /// The aggregate that it happened to.
    AggregateId,
    /// What kind of aggregate that is.
    AggregateType,
    /// Its place among the events of its aggregate. Never the version of a schema.
    Sequence,
    /// The version of the data's schema. Never the place among the events of an aggregate.
    SchemaVersion,
    /// Where the data's schema is to be found.
    SchemaUrl,
    /// What everything has in common that one request set off.
    CorrelationId,
    /// The identifier of what set this off.
    CausationId,
    /// Who set it off.
    User,
    /// The payload.
    Data,
}

/// Every role with its name in `isobar.yaml`, in the order of the type, so that a role is its place here.
const NAMES: [(Role, &str); Role::COUNT] = [
    (Role::Id, "id"),
    (Role::Type, "type"),
    (Role::Time, "time"),
    (Role::Source, "source"),
    (Role::AggregateId, "aggregate_id"),
    (Role::AggregateType, "aggregate_type"),
    (Role::Sequence, "sequence"),
    (Role::SchemaVersion, "schema_version"),
    (Role::SchemaUrl, "schema_url"),
    (Role::CorrelationId, "correlation_id"),
    (Role::CausationId, "causation_id"),
    (Role::User, "user"),
    (Role::Data, "data"),
];

impl Role {
    /// How many there are.
    pub(super) const COUNT: usize = 13;

    /// Its name in `isobar.yaml`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_its_place_in_the_table() {
        for (at, (role, name)) in NAMES.into_iter().enumerate() {
            assert_eq!((role as usize, role.name(), role.to_string()), (at, name, name.to_owned()));
        }
    }
}

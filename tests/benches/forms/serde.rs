/// Something happened to a thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThingHappened {
    /// The field `keyId`.
    pub key_id: super::super::KeyId,
    /// The field `title`.
    pub title: ::std::string::String,
    /// The field `person`.
    pub person: ::std::string::String,
    /// The field `price`.
    pub price: ::std::string::String,
    /// The field `placedAt`.
    pub placed_at: ::std::string::String,
    /// The field `status`.
    pub status: super::super::Status,
    /// The field `part`.
    pub part: super::super::Part,
    /// The field `allParts`.
    pub all_parts: ::std::vec::Vec<super::super::Part>,
    /// The field `count`.
    pub count: i64,
    /// The field `note`.
    pub note: ::core::option::Option<::std::string::String>,
}

//! Every wish of the builder at once, on the shop.

use isobar_generator::{Generator, Target};

fn main() -> Result<(), isobar_generator::Error> {
    Generator::new()
        .schemas("../../schemas/shop")
        .include_file("shop.rs")
        .type_attribute("ordering.LineItem", "#[derive(PartialOrd, Ord)]")
        .field_attribute("ordering.LineItem.quantity", "#[doc(alias = \"count\")]")
        .boxed("ordering.OrderPlaced.pricing")
        .extern_path("ordering.Currency", "crate::Currency")
        .target(Target::Serde)
        .target(Target::CqrsEs)
        .target(Target::Disintegrate)
        .compile()
}

#[derive(isobar::Decode)]
#[isobar(prefix = "order_")]
struct OrderId(i64);

#[derive(isobar::Decode)]
#[isobar(prefix = "")]
struct CustomerId(String);

#[derive(isobar::Decode)]
struct ProductId(#[isobar(prefix = "product_")] String);

#[derive(isobar::Decode)]
struct Note(Option<String>);

#[derive(isobar::Decode)]
struct Point(i64, i64);

fn main() {}

use super::*;
use crate::Workspace;
use isobar_model::diag;
use std::path::Path;

fn open(path: &str) -> Workspace {
    let workspace = Workspace::open(Path::new(path));
    let findings = workspace.findings();
    eprintln!("{}", diag::render(&findings, &workspace.sources, false));
    workspace
}

#[test]
fn try_it() {
    let workspace = open("/tmp/regshop");
    let evolution = workspace.find("ordering.OrderPlaced").unwrap();
    let out = upcast(evolution, Version::new(1, 0), None, br#"{"orderId":"order_123","customerId":"customer_456","totalAmount":99.99}"#);
    eprintln!("{out:?}");
    let out = upcast(evolution, Version::new(2, 0), Some(Version::new(1,0)), out.unwrap().as_bytes());
    eprintln!("{out:?}");
    for r in crate::release(&workspace, &[], true).unwrap() { eprintln!("--- {}\n{}", r.path, r.text); }
    let v = &evolution.majors;
    eprintln!("{}", crate::compat::human(&crate::compat::compare_majors(v[0].record(), v[1].record(), v[0].up.as_ref().unwrap())));
    let n = evolution.newest().unwrap();
    eprintln!("{}", crate::schema::schema(&crate::schema::Subject::event("shop", &n.name, n.version, &n.event, &n.types).unwrap()).pretty());
    open("/work/shared/models/bank");
}

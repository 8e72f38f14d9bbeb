//! Registers schemas until it is killed, and says so only after the store did: `store-writer URL TASKS SEED`. A line is the subject,
//! the number of the schema, its id and its version.

use isobar_store_tests::{Dice, register, schema, subject};
use std::{
    env,
    io::{Write, stdout},
    sync::Arc,
};
use tokio::{sync::Mutex, task::JoinSet};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, tasks, seed] = arguments.as_slice() else { return Err("store-writer URL TASKS SEED".into()) };
    let store = isobar_registry::store::Store::open(url).await?;
    let (tasks, seed): (u64, u64) = (tasks.parse()?, seed.parse()?);
    let out = Arc::new(Mutex::new(stdout()));
    let mut writers: JoinSet<Result<(), String>> = JoinSet::new();
    for task in 0..tasks {
        let (store, out) = (store.clone(), out.clone());
        writers.spawn(async move {
            let mut dice = Dice::new(seed * tasks + task + 1);
            loop {
                let (name, number) = (format!("s{}", dice.below(6)), dice.below(100_000));
                let it = register(&store, &subject(&name), schema(number)).await.map_err(|error| error.to_string())?;
                // A whole line in one write: a process that is killed leaves no half of it.
                let line = format!("{name} {number} {} {}\n", it.id, it.version);
                let mut out = out.lock().await;
                out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
            }
        });
    }
    match writers.join_next().await {
        Some(stopped) => Ok(stopped??),
        None => Ok(()),
    }
}

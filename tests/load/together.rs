//! Three servers over one PostgreSQL, one of them killed and started again and again.

use crate::{Acknowledged, client, kill, runtime, start, verify, wanted};
use isobar_store_tests::{Kind, Server};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

#[test]
fn three_servers_over_one_database_lose_nothing_when_one_is_killed() {
    let place = Kind::Postgres.place();
    let seconds = wanted("ISOBAR_SECONDS", 6);
    let pause = Duration::from_secs_f64(if seconds > 20 { 10.0 } else { 1.5 });
    let mut servers: Vec<Server> = (0..3).map(|_| start(&place.url)).collect();
    let acknowledged = Acknowledged::default();
    let runtime = runtime();
    runtime.block_on(async {
        let (mut clients, mut seed, since, mut kills) = (JoinSet::new(), 0, Instant::now(), 0);
        let mut join = |clients: &mut JoinSet<usize>, server: &Server| {
            for _ in 0..4 {
                seed += 1;
                let (address, acknowledged) = (server.address().to_owned(), Arc::clone(&acknowledged));
                clients.spawn(client(address, seed, usize::MAX, 500, acknowledged));
            }
        };
        servers.iter().for_each(|server| join(&mut clients, server));
        while since.elapsed() < Duration::from_secs(seconds as u64) {
            tokio::time::sleep(pause).await;
            kill(servers.remove(0));
            kills += 1;
            let next = start(&place.url);
            join(&mut clients, &next);
            servers.push(next);
        }
        clients.abort_all();
        while clients
            .join_next()
            .await
            .is_some_and(|ended| ended.is_ok() || ended.is_err_and(|error| error.is_cancelled()))
        {}
        assert!(clients.is_empty(), "a client saw what it should not");
        let acknowledged = acknowledged.lock().unwrap().clone();
        for server in &servers {
            // All of them tell the same.
            verify(server.address(), &acknowledged).await;
        }
        println!("{} writes were acknowledged, {kills} servers killed, all are there", acknowledged.len());
    });
}

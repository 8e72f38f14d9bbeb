//! A PostgreSQL for the tests of one process: it listens on a socket in a folder of its own, and goes when the process does.
//! The server refuses to run as root, so that root starts it as another user.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// Serves until the test process ends, however it ends: then its end of the pipe closes.
const SERVE: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$2"
"#;

#[derive(Debug)]
struct Cluster {
    folder: PathBuf,
    _guard: Child,
}

/// The URL of a new, empty database.
#[must_use]
pub fn database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let cluster = CLUSTER.get_or_init(Cluster::start);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let create = format!("CREATE DATABASE {name} TEMPLATE template0");
    // A database that sorts as people do shows every list that relies on its order. Servers before 15 cannot be told so.
    if !cluster.try_psql(&format!("{create} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")) {
        cluster.psql(&create);
    }
    format!("postgres://isobar@{}/{name}", cluster.folder.display().to_string().replace('/', "%2F"))
}

impl Cluster {
    fn start() -> Cluster {
        let programs = programs();
        let user = is_root().then(other_user);
        let folder = tempfile::tempdir().expect("a folder can be made").keep();
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).expect("the folder can be given away");
        }
        let as_user = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder);
            if let Some((user, group)) = user {
                command.gid(group).uid(user);
            }
            command
        };
        let made = as_user(&programs.join("initdb"))
            .args(["-U", "isobar", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(folder.join("data"))
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let guard = as_user(Path::new("/bin/sh"))
            .args(["-c", SERVE, "sh"])
            .args([&programs, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell runs");
        let cluster = Cluster { folder, _guard: guard };
        let since = Instant::now();
        while !cluster.try_psql("SELECT 1") {
            let log = || fs::read_to_string(cluster.folder.join("log")).unwrap_or_default();
            assert!(since.elapsed() < PATIENCE, "PostgreSQL does not start: {}", log());
            thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    fn try_psql(&self, statement: &str) -> bool {
        let mut psql = Command::new("psql");
        psql.args(["-q", "-X", "-U", "isobar", "-d", "postgres", "-c", statement, "-h"]).arg(&self.folder);
        psql.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("psql runs").success()
    }

    fn psql(&self, statement: &str) {
        assert!(self.try_psql(statement), "{statement}");
    }
}

/// The folder of `initdb` and `postgres`: where Debian puts them, or on the path.
fn programs() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|it| it.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let everywhere: Vec<PathBuf> = installed.chain(std::env::split_paths(&path)).collect();
    let found =
        everywhere.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.expect("PostgreSQL is installed (Debian's package `postgresql`)")
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn is_root() -> bool {
    id(&["-u"]) == Some(0)
}

/// The user and group of the package, or of nobody.
fn other_user() -> (u32, u32) {
    let of = |name| Some((id(&["-u", name])?, id(&["-g", name])?));
    of("postgres").or_else(|| of("nobody")).expect("there is a user that is not root")
}

/// Runs a statement on a database of [`database`], past the store.
pub fn execute(url: &str, statement: &str) {
    let done = Command::new("psql").args(["-q", "-X", url, "-c", statement]).output().expect("psql runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

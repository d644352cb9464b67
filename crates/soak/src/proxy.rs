//! `HAProxy` before the replicas, set up as `docs/operating/postgres.md` says. Not for choosing which replica is killed.

use std::{
    fmt::Write as _,
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::error::Error;

const PROGRAM: &str = "/usr/sbin/haproxy";
/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running proxy; ended when dropped.
pub struct Proxy {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Proxy {
    /// Starts one before these replicas.
    pub fn start(replicas: &[SocketAddr], folder: &Path) -> Result<Self, Error> {
        if !Path::new(PROGRAM).exists() {
            let how = format!(
                "{PROGRAM} is missing: `cargo xtask prerequisites` installs it as root on Debian"
            );
            return Err(Error::Unfit(how));
        }
        let address = free_address()?;
        let settings = folder.join("haproxy.cfg");
        fs::write(&settings, configured(address, replicas)).map_err(Error::io("haproxy.cfg"))?;
        let log = fs::File::create(folder.join("haproxy.log")).map_err(Error::io("haproxy.log"))?;
        let child = Command::new(PROGRAM)
            .args(["-db", "-f"])
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(Error::io(PROGRAM))?;
        let proxy = Self { child, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err(Error::Unfit(format!(
                    "{PROGRAM} does not listen on {address}"
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(proxy)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configured(address: SocketAddr, replicas: &[SocketAddr]) -> String {
    let mut text = format!(
        "defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 20s
    timeout check 2s
    timeout http-keep-alive 10s
    retries 2
    option redispatch 1
    retry-on conn-failure
frontend countersign
    bind {address}
    default_backend replicas
backend replicas
    balance roundrobin
    option httpchk GET /readyz
    default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
"
    );
    for (at, replica) in replicas.iter().enumerate() {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "    server replica{at} {replica}");
    }
    text
}

/// An address that nobody listens on.
pub fn free_address() -> Result<SocketAddr, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(Error::io("a free port"))?;
    listener.local_addr().map_err(Error::io("a free port"))
}

//! A real SMTP server, run beside the suite and ended with it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde::Deserialize;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(20);

/// How the server is spoken to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// `none`, `starttls` or `wrapped`.
    pub tls: Option<&'static str>,
    /// `user:password`, which it then requires.
    pub login: Option<&'static str>,
    /// Where it listens; a free port where it is not said.
    pub port: Option<u16>,
}

/// A server that takes mails and tells of them.
pub struct SmtpServer {
    pub port: u16,
    child: Child,
    told: Receiver<String>,
    folder: TempDir,
}

/// A mail that the server took, as Python's mail parser reads it.
#[derive(Debug, Deserialize)]
pub struct Taken {
    pub connection: u32,
    pub tls: bool,
    pub user: Option<String>,
    pub from: String,
    pub to: Vec<String>,
    headers: Vec<(String, String)>,
    pub defects: Vec<String>,
    pub parts: Vec<Part>,
    pub ascii: bool,
}

/// One alternative of a mail.
#[derive(Debug, Deserialize)]
pub struct Part {
    #[serde(rename = "type")]
    pub kind: String,
    pub encoding: String,
    pub content: String,
}

#[derive(Deserialize)]
struct Listening {
    port: u16,
}

impl Taken {
    /// The values of this header, decoded.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let wanted = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        wanted.map(|(_, value)| value.as_str()).collect()
    }
}

impl SmtpServer {
    /// Starts one on a free port of this machine.
    pub fn start(python: &Path, manner: Manner) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new(python);
        command.arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/support/smtp_server.py"
        ));
        if let Some(tls) = manner.tls {
            make_certificate(folder.path());
            command
                .args(["--tls", tls])
                .arg("--certificate")
                .arg(folder.path().join("certificate.pem"));
            command.arg("--key").arg(folder.path().join("key.pem"));
        }
        if let Some(login) = manner.login {
            command.args(["--login", login]);
        }
        if let Some(port) = manner.port {
            command.arg("--port").arg(port.to_string());
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It complains of every conversation that goes wrong, as many here are meant to.
            .stderr(Stdio::null())
            .spawn()
            .expect("the SMTP server can be started");
        let output = child.stdout.take().expect("its output is piped");
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let first = told
            .recv_timeout(PATIENCE)
            .expect("the server says where it listens");
        let Listening { port } = serde_json::from_str(&first).expect("its first line is its port");
        Self {
            port,
            child,
            told,
            folder,
        }
    }

    /// The certificate that it shows, which no authority has signed.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// The next mail that it took.
    pub fn taken(&self) -> Taken {
        let line = self
            .told
            .recv_timeout(PATIENCE)
            .expect("the server takes a mail");
        serde_json::from_str(&line).expect("it tells of mails in JSON")
    }

    /// So many mails, the next that it took.
    pub fn taken_in_all(&self, mails: usize) -> Vec<Taken> {
        (0..mails).map(|_| self.taken()).collect()
    }

    /// Treats receivers of this name like any other from now on.
    pub fn mend(&mut self, name: &str) {
        let input = self.child.stdin.as_mut().expect("its input is piped");
        writeln!(input, "{name}").expect("it reads");
    }

    /// Whether it has taken no other mail so far. What was answered was told before.
    pub fn took_nothing_more(&self) -> bool {
        self.told.recv_timeout(Duration::from_millis(200)).is_err()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        // It is ours, and it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for this machine's address, signed by itself.
fn make_certificate(folder: &Path) {
    let settings = "[req]\nprompt=no\ndistinguished_name=name\nx509_extensions=extensions\n[name]\nCN=mail.example\n\
        [extensions]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n";
    std::fs::write(folder.join("settings.cnf"), settings)
        .expect("the temporary folder can be written to");
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-config",
            "settings.cnf",
            "-keyout",
            "key.pem",
            "-out",
            "certificate.pem",
        ])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "openssl makes a certificate"
    );
}

//! Mail over SMTP by lettre. The conversation is held here command by command, so that a refusal is
//! known by the command it answers, and a connection that was cut short in the middle of one is closed,
//! never used again: the answer to an old command would be taken for the answer to a new one.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use lettre::transport::smtp::{
    authentication::DEFAULT_MECHANISMS,
    client::{AsyncSmtpConnection, Tls},
    commands::{Data, Mail, Noop, Rcpt},
    response::Response,
};
use tokio::time::timeout;

use super::{MailTransport, smtp_address::Relay};
use crate::{
    error::{Error, SendError, Sent},
    mail::OutgoingMail,
};

const CONNECT: Duration = Duration::from_secs(15);
const CONVERSE: Duration = Duration::from_secs(30);
const GREET_AGAIN: Duration = Duration::from_secs(5);
/// Relays close idle connections after minutes; we are gone before.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 8;

/// A mail relay, with a pool of connections that are kept open for a while.
pub struct Smtp {
    relay: Relay,
    /// How long a whole mail may take once there is a connection.
    converse: Duration,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

/// Where in the conversation something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connect,
    Authenticate,
    Sender,
    Recipient,
    Data,
    Message,
}

impl Smtp {
    /// The relay at `smtps://user:password@host`, `smtp://host?tls=required` (or `opportunistic`) or
    /// `smtp://host` (no encryption: for a relay on the same machine). `ca=FILE` trusts one more
    /// certificate authority, `hello=NAME` is how we introduce ourselves. Connects to nothing yet.
    pub fn new(address: &str) -> Result<Self, Error> {
        let relay = Relay::parse(address)?;
        if relay.credentials.is_some() && matches!(relay.tls, Tls::None) {
            tracing::warn!(
                host = relay.host,
                "the password of the mail relay travels unencrypted"
            );
        }
        Ok(Self {
            relay,
            converse: CONVERSE,
            idle: Mutex::default(),
        })
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, SendError> {
        while let Some(mut connection) = self.take_idle() {
            // The relay may have hung up meanwhile.
            if let Ok(Ok(_)) = timeout(GREET_AGAIN, connection.command(Noop)).await {
                return Ok(connection);
            }
        }
        match timeout(CONNECT, self.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(SendError::temporary("the mail relay does not answer")),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let Relay {
            host,
            port,
            tls,
            hello,
            credentials,
        } = &self.relay;
        let wrapper = match tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            Tls::None | Tls::Opportunistic(_) | Tls::Required(_) => None,
        };
        let failed = |error| judged(Stage::Connect, &error);
        let server = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, None, hello, wrapper, None)
                .await
                .map_err(failed)?;
        match tls {
            Tls::Required(parameters) => connection
                .starttls(parameters.clone(), hello)
                .await
                .map_err(failed)?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection
                    .starttls(parameters.clone(), hello)
                    .await
                    .map_err(failed)?;
            }
            Tls::None | Tls::Opportunistic(_) | Tls::Wrapper(_) => {}
        }
        if let Some(credentials) = credentials {
            let known = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            known.map_err(|error| judged(Stage::Authenticate, &error))?;
        }
        Ok(connection)
    }

    /// The newest idle connection; those past their time are closed.
    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.locked();
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.locked();
        if idle.len() < IDLE_CONNECTIONS && !connection.has_broken() {
            idle.push((connection, Instant::now()));
        }
    }

    fn locked(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl MailTransport for Smtp {
    async fn send(&self, mail: &OutgoingMail) -> Result<Sent, SendError> {
        let mut connection = self.connection().await?;
        match timeout(self.converse, converse(&mut connection, mail)).await {
            Ok(Ok(response)) => {
                self.keep(connection);
                Ok(Sent {
                    answer: said(&response),
                })
            }
            // Refused or broken off: the connection is closed by being dropped.
            Ok(Err(error)) => Err(error),
            Err(_) => Err(SendError::temporary(
                "the mail relay fell silent in the middle of the mail",
            )),
        }
    }
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    mail: &OutgoingMail,
) -> Result<Response, SendError> {
    let failed = |stage| move |error| judged(stage, &error);
    let from = Mail::new(Some(mail.from().clone()), Vec::new());
    connection
        .command(from)
        .await
        .map_err(failed(Stage::Sender))?;
    let to = Rcpt::new(mail.to().clone(), Vec::new());
    connection
        .command(to)
        .await
        .map_err(failed(Stage::Recipient))?;
    connection
        .command(Data)
        .await
        .map_err(failed(Stage::Data))?;
    connection
        .message(mail.bytes())
        .await
        .map_err(failed(Stage::Message))
}

fn said(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    crate::error::excerpt(&format!("{} {}", response.code(), lines.join(" ")))
}

/// Whether trying again may help. Only a 5xx about this mail is final; one about ourselves (a wrong
/// password, a relay that wants us to log in) is mended by an operator, and the mail goes then.
fn judged(stage: Stage, error: &lettre::transport::smtp::Error) -> SendError {
    let status = error
        .status()
        .map(|code| code.to_string().parse::<u16>().unwrap_or_default());
    let about_us = matches!(stage, Stage::Connect | Stage::Authenticate)
        || status.is_some_and(|code| matches!(code, 530 | 534 | 535 | 538));
    let sentence = match stage {
        Stage::Connect => "the mail relay cannot be reached",
        Stage::Authenticate => "the mail relay does not accept our password",
        Stage::Sender | Stage::Recipient | Stage::Data if status.is_none() => {
            "the connection to the mail relay was lost"
        }
        Stage::Sender => "the mail relay refused the sender",
        Stage::Recipient => "the mail relay refused the recipient",
        Stage::Data => "the mail relay refused the mail",
        // After the last dot nobody knows: the relay may have taken it, so the same Message-ID goes again.
        Stage::Message if status.is_none() => {
            "the connection was lost; whether the mail arrived is not known"
        }
        Stage::Message => "the mail relay refused the content",
    };
    let text = format!("{sentence}: {}", crate::error::excerpt(&error.to_string()));
    let said = error.status().map(|_| {
        std::error::Error::source(error)
            .map(ToString::to_string)
            .unwrap_or_default()
    });
    let failure = if error.is_permanent() && !about_us {
        SendError::permanent(text)
    } else {
        SendError::temporary(text)
    };
    failure.said(&said.unwrap_or_default())
}

/// Shows where, and no password.
impl fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Smtp")
            .field("host", &self.relay.host)
            .field("port", &self.relay.port)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::TcpListener,
    };
    use uuid::Uuid;

    use super::{super::sample::mail, *};

    /// Serves connection after connection, and tells the commands of each; on the first it says nothing
    /// to `RCPT`.
    async fn moody(listener: TcpListener, tell: tokio::sync::mpsc::UnboundedSender<String>) {
        for number in 1.. {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            let mut answer = "220 here";
            let mut line = String::new();
            loop {
                if stream
                    .write_all(format!("{answer}\r\n").as_bytes())
                    .await
                    .is_err()
                {
                    break;
                }
                line.clear();
                if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                    break;
                }
                tell.send(format!(
                    "{number} {}",
                    line.split([' ', '\r']).next().unwrap()
                ))
                .unwrap();
                answer = match &line[..4] {
                    "RCPT" if number == 1 => {
                        // Silent until the other side gives up.
                        let _ = stream.read_line(&mut line).await;
                        break;
                    }
                    "DATA" => {
                        stream.write_all(b"354 go on\r\n").await.unwrap();
                        while line != ".\r\n" {
                            line.clear();
                            stream.read_line(&mut line).await.unwrap();
                        }
                        "250 taken"
                    }
                    _ => "250 fine",
                };
            }
        }
    }

    #[tokio::test]
    async fn a_relay_that_falls_silent_is_left_and_its_connection_with_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut smtp = Smtp::new(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        smtp.converse = Duration::from_millis(100);
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(moody(listener, tell));
        let silent = smtp.send(&mail(Uuid::nil())).await.unwrap_err();
        assert!(matches!(silent, SendError::Temporary { .. }), "{silent}");
        assert!(silent.to_string().contains("silent"), "{silent}");
        smtp.converse = CONVERSE;
        for _ in 0..2 {
            smtp.send(&mail(Uuid::nil())).await.unwrap();
        }
        let mut commands = Vec::new();
        while let Ok(command) = told.try_recv() {
            commands.push(command);
        }
        let expected =
            "1 EHLO,1 MAIL,1 RCPT,2 EHLO,2 MAIL,2 RCPT,2 DATA,2 NOOP,2 MAIL,2 RCPT,2 DATA";
        assert_eq!(commands.join(","), expected);
    }
}

//! `smtps://user:password@host:port` → where the mail relay is and how it is spoken to.

use lettre::transport::smtp::{
    authentication::Credentials,
    client::{Certificate, Tls, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::Error;

/// Where the relay is, and how it is spoken to.
pub(super) struct Relay {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub hello: ClientId,
    pub credentials: Option<Credentials>,
}

/// What the address may ask for behind its `?`.
#[derive(Default)]
struct Options {
    tls: Option<String>,
    /// A file with a certificate authority to trust besides those of the system.
    ca: Option<String>,
    hello: Option<String>,
}

impl Relay {
    pub(super) fn parse(address: &str) -> Result<Self, Error> {
        let refused = |reason: &str| Error::SmtpUrl(reason.to_owned());
        let url: Url = address
            .parse()
            .map_err(|error: url::ParseError| refused(&error.to_string()))?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| refused("it names no host"))?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let options = Options::of(&url)?;
        let (port, tls) = match (url.scheme(), options.tls.as_deref()) {
            ("smtps", None) => (465, Tls::Wrapper(options.trust(&host)?)),
            ("smtp", Some("required")) => (587, Tls::Required(options.trust(&host)?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(options.trust(&host)?)),
            ("smtp", None | Some("none")) => (25, Tls::None),
            ("smtp", Some(_)) => {
                return Err(refused("`tls` is `required`, `opportunistic` or `none`"));
            }
            ("smtps", Some(_)) => {
                return Err(refused(
                    "`smtps` is encrypted from the first byte: leave `tls` out",
                ));
            }
            _ => return Err(refused("it begins with `smtps://` or `smtp://`")),
        };
        let hello = match &options.hello {
            Some(name)
                if !name.is_empty()
                    && name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)) =>
            {
                ClientId::Domain(name.clone())
            }
            Some(_) => return Err(refused("`hello` is a host name")),
            None => ClientId::default(),
        };
        let port = url.port().unwrap_or(port);
        Ok(Self {
            host,
            port,
            tls,
            hello,
            credentials: credentials(&url)?,
        })
    }
}

impl Options {
    fn of(url: &Url) -> Result<Self, Error> {
        let mut options = Self::default();
        for (name, value) in url.query_pairs() {
            let option = match name.as_ref() {
                "tls" => &mut options.tls,
                "ca" => &mut options.ca,
                "hello" => &mut options.hello,
                other => {
                    return Err(Error::SmtpUrl(format!(
                        "it has no option `{other}`, only tls, ca and hello"
                    )));
                }
            };
            *option = Some(value.into_owned());
        }
        Ok(options)
    }

    fn trust(&self, host: &str) -> Result<TlsParameters, Error> {
        let refused = |reason: String| Error::Tls {
            whom: "the mail relay",
            reason,
        };
        let mut builder = TlsParameters::builder(host.to_owned());
        if let Some(path) = &self.ca {
            let pem = std::fs::read(path).map_err(|error| refused(format!("{path}: {error}")))?;
            let certificate =
                Certificate::from_pem(&pem).map_err(|error| refused(format!("{path}: {error}")))?;
            builder = builder.add_root_certificate(certificate);
        }
        builder
            .build_rustls()
            .map_err(|error| refused(error.to_string()))
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, Error> {
    let decoded = |text: &str| {
        let bytes = percent_decode_str(text).decode_utf8();
        bytes
            .map(String::from)
            .map_err(|_| Error::SmtpUrl("user and password are UTF-8".to_owned()))
    };
    match url.password() {
        Some(password) => Ok(Some(Credentials::new(
            decoded(url.username())?,
            decoded(password)?,
        ))),
        None if url.username().is_empty() => Ok(None),
        None => Err(Error::SmtpUrl(
            "it names a user without a password".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn described(address: &str) -> String {
        let relay = Relay::parse(address).unwrap();
        let secured = match relay.tls {
            Tls::None => "plain",
            Tls::Opportunistic(_) => "opportunistic",
            Tls::Required(_) => "required",
            Tls::Wrapper(_) => "wrapped",
        };
        let known = if relay.credentials.is_some() {
            " as a user"
        } else {
            ""
        };
        format!("{}:{} {secured}{known}", relay.host, relay.port)
    }

    #[test]
    fn addresses_that_are_understood() {
        let table = [
            ("smtps://mail.example", "mail.example:465 wrapped"),
            (
                "smtps://u:p@mail.example:2465",
                "mail.example:2465 wrapped as a user",
            ),
            (
                "smtp://mail.example?tls=required",
                "mail.example:587 required",
            ),
            (
                "smtp://mail.example:25?tls=opportunistic",
                "mail.example:25 opportunistic",
            ),
            ("smtp://127.0.0.1:2525", "127.0.0.1:2525 plain"),
            (
                "smtp://localhost?tls=none&hello=approve.example",
                "localhost:25 plain",
            ),
            ("smtp://[::1]:2525", "::1:2525 plain"),
            (
                "smtp://u%40acme:p%2F%3A%40@mail.example",
                "mail.example:25 plain as a user",
            ),
        ];
        for (address, expected) in table {
            assert_eq!(described(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_that_are_refused_never_show_their_password() {
        let table = [
            "mail.example",
            "http://u:hunter2@mail.example",
            "smtp://",
            "smtp://u:hunter2@mail.example?tls=maybe",
            "smtps://u:hunter2@mail.example?tls=required",
            "smtp://u:hunter2@mail.example?tsl=required",
            "smtp://u:hunter2@mail.example?hello=a%0d%0ab",
            "smtp://u@mail.example",
            "smtp://u:hunter2%FF@mail.example",
            "smtp://u:hunter2@mail.example?tls=required&ca=/nowhere.pem",
        ];
        for address in table {
            let Err(error) = Relay::parse(address) else {
                panic!("{address} was taken")
            };
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}

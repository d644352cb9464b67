//! Hooks over HTTP: one signed POST, one answer, no detours.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{
    Client, ClientBuilder, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use url::{Host, Url};

use super::{
    HookCall, HookTransport, SigningKeys,
    addresses::{PublicOnly, SystemLookup, is_public_address},
};
use crate::error::{Error, SendError, Sent, excerpt};

const TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER_BYTES: usize = 64 * 1024;
const PORTS: [u16; 2] = [80, 443];

/// Where a hook is, and what its calls are signed with.
#[derive(Debug)]
pub struct Endpoint {
    url: Url,
    keys: SigningKeys,
}

impl Endpoint {
    /// A hook at this address. Without `allow_private_addresses` only `https` on its usual port and
    /// only hosts on the public Internet are taken.
    pub fn new(
        hook: &str,
        url: &str,
        secrets: &str,
        allow_private_addresses: bool,
    ) -> Result<Self, Error> {
        let refused = |reason: &str| Error::HookUrl {
            hook: hook.to_owned(),
            reason: reason.to_owned(),
        };
        let url: Url = url
            .parse()
            .map_err(|error: url::ParseError| refused(&error.to_string()))?;
        match (url.scheme(), allow_private_addresses) {
            ("https", _) | ("http", true) => {}
            ("http", false) => {
                return Err(refused(
                    "it is not encrypted: use https, or allow private addresses",
                ));
            }
            _ => return Err(refused("it does not begin with https://")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("it holds a password, which would stand in logs"));
        }
        if !allow_private_addresses {
            if !url
                .port_or_known_default()
                .is_some_and(|port| PORTS.contains(&port))
            {
                return Err(refused("it has an unusual port"));
            }
            if !names_the_public(&url) {
                return Err(refused("it is not on the public Internet"));
            }
        }
        Ok(Self {
            url,
            keys: SigningKeys::parse(hook, secrets)?,
        })
    }
}

impl Endpoint {
    /// Whether nobody on the way can read what is sent.
    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// A host given as a number is never looked up, so it is judged here.
fn names_the_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_public_address(address.into()),
        Some(Host::Ipv6(address)) => is_public_address(address.into()),
        Some(Host::Domain(name)) => !name.is_empty(),
        None => false,
    }
}

/// Calls hooks over HTTP.
pub struct HttpHooks {
    endpoints: BTreeMap<String, Endpoint>,
    /// By hook and partner.
    of_partners: BTreeMap<(String, String), Endpoint>,
    client: Client,
}

impl HttpHooks {
    /// Calls these hooks. `allow_private_addresses` is for receivers in one's own network.
    pub fn new(
        endpoints: BTreeMap<String, Endpoint>,
        allow_private_addresses: bool,
    ) -> Result<Self, Error> {
        // Fails where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client(allow_private_addresses).build().or_else(|error| {
            // A machine without any certificates: encrypted hooks fail one by one, all else goes on.
            tracing::warn!(%error, "the system's certificates cannot be read; no encrypted hook can be called");
            client(allow_private_addresses).tls_certs_only([]).build()
        });
        let client = client.map_err(|error| Error::Tls {
            whom: "hooks",
            reason: error.to_string(),
        })?;
        Ok(Self {
            endpoints,
            of_partners: BTreeMap::new(),
            client,
        })
    }

    /// Calls of these hooks for cases of these partners go elsewhere.
    #[must_use]
    pub fn for_partners(self, of_partners: BTreeMap<(String, String), Endpoint>) -> Self {
        Self {
            of_partners,
            ..self
        }
    }

    /// Where a call goes: to its partner's own address, if there is one.
    fn endpoint(&self, call: &HookCall) -> Option<&Endpoint> {
        let of_partner = call.partner().and_then(|partner| {
            let key = (call.hook.clone(), partner.to_owned());
            self.of_partners.get(&key)
        });
        of_partner.or_else(|| self.endpoints.get(&call.hook))
    }
}

fn client(allow_private_addresses: bool) -> ClientBuilder {
    let client = Client::builder()
        .user_agent(concat!("Countersign/", env!("CARGO_PKG_VERSION")))
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .http1_max_headers(64)
        // Each call connects anew, so that each is judged by where it really goes.
        .pool_max_idle_per_host(0);
    if allow_private_addresses {
        client
    } else {
        client.dns_resolver(Arc::new(PublicOnly(Arc::new(SystemLookup))))
    }
}

#[async_trait]
impl HookTransport for HttpHooks {
    async fn call(&self, call: &HookCall) -> Result<Sent, SendError> {
        let Some(endpoint) = self.endpoint(call) else {
            return Err(SendError::permanent(format!(
                "no hook called `{}` is configured",
                call.hook
            )));
        };
        self.post(endpoint, call).await
    }
}

impl HttpHooks {
    /// One call to this address.
    pub(super) async fn post(
        &self,
        endpoint: &Endpoint,
        call: &HookCall,
    ) -> Result<Sent, SendError> {
        let body = serde_json::to_vec(&call.body)
            .map_err(|error| SendError::permanent(error.to_string()))?;
        let (id, timestamp) = (call.delivery.to_string(), call.at.timestamp());
        let Some(signature) = endpoint.keys.sign(&id, timestamp, &body) else {
            return Err(SendError::permanent("the body cannot be signed"));
        };
        let request = self
            .client
            .post(endpoint.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body);
        match request.send().await {
            Ok(response) => judged(response, call).await,
            Err(error) => Err(SendError::temporary(unreached(&error))),
        }
    }
}

async fn judged(mut response: Response, call: &HookCall) -> Result<Sent, SendError> {
    let status = response.status();
    let retry_after = retry_after(response.headers(), call);
    let answer = beginning(&mut response).await;
    if status.is_success() {
        return Ok(Sent {
            answer: excerpt(&format!("{status} {answer}")),
        });
    }
    let error = if status.is_redirection() {
        format!("the hook answered {status}: it must be given its final address")
    } else {
        format!("the hook answered {status}")
    };
    let failure = match status {
        StatusCode::GONE => SendError::permanent(format!("{error}: it wants no more calls")),
        _ => SendError::Temporary {
            error,
            transcript: String::new(),
            retry_after,
        },
    };
    Err(failure.said(&answer))
}

/// As much of the answer as is worth reading; what breaks off is read as far as it came.
async fn beginning(response: &mut Response) -> String {
    let mut read = Vec::new();
    while read.len() < ANSWER_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        read.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES - read.len())]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap, call: &HookCall) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = chrono::DateTime::parse_from_rfc2822(value).ok()?;
    (date.to_utc() - call.at).to_std().ok()
}

/// The reasons down to the first, without the address: it may hold a secret.
fn unreached(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "the hook did not answer in time".to_owned();
    }
    let mut reasons = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        reasons.push(inner.to_string());
        source = inner.source();
    }
    excerpt(&format!(
        "the hook cannot be reached: {}",
        reasons.last().map_or("no reason given", String::as_str)
    ))
}

/// Shows names, and neither addresses nor secrets.
impl fmt::Debug for HttpHooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.endpoints.keys())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    /// Ways to write an inner address, and other things that are no place for a hook.
    #[test]
    fn addresses_that_no_hook_may_have() {
        let corpus = "http://hooks.example/ ftp://hooks.example/ file:///etc/passwd https:// hooks.example \
            gopher://hooks.example:443/ https://user:pass@hooks.example/ https://user@hooks.example/ \
            https://hooks.example:22/ https://hooks.example:8443/ https://127.0.0.1/ https://127.1/ \
            https://2130706433/ https://0x7f000001/ https://0177.0.0.1/ https://017700000001/ https://0/ \
            https://0.0.0.0/ https://[::1]/ https://[::]/ https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/ \
            https://[0:0:0:0:0:ffff:127.0.0.1]/ https://10.0.0.1/ https://192.168.1.1/ https://172.16.0.1/ \
            https://169.254.169.254/latest/meta-data/ https://[fd00:ec2::254]/ https://[fe80::1]/ \
            https://100.64.0.1/ https://[64:ff9b::a00:1]/ https://[2002:a00:1::]/ https://①②⑦.⓪.⓪.①/ \
            https://127。0。0。1/ https://%31%32%37.0.0.1/ https://0x7f.1/ https://224.0.0.1/ https://255.255.255.255/";
        for url in corpus.split_whitespace() {
            let made = Endpoint::new("pay", url, SECRET, false);
            assert!(matches!(made, Err(Error::HookUrl { .. })), "{url}");
        }
        for url in [
            "https://hooks.example/pay?x=1",
            "https://hooks.example:443/",
            "https://8.8.8.8/",
        ] {
            assert!(Endpoint::new("pay", url, SECRET, false).is_ok(), "{url}");
        }
        for url in ["http://127.0.0.1:8099/pay", "https://erp.intern:8443/"] {
            assert!(Endpoint::new("pay", url, SECRET, true).is_ok(), "{url}");
        }
        assert!(matches!(
            Endpoint::new("pay", "https://hooks.example/", "x", false),
            Err(Error::HookSecret { .. })
        ));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let at = "2026-11-23T01:00:00Z".parse().unwrap();
        let body = serde_json::Value::Null;
        let call = HookCall {
            delivery: uuid::Uuid::nil(),
            hook: "pay".to_owned(),
            case: None,
            body,
            at,
        };
        let table = [
            ("120", Some(120)),
            ("Mon, 23 Nov 2026 01:02:00 GMT", Some(120)),
            ("Mon, 23 Nov 2026 00:00:00 GMT", None),
            ("-5", None),
            ("soon", None),
        ];
        for (value, seconds) in table {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
            assert_eq!(
                retry_after(&headers, &call),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }
}

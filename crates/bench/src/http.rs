//! One connection that asks one thing after another, as lean as can be: on a small machine the load driver has the same
//! processors as what it measures. Plain HTTP/1.1 only.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, StatusCode,
    client::conn::http1::{self, SendRequest},
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Error;

/// An open connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    address: SocketAddr,
    host: String,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Who asks.
    pub token: String,
    /// The cookies of who is signed in on the pages, instead of the token.
    pub cookies: Option<String>,
    /// Under which key, for what may be asked again.
    pub key: Option<String>,
    /// JSON (of who has cookies: a form), if anything.
    pub body: Bytes,
}

/// What is answered.
#[derive(Debug)]
pub struct Answer {
    /// Whether it worked out.
    pub status: StatusCode,
    /// The cookies that it sets, each as `name=value`.
    pub cookies: Vec<String>,
    /// The whole body.
    pub body: Bytes,
}

impl Connection {
    /// Opens one.
    pub async fn open(address: SocketAddr) -> Result<Self, Error> {
        let sender = sender(address).await?;
        let host = address.to_string();
        Ok(Self {
            sender,
            address,
            host,
        })
    }

    /// Asks, and waits for the whole answer.
    pub async fn ask(&mut self, asked: &Asked) -> Result<Answer, Error> {
        let mut request = Request::builder()
            .method(asked.method.clone())
            .uri(&asked.path)
            .header(HOST, &self.host);
        let kind = match &asked.cookies {
            Some(cookies) => {
                request = request.header(COOKIE, cookies);
                "application/x-www-form-urlencoded"
            }
            None => {
                request = request.header(AUTHORIZATION, format!("Bearer {}", asked.token));
                "application/json"
            }
        };
        if !asked.body.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        if let Some(key) = &asked.key {
            request = request.header("idempotency-key", key);
        }
        let request = request
            .body(Full::new(asked.body.clone()))
            .map_err(|error| Error::Defect(error.to_string()))?;
        // A server may close what nobody used for a while; nothing of this request has been sent yet.
        if self.sender.ready().await.is_err() {
            self.sender = sender(self.address).await?;
        }
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let set = answer.headers().get_all(SET_COOKIE).iter();
        let set = set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = set.map(str::to_owned).collect();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer {
            status,
            cookies,
            body,
        })
    }
}

async fn sender(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Error> {
    let stream = TcpStream::connect(address).await.map_err(Error::Connect)?;
    stream.set_nodelay(true).map_err(Error::Connect)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with its sender; what goes wrong, whoever asks is told.
    tokio::spawn(connection);
    Ok(sender)
}

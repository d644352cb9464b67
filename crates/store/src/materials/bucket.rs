//! A bucket for materials, at Amazon or anybody who speaks S3. Not for what is done in it, which is the same as in a folder.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::StreamExt as _;
use http_body_util::BodyExt as _;
use object_store::{
    ClientOptions, ObjectStore, RetryConfig,
    aws::AmazonS3Builder,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
        HttpResponseBody, HttpService,
    },
    prefix::PrefixStore,
};

use crate::Error;

/// Bytes written at once: the least that S3 takes, so that many uploads at once take little memory.
pub const PART: usize = 5 << 20;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long nothing may come. Also a whole part must be taken within that.
const SILENCE: Duration = Duration::from_mins(1);
/// How often a request is tried again that a server was too busy for, or that did not reach it.
const RETRIES: usize = 5;
/// For how long.
const RETRY_FOR: Duration = Duration::from_secs(30);

/// A bucket, and how it is reached.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the names of everything in it begin with; may be empty.
    pub prefix: String,
    /// Where it is; `None`: as `AWS_REGION` says.
    pub region: Option<String>,
    /// The server, if it is not Amazon's; `http:` only where nobody listens.
    pub endpoint: Option<String>,
    /// What opens it; `None`: as the environment or the machine says, in Amazon's ways.
    pub key: Option<AccessKey>,
}

/// What opens a bucket.
#[derive(Clone)]
pub struct AccessKey {
    /// Whose it is.
    pub id: String,
    /// What nobody else knows.
    pub secret: String,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccessKey({}, ***)", self.id)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}/{}", self.name, self.prefix)
    }
}

/// The files of a bucket.
pub fn files(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, Error> {
    let files = configured(bucket).build();
    let files = files.map_err(|source| unusable(bucket, source))?;
    Ok(Arc::new(PrefixStore::new(files, bucket.prefix.as_str())))
}

/// Asks what is in it.
pub async fn answers(bucket: &Bucket, files: &dyn ObjectStore) -> Result<(), Error> {
    let first = files.list(None).next().await.transpose();
    first.map(drop).map_err(|source| unusable(bucket, source))
}

fn unusable(bucket: &Bucket, source: object_store::Error) -> Error {
    Error::Bucket {
        bucket: bucket.to_string(),
        source: Box::new(source),
    }
}

fn configured(bucket: &Bucket) -> AmazonS3Builder {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&bucket.name)
        .with_http_connector(Connector)
        // Not everybody who speaks S3 deletes many at once, and a sweep finds few.
        .with_disable_bulk_delete(true)
        .with_retry(RetryConfig {
            max_retries: RETRIES,
            retry_timeout: RETRY_FOR,
            ..RetryConfig::default()
        });
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http:"));
    }
    if let Some(key) = &bucket.key {
        builder = builder
            .with_access_key_id(&key.id)
            .with_secret_access_key(&key.secret);
    }
    builder
}

/// Makes the one client of HTTP that the product has anyway, instead of another one with HTTP/2.
#[derive(Debug)]
struct Connector;

/// That client.
#[derive(Debug)]
struct Client(reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        // Somebody may have said so before, and then it is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let client = client.map_err(|source| object_store::Error::Generic {
            store: "S3",
            source: source.into(),
        })?;
        Ok(HttpClient::new(Client(client)))
    }
}

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (about, body) = request.into_parts();
        let request = http::Request::from_parts(about, reqwest::Body::wrap(body));
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let answer = self.0.execute(request).await.map_err(failed)?;
        let (about, body) = http::Response::<reqwest::Body>::from(answer).into_parts();
        let body = HttpResponseBody::new(body.map_err(failed));
        Ok(HttpResponse::from_parts(about, body))
    }
}

/// What a failure means for whether it is tried again.
fn failed(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_builder() || error.is_decode() {
        HttpErrorKind::Unknown
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, error.without_url())
}

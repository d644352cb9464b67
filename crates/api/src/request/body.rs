//! Bodies: read whole up to a limit, or drained when they are not wanted, so that a client that is still
//! sending hears the answer instead of a broken connection.

use axum::{
    body::{Body, BodyDataStream},
    http::HeaderMap,
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;

use crate::Problem;

/// The largest body that is taken, but for materials, in bytes.
pub const BODY_MOST: usize = 1024 * 1024;
/// How much of a body that is not wanted is still read, in bytes; then the connection is closed.
const DRAIN_MOST: usize = 32 * 1024 * 1024;

/// Reads a whole body of at most 1 MiB.
pub async fn whole(body: Body) -> Result<Bytes, Problem> {
    let mut stream = body.into_data_stream();
    let mut read = BytesMut::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| {
            Problem::malformed("The body did not arrive whole.", "请求体未完整到达。")
        })?;
        if read.len() + part.len() > BODY_MOST {
            drain(&mut stream).await;
            return Err(Problem::too_large(BODY_MOST as u64));
        }
        read.extend_from_slice(&part);
    }
    Ok(read.freeze())
}

/// Reads on and forgets, up to a limit.
pub async fn drain(stream: &mut BodyDataStream) {
    let mut left = DRAIN_MOST;
    while let Some(Ok(part)) = stream.next().await {
        match left.checked_sub(part.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// Whether the client waits for a word before it sends its body: then nothing needs to be drained.
pub fn is_held_back(headers: &HeaderMap) -> bool {
    headers.contains_key(axum::http::header::EXPECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_of_a_mebibyte_is_taken_and_not_a_byte_more() {
        let taken = whole(Body::from(vec![b'x'; BODY_MOST])).await;
        assert_eq!(taken.map(|body| body.len()).ok(), Some(BODY_MOST));
        let refused = whole(Body::from(vec![b'x'; BODY_MOST + 1])).await;
        assert_eq!(
            refused.map_err(|problem| problem.status().as_u16()).err(),
            Some(413)
        );
    }
}

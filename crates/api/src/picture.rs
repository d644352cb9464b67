//! How pictures are served: as images that run nothing.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// An SVG document as an answer.
pub fn svg_answer(svg: String) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("image/svg+xml"),
        ),
        // Its style is its own; scripts and anything from elsewhere are out.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
    ];
    (headers, svg).into_response()
}

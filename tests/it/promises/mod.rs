//! What is promised whatever happens: nothing lost, nothing doubled, bad input told clearly.

mod bad_input;
mod concurrency;
mod model;
mod one_server;
mod soak;

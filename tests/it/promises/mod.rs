//! What is promised whatever happens: nothing lost, nothing doubled, bad input told clearly.

mod aside;
mod bad_input;
mod concurrency;
mod lanes;
mod model;
mod one_server;
mod places;
mod soak;
mod stuck;

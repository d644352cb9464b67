//! What is promised whatever happens: nothing lost, nothing doubled, bad input told clearly.

mod bad_input;
mod concurrency;
mod kill;
mod one_server;

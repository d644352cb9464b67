//! The four processes over HTTP, told as people live them: each line of a story is a request.

mod codes;
mod deal;
mod invitation;
mod payment;
mod sow;
mod timers;
mod wishes;

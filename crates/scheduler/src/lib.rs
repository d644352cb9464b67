//! The scheduler: fires due timers, and does recurring work by cron. It holds no truth: what is due is
//! read from the store, what becomes of it is the step's, and a late scheduler changes nothing.

mod recurring;
mod timers;

pub use recurring::{Recurring, RecurringError};
pub use timers::Timers;

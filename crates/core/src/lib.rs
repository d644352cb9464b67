//! The pure core of Countersign. So far only the machine that states run on.

pub mod machine;

//! The language as its users meet it: whole files in, workflows, findings and reports of scenarios out.
//! One binary, so that the crate is linked once.

mod broken;
mod data;
mod difference;
mod flow;
mod folders;
mod migration;
mod partners;
mod people;
mod processes;
mod rendering;
mod robust;
mod scenarios;
mod schema;
mod shipped;

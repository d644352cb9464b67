//! The one binary of suites: one module a suite, so that they share a build. Not for unit tests, which stand beside
//! their code.

#[path = "../architecture/mod.rs"]
mod architecture;
mod documents;
mod hooks;
mod http;
mod mail;
mod materials;
mod pages;
mod postgres;
mod promises;
mod serving;
mod stories;

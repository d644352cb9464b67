//! The identity port over OpenID Connect: where a browser is sent to sign in, what comes of the code that it brings back,
//! and whose an access token is. Which person of the directory that is, is the engine's to say.

mod answers;
mod keys;
mod provider;
mod signatures;
mod token;

pub use provider::{OpenId, OpenIdSettings, SettingsError};

//! The core's own `clippy.toml` takes the place of the common one, so it has to repeat what that one bans.

use super::{hold, repository::read};

#[test]
fn the_core_repeats_the_common_bans() {
    let core = read("crates/core/clippy.toml");
    let common = read("clippy.toml");
    let settings = common
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let findings: Vec<String> = settings
        .filter(|line| !core.lines().any(|own| own.trim() == *line))
        .map(str::to_owned)
        .collect();
    hold(
        "In clippy.toml, but not in crates/core/clippy.toml:",
        &findings,
    );
}

#[test]
fn the_core_bans_what_would_make_it_impure() {
    let core = read("crates/core/clippy.toml");
    let banned = [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "chrono::Utc::now",
        "std::env::var",
        "std::fs::File",
        "std::net::TcpStream",
        "std::thread::spawn",
        "uuid::Uuid::now_v7",
    ];
    let findings: Vec<String> = banned
        .iter()
        .filter(|path| !core.contains(&format!("path = \"{path}\"")))
        .map(|path| (*path).to_owned())
        .collect();
    hold("crates/core/clippy.toml does not ban:", &findings);
}

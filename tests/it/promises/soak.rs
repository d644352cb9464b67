//! The soaks of `cargo xtask soak` in their short form: what they look for, and that they find it. Where `countersign-soak` is not
//! built, as by a plain `cargo test`, they are left out.

use std::{path::Path, process::Command};

use countersign_tests::{binary, built, left_out};

/// Runs a soak; it says itself what it found.
fn soak(arguments: &[&str]) {
    let Some(program) = built("countersign-soak") else {
        left_out(
            "the short soaks",
            "run `cargo xtask test`, or build `countersign-soak`",
        );
        return;
    };
    let needs_replicas = arguments.contains(&"postgres") || arguments[0] != "kill";
    if needs_replicas && !Path::new("/usr/sbin/haproxy").exists() {
        left_out(
            "soaks of replicas",
            "run `cargo xtask prerequisites` as root on Debian",
        );
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let soaked = Command::new(program)
        .args(arguments)
        .arg("--program")
        .arg(binary("countersign"))
        .arg("--under")
        .arg(folder.path())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&soaked.stderr);
    assert!(soaked.status.success(), "{arguments:?}:\n{said}");
}

#[test]
fn what_was_answered_is_there_after_kills_and_nothing_is_doubled() {
    soak(&["kill", "--kills", "20"]);
}

#[test]
fn replicas_that_are_killed_put_to_sleep_and_crashed_lose_and_double_nothing() {
    soak(&["kill", "--kills", "10", "--store", "postgres"]);
}

#[test]
fn every_planted_bug_is_found() {
    soak(&["planted", "--kills", "8"]);
}

#[test]
fn races_lose_no_transition_on_sqlite() {
    soak(&["races", "--races", "200"]);
}

#[test]
fn races_over_replicas_lose_no_transition() {
    soak(&["races", "--races", "100", "--store", "postgres"]);
}

#[test]
fn wrong_clocks_of_replicas_change_no_timer() {
    soak(&["timers", "--timers", "300"]);
}

#[test]
fn replicas_are_replaced_behind_a_proxy_and_whoever_asks_once_more_is_served() {
    soak(&["rolling", "--restarts", "3"]);
}

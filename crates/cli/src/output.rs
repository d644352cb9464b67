//! What commands print: the only place that writes to the terminal.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "commands speak to a terminal"
)]

use std::io::Write as _;

use crate::run::Stopped;

/// Prints a line of the result.
pub fn line(text: impl std::fmt::Display) {
    println!("{text}");
    // A reader may wait for this line through a pipe.
    let _ = std::io::stdout().flush();
}

/// Prints a text as it stands.
pub fn text(text: impl std::fmt::Display) {
    print!("{text}");
    let _ = std::io::stdout().flush();
}

/// Prints a line beside the result.
pub fn note(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// Prints what stopped a command.
pub fn error(stopped: &Stopped) {
    if stopped.is_logged {
        return;
    }
    eprintln!("error: {}", stopped.what);
    if let Some(hint) = &stopped.hint {
        eprintln!("hint: {hint}");
    }
}

//! What commands print: the only place that writes to the terminal. Whoever reads a result may go away before its end, as
//! `head` does: then a command ends quietly, as other tools do.

use std::{
    fmt::Display,
    io::{self, Write},
};

use crate::run::Stopped;

/// How a shell tells of a program that a closed pipe has ended: 128 and the number of SIGPIPE.
const PIPE_CLOSED: i32 = 141;
/// The result cannot be written.
const NOT_WRITTEN: i32 = 2;

/// Prints a line of the result. Where nobody reads it any more, the program ends here.
pub fn line(text: impl Display) {
    end_if_unread(&print(io::stdout(), format_args!("{text}\n")));
}

/// Prints a text as it stands, in the same way.
pub fn text(text: impl Display) {
    end_if_unread(&print(io::stdout(), text));
}

/// Prints a line of a program that goes on, whether it is read or not.
pub fn announce(text: impl Display) {
    let _ = print(io::stdout(), format_args!("{text}\n"));
}

/// Prints a line beside the result.
pub fn note(text: impl Display) {
    let _ = print(io::stderr(), format_args!("{text}\n"));
}

/// Prints what stopped a command.
pub fn error(stopped: &Stopped) {
    if stopped.is_logged {
        return;
    }
    note(format_args!("error: {}", stopped.what));
    if let Some(hint) = &stopped.hint {
        note(format_args!("hint: {hint}"));
    }
}

/// A reader may wait for this through a pipe, so it is passed on at once.
fn print(mut to: impl Write, text: impl Display) -> io::Result<()> {
    write!(to, "{text}")?;
    to.flush()
}

fn end_if_unread(printed: &io::Result<()>) {
    let Err(error) = printed else { return };
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(PIPE_CLOSED);
    }
    // A full disk, for example: what should have been there is not, and that must not go unseen.
    note(format_args!("error: the result cannot be written: {error}"));
    std::process::exit(NOT_WRITTEN);
}

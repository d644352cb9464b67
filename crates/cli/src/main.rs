//! The binary `countersign`: everything is in the library, so that tests can start it in-process.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign_cli::main()
}

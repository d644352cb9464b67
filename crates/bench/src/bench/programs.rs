//! The commands that people wait for: `check` and `test` of all that is shipped.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use countersign_bench::{Error, Row};

use super::Run;

pub fn measure(run: &mut Run) -> Result<(), Error> {
    for (command, goal) in [("check", 100.0), ("test", 1000.0)] {
        let mut times = Vec::new();
        for _ in 0..7 {
            let begun = Instant::now();
            let status = Command::new(&run.arguments.program)
                .arg(command)
                .arg(&run.arguments.workflows)
                .stdout(Stdio::null())
                .status()
                .map_err(|source| Error::File {
                    path: run.arguments.program.display().to_string(),
                    source,
                })?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            if !status.success() {
                return Err(Error::Program(format!("{command} of what is shipped")));
            }
        }
        times.sort_by(f64::total_cmp);
        let name = format!(
            "`{command}` of all that is shipped, the whole command, median of {}",
            times.len()
        );
        run.row(Row::value(name, times[times.len() / 2], "ms").at_most(goal));
    }
    Ok(())
}

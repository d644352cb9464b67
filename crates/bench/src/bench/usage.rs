//! What a program of this machine has used: processor, memory, and bytes that went to the disk. From `/proc`.

use std::fs;

/// Since its start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Seconds of processor.
    pub cpu: f64,
    /// MB resident now.
    pub resident: f64,
    /// MB handed to the disk.
    pub written: f64,
}

/// Of the process of this id. What cannot be read is 0.
pub fn of(id: u32) -> Usage {
    let read = |what: &str| fs::read_to_string(format!("/proc/{id}/{what}")).unwrap_or_default();
    Usage {
        cpu: ticks(&read("stat")) / 100.0,
        resident: labelled(&read("status"), "VmRSS:") * 1024.0 / 1e6,
        written: labelled(&read("io"), "write_bytes:") / 1e6,
    }
}

/// The number after a label at the beginning of a line.
fn labelled(text: &str, label: &str) -> f64 {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(label));
    let word = lines.next().and_then(|rest| rest.split_whitespace().next());
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// User and system time, in hundredths of a second.
fn ticks(stat: &str) -> f64 {
    // The name in brackets may hold spaces; the times are the 12th and 13th word behind it.
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let words: Vec<&str> = behind.split_whitespace().collect();
    let number = |at: usize| {
        words
            .get(at)
            .and_then(|word| word.parse::<f64>().ok())
            .unwrap_or_default()
    };
    number(11) + number(12)
}

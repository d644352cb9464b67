//! What a program of this machine has used: processor, memory, and bytes that went to the disk; and how busy the machine
//! was meanwhile. From `/proc`.

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

/// What the whole machine has done since its start.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine {
    /// Processor time of all kinds, in hundredths of a second.
    all: f64,
    /// That in which nothing ran.
    idle: f64,
    /// Milliseconds in which the busiest disk had something to do.
    disk: f64,
    /// When this was so, in milliseconds.
    at: f64,
}

impl Machine {
    /// Until now. What cannot be read is 0.
    pub fn now() -> Self {
        let read = |what: &str| fs::read_to_string(format!("/proc/{what}")).unwrap_or_default();
        let stat = read("stat");
        let times: Vec<f64> = numbers(stat.lines().next().unwrap_or_default());
        // Idle, and waiting for a disk, are the fourth and the fifth.
        let idle = times.iter().skip(3).take(2).sum();
        let disks = read("diskstats");
        let busy = disks.lines().map(|line| field(line, 12));
        let at = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Self {
            all: times.iter().sum(),
            idle,
            disk: busy.fold(0.0, f64::max),
            at: at.as_secs_f64() * 1e3,
        }
    }

    /// Which part of its processors, and of its busiest disk, was busy since then: 0 to 1 each.
    pub fn busy_since(&self, before: &Self) -> (f64, f64) {
        let part = |of: f64, all: f64| if all > 0.0 { of / all } else { 0.0 };
        let all = self.all - before.all;
        let processors = part(all - (self.idle - before.idle), all);
        let disk = part(self.disk - before.disk, self.at - before.at);
        (processors, disk.min(1.0))
    }
}

fn numbers(line: &str) -> Vec<f64> {
    let words = line.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

/// The number in this place of a line, counted from 0.
fn field(line: &str, at: usize) -> f64 {
    let word = line.split_whitespace().nth(at);
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
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
    field(behind, 11) + field(behind, 12)
}

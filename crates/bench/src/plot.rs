//! Latencies by the part of requests, as a drawing: what a table of three numbers hides.

use std::fmt::Write as _;

use crate::Latencies;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 40.0;
const COLOURS: [&str; 6] = [
    "#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#475569",
];
/// The parts that are shown: each step to the right is ten times nearer to all.
const PARTS: [(f64, &str); 5] = [
    (0.0, "0 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
];

/// A drawing with one line for each load; times are in milliseconds, on a scale of powers of ten.
pub fn plot(lines: &[(String, Latencies)]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    for (part, words) in PARTS {
        let x = across(part);
        // Writing into a string cannot fail.
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{:.1}\" stroke=\"#e2e8f0\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{words}</text>",
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 16.0
        );
    }
    for ms in [0.1, 1.0, 10.0, 100.0, 1000.0] {
        let y = down(ms);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{:.1}\" stroke=\"#e2e8f0\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{ms} ms</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0
        );
    }
    for (at, (name, latencies)) in lines.iter().enumerate() {
        let colour = COLOURS[at % COLOURS.len()];
        let points: Vec<String> = (0..=160)
            .map(|step| {
                let part = 1.0 - 10_f64.powf(-f64::from(step) / 40.0);
                format!("{:.1},{:.1}", across(part), down(latencies.at(part)))
            })
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
            points.join(" ")
        );
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let y = TOP + 14.0 * at as f64;
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{y:.1}\" fill=\"{colour}\">{name}</text>",
            LEFT + 8.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn across(part: f64) -> f64 {
    let nines = -(1.0 - part).log10();
    LEFT + (WIDTH - LEFT - RIGHT) * nines / 4.0
}

fn down(ms: f64) -> f64 {
    let up = (ms.max(0.1).log10() + 1.0) / 4.0;
    HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up.min(1.0)
}

// AWDIT (Moldrup & Pavlogiannis, PLDI 2025) as a peer: `peer RUNS FILE...`, see ../main.ts. Reads the text format of Plume and judges causal consistency, which for
// single operations is CCv.
use awdit::{History, ReportMode};
use std::time::Instant;

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// The most memory that this process had, where Linux tells.
fn most_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

fn judge() {
    let args: Vec<String> = std::env::args().collect();
    let runs: usize = args[1].parse().expect("the number of runs comes first");
    for file in &args[2..] {
        let start = Instant::now();
        let history = History::parse_plume_history(file).expect("a file in the text format of Plume");
        let parse = milliseconds(start);
        let operations = std::fs::read_to_string(file).map(|text| text.lines().count()).unwrap_or(0);
        let mut valid = true;
        let mut times = Vec::new();
        for _ in 0..runs {
            let start = Instant::now();
            valid = history.checker(ReportMode::First, |_| {}).check_causal();
            times.push(format!("{:.3}", milliseconds(start)));
        }
        let verdict = if valid { "valid" } else { "invalid" };
        let (ms, rss) = (times.join(","), most_memory_kb());
        println!("{{\"file\":\"{file}\",\"operations\":{operations},\"verdict\":\"{verdict}\",\"parseMs\":{parse:.3},\"ms\":[{ms}],\"rssKb\":{rss}}}");
    }
}

fn main() {
    // Its depth-first search is recursive: a million operations need a deep stack.
    std::thread::Builder::new().stack_size(4 << 30).spawn(judge).unwrap().join().unwrap();
}

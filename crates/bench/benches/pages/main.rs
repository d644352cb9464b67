//! What a page costs, whole: what is read for it, judged and rendered, by `cargo bench -p countersign-bench --bench
//! pages`. The release program is asked over one connection, with forty cases in a file, so it has to be built first;
//! without it nothing is measured, and that is said. Not for load: that is `cargo xtask bench`.

use std::{
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use countersign_bench::{Connection, Deeds as _, Error, Openings, Pages, REVIEWERS, Site};
use criterion::Criterion;
use tokio::runtime::Runtime;

/// How many cases wait for a review: two pages of the inbox.
const CASES: usize = 40;

fn main() -> Result<(), Error> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = root.join("target/release/countersign");
    if !program.exists() {
        let _ = writeln!(
            io::stderr(),
            "LEFT OUT: pages; build the program first: `cargo build --release`"
        );
        return Ok(());
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20)
        .configure_from_args();
    let runtime = Runtime::new().map_err(Error::Connect)?;
    let site = Site::new(&program, &root.join("target"), &root.join("workflows"))?;
    let password = site.password_path(REVIEWERS[0])?;
    let server = site.serve()?;
    let (session, case, mut connection) = runtime.block_on(async {
        let mut connection = Connection::open(server.address).await?;
        let opening = Openings {
            applicant: site.applicant.clone(),
        };
        let mut case = String::new();
        for _ in 0..CASES {
            case = countersign_bench::opened(&mut connection, &opening).await?;
        }
        let session = countersign_bench::sign_in(server.address, &password).await?;
        Ok::<_, Error>((session, case, connection))
    })?;
    let mut group = criterion.benchmark_group("pages");
    for (name, path) in [
        ("inbox", "/".to_owned()),
        ("case", format!("/cases/{case}")),
        ("history of a case", format!("/cases/{case}/history")),
        ("workflow", "/workflows/deal_registration".to_owned()),
    ] {
        let page = Pages::new(vec![path], vec![session.clone()]);
        let asked = || page.next(0, None).expect("a list with one path never ends");
        runtime.block_on(countersign_bench::ask(&mut connection, &page))?;
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(connection.ask(&asked())));
        });
    }
    group.finish();
    criterion.final_summary();
    server.stop()
}

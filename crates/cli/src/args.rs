//! The arguments of every command.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// An approval engine: workflow files drive durable cases, served over HTTP.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check workflow files: all findings in one run, exit code 1 if there is an error.
    Check(Check),
    /// Run scenario tests (`*.test.yaml`): exit code 1 if one fails.
    Test(Test),
    /// Draw a workflow.
    Draw(Draw),
    /// Say what has changed from one version of a workflow to another: exit code 1 if something has.
    Diff(Diff),
    /// Tell a real case as a scenario test, with private fields masked; also while the server runs.
    Record(Record),
    /// Start the whole product with people, cases and a mailbox; nothing to install.
    Demo(Demo),
    /// Run the server, with the settings of a file and the environment.
    Serve(Serve),
    /// Look after the database.
    Database(Database),
    /// Keep people.
    People(People),
    /// Keep API tokens.
    Tokens(Tokens),
    /// Read every history: exit code 1 if anything of it is not as it was written.
    Audit(Audit),
    /// Copy database, materials and key into a new folder, also while the server runs, and check the copy.
    Backup(Backup),
    /// Look at everything that a server needs: exit code 1 if something would keep it from its work.
    Doctor(Serve),
    /// Say why an action can or cannot be taken: each condition, and who can.
    Explain(Explain),
    /// Measure how fast a running server is, over HTTP.
    Bench(Bench),
}

/// How findings and results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// As annotations of a GitHub workflow.
    Github,
}

/// How results of scenarios are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Results {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// As build servers read it.
    Junit,
    /// As annotations of a GitHub workflow.
    Github,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Files and folders.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Also say which conditions are not analysed.
    #[arg(long)]
    pub notes: bool,
    /// How findings are written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Test files and folders.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Say which transitions, decisions and timers no scenario took.
    #[arg(long)]
    pub coverage: bool,
    /// How many stories are made up against the properties (`always`, `never`) of each test file; without it, 1,500
    /// are divided among the test files, 1,000 at most for each.
    #[arg(long)]
    pub runs: Option<u32>,
    /// Where the chances of made-up stories begin; the same seed makes the same stories.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// How results are written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Results,
}

/// `bench`. It opens, submits and approves cases of the shipped `deal_registration`: not for a server in service.
#[derive(Debug, Args)]
pub struct Bench {
    /// The server, such as `http://127.0.0.1:8080`.
    #[arg(long)]
    pub url: String,
    /// The token of somebody who may open deals.
    #[arg(long)]
    pub applicant: String,
    /// The token of a deal reviewer; of several, each votes in turn.
    #[arg(long = "reviewer", required = true)]
    pub reviewers: Vec<String>,
    /// How many connections at once, one load after another.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    pub connections: Vec<usize>,
    /// How long each load goes on.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Where the rows go as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Where latencies go as a drawing.
    #[arg(long)]
    pub plot: Option<PathBuf>,
}

/// How a drawing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Picture {
    /// A picture.
    Svg,
    /// Text that GitHub and others draw.
    Mermaid,
}

/// The language of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// `draw`.
#[derive(Debug, Args)]
pub struct Draw {
    /// The workflow file.
    pub file: PathBuf,
    /// How it is drawn.
    #[arg(long, value_enum, default_value = "svg")]
    pub format: Picture,
    /// In which language.
    #[arg(long, value_enum, default_value = "en")]
    pub language: Tongue,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The older file; it may lie in `versions/`.
    pub older: PathBuf,
    /// The newer one.
    pub newer: PathBuf,
    /// How it is said.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Report,
    /// In which language.
    #[arg(long, value_enum, default_value = "en")]
    pub language: Tongue,
}

/// `record`.
#[derive(Debug, Args)]
pub struct Record {
    /// The case: its number or id.
    pub case: String,
    /// The settings file of the server.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where to keep the data; a temporary folder if missing.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// When ready, print one line of JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Leave out the cases under way.
    #[arg(long)]
    pub empty: bool,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The settings file; the defaults and the environment apply without one.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// `database`.
#[derive(Debug, Args)]
pub struct Database {
    /// What to do.
    #[command(subcommand)]
    pub command: DatabaseCommand,
}

/// What can be done with the database.
#[derive(Debug, Subcommand)]
pub enum DatabaseCommand {
    /// Bring its tables up to date.
    Migrate(Serve),
}

/// `audit`. While no server runs on SQLite; on PostgreSQL at any time. With `--file` it needs neither.
#[derive(Debug, Args)]
pub struct Audit {
    /// Examine this evidence file (`GET /v1/cases/{case}/export`) instead of the database.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["against", "checkpoint"])]
    pub file: Option<PathBuf>,
    /// The key that must have signed the evidence file, as `countersign doctor` of its server says it.
    #[arg(long, value_name = "HEX", requires = "file")]
    pub public_key: Option<String>,
    /// Compare with this checkpoint.
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// Write a new checkpoint, signed, into this file.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// The settings file of the server.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The folder to make; it must not be there yet.
    pub folder: PathBuf,
    /// Leave the key out, for a place that is less safe than the server. Without it the backup opens no mail link.
    #[arg(long)]
    pub without_key: bool,
    /// The settings file of the server.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// `explain`. Without `--url` straight from the database: on a file while no server runs on it.
#[derive(Debug, Args)]
pub struct Explain {
    /// The case: its number or id.
    pub case: String,
    /// The action or decision; all that there are for the person if missing; for somebody else a server has to be told.
    pub action: Option<String>,
    /// For this person; whoever the token names if missing.
    #[arg(long = "as", value_name = "PERSON", required_unless_present = "url")]
    pub person: Option<String>,
    /// Ask the server there, such as `http://127.0.0.1:8080`.
    #[arg(long, requires = "token")]
    pub url: Option<String>,
    /// As whom this token names. For others only operators ask.
    #[arg(long, env = "COUNTERSIGN_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// In which language.
    #[arg(long, value_enum, default_value = "en")]
    pub language: Tongue,
    /// The settings file of the server.
    #[arg(long, conflicts_with = "url")]
    pub config: Option<PathBuf>,
}

/// `people`.
#[derive(Debug, Args)]
pub struct People {
    /// What to do.
    #[command(subcommand)]
    pub command: PeopleCommand,
}

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Add or change a person. While no server runs: straight in the database.
    Add(AddPerson),
    /// Print a link by which a person sets the password of their local account, once. While no server runs: an
    /// administrator of a running one asks it over the API.
    Password(CreateToken),
}

/// `people add`.
#[derive(Debug, Args)]
pub struct AddPerson {
    /// The id.
    pub id: String,
    /// What people call them.
    #[arg(long)]
    pub name: String,
    /// Where mail goes.
    #[arg(long)]
    pub email: String,
    /// What they read.
    #[arg(long, value_enum, default_value = "en")]
    pub language: Tongue,
    /// Their organisation.
    #[arg(long)]
    pub partner: Option<String>,
    /// Groups that they are in.
    #[arg(long = "group")]
    pub groups: Vec<String>,
    /// Make them an administrator.
    #[arg(long)]
    pub admin: bool,
    /// The settings file of the server.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

/// `tokens`.
#[derive(Debug, Args)]
pub struct Tokens {
    /// What to do.
    #[command(subcommand)]
    pub command: TokensCommand,
}

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokensCommand {
    /// Make a token for a person; it is shown once. While no server runs: straight in the database.
    Create(CreateToken),
}

/// `tokens create` and `people password`.
#[derive(Debug, Args)]
pub struct CreateToken {
    /// The person.
    pub person: String,
    /// The settings file of the server.
    #[arg(long)]
    pub config: Option<PathBuf>,
}

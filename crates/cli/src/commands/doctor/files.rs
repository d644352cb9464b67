//! What `doctor` asks of the workflows' folder: whether a server would publish it, as its start does.

use std::path::Path;

use countersign_config::Settings;
use countersign_engine::{Publication, PublishError, must_be_publishable};

use super::Finding;
use crate::{
    service::StoreAt,
    workflows::{Source, compile_stored},
};

/// Whether the files would be published on what the database has.
pub async fn workflows(settings: &Settings) -> Finding {
    let folder = &settings.workflows.dir;
    let publication = match Source::Folder(folder.clone()).publication() {
        Ok(publication) => publication,
        Err(findings) => {
            let cure = format!("`countersign check {}` tells all of it", folder.display());
            return Finding::fail("workflows", beginning(&findings), cure);
        }
    };
    let number = publication.workflows.len();
    if number == 0 {
        let cure = "set `workflows.dir` to the folder with the workflow files";
        let what = format!("none in {}", folder.display());
        return Finding::warn("workflows", what, cure);
    }
    match beside_the_published(settings, publication).await {
        Ok(()) => {
            let what = format!("{number} in {} are sound", folder.display());
            Finding::ok("workflows", what)
        }
        Err(error) => refused(&error, folder),
    }
}

/// Whether a server would take them beside what it has published before. A database that is not there yet has
/// nothing; of one that cannot be read `database` and `migrations` tell.
async fn beside_the_published(
    settings: &Settings,
    publication: Publication,
) -> Result<(), PublishError> {
    let at = StoreAt::of(&settings.database);
    if matches!(&at, StoreAt::File(file) if !file.exists()) {
        return Ok(());
    }
    let Ok(reader) = at.look().await else {
        return Ok(());
    };
    match must_be_publishable(reader.as_ref(), &compile_stored, publication).await {
        Err(PublishError::Engine(_)) => Ok(()),
        judged => judged,
    }
}

fn refused(error: &PublishError, folder: &Path) -> Finding {
    let cure = match error {
        PublishError::Changed { .. } => {
            "raise it, or put back what it was published with; `shared.yaml` and all files that it names count with it"
                .to_owned()
        }
        PublishError::LeavesBehind { .. } => format!(
            "say in `migrate` what becomes of them; `countersign check {}` compares with older files in `versions/`",
            folder.display()
        ),
        PublishError::Broken { .. } => {
            "go back to the release that published it, and move its cases to a newer version first".to_owned()
        }
        PublishError::Engine(_) => "see what `database` says above".to_owned(),
    };
    Finding::fail("workflows", beginning(&error.to_string()), cure)
}

/// The first two lines of what may be a long text.
fn beginning(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).take(2).collect();
    lines.join(": ")
}

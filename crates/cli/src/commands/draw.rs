//! `draw`: a workflow as a picture.

use countersign_core::text::Language;
use countersign_language::{check_paths, diagnostic::render_human};

use crate::{
    args::{Draw, Picture, Tongue},
    output,
    run::{Ended, Stopped},
};

/// Draws a workflow that has no errors.
pub fn run(arguments: &Draw) -> Result<Ended, Stopped> {
    let checked = check_paths(std::slice::from_ref(&arguments.file))
        .map_err(|error| Stopped::new(format!("{}: {error}", arguments.file.display())))?;
    let Some(workflow) = checked.workflows.first() else {
        output::note(render_human(&checked.findings, false));
        return Err(
            Stopped::new(format!("{} cannot be drawn", arguments.file.display()))
                .hint("put the findings right first"),
        );
    };
    let language = match arguments.language {
        Tongue::En => Language::En,
        Tongue::Zh => Language::Zh,
    };
    output::text(match arguments.format {
        Picture::Svg => countersign_diagram::svg(workflow, language, None),
        Picture::Mermaid => countersign_diagram::mermaid(workflow, language),
    });
    Ok(Ended::Well)
}

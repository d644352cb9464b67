//! What is told of a rule that is met. A rule has words of its own only for where it stands in the way; here it is named by what
//! it is about. Not for rules that are not met.

use crate::{
    text::{Language, Text},
    workflow::{Place, Rule, Workflow},
};

/// More places than these are no longer listed.
const LISTED: usize = 3;

/// A plain statement: what the rule points to, or else what it reads, is as required.
pub(super) fn told(workflow: &Workflow, rule: &Rule) -> Text {
    let about = about(workflow, rule);
    let quoted = |language: Language| -> Vec<String> {
        let titles = about.iter().map(|title| title.get(language));
        titles.map(|title| format!("“{title}”")).collect()
    };
    let (en, zh) = (quoted(Language::En), quoted(Language::Zh));
    match en.as_slice() {
        // Nothing that has a title: the rule's own name says most.
        [] => {
            let name = rule.name.as_str().replace('_', " ");
            Text::new(
                format!("It is as required ({name})."),
                format!("符合要求（{name}）。"),
            )
        }
        [one] => Text::new(
            format!("{one} is as required."),
            format!("{}符合要求。", zh.concat()),
        ),
        [most @ .., last] => Text::new(
            format!("{} and {last} are as required.", most.join(", ")),
            format!("{}符合要求。", zh.join("、")),
        ),
    }
}

/// What the rule is about, by its titles.
fn about<'w>(workflow: &'w Workflow, rule: &'w Rule) -> Vec<&'w Text> {
    let title = |path: &str| {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let field = rest.split('.').next().unwrap_or_default();
        let form = workflow.forms.get(first);
        let field = form.and_then(|form| form.fields.get(field));
        field
            .map(|field| &field.title)
            .or_else(|| workflow.title_of(first))
    };
    if let Some(pointed) = rule.at.as_ref().map(Place::to_string) {
        return title(&pointed).into_iter().collect();
    }
    let mut about: Vec<&Text> = Vec::new();
    for path in workflow.reads_of(&rule.check) {
        if let Some(title) = title(path).filter(|title| !about.contains(title)) {
            about.push(title);
        }
    }
    about.truncate(LISTED);
    about
}

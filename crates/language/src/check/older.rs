//! A newer version beside an older one of the same workflow: whether `migrate` says where the cases of a state go that
//! has gone (E215), and whether what it names was there.

use countersign_core::workflow::{State, StateKind, TimerFate, Workflow};

use crate::{
    diagnostic::Code,
    file::File,
    source::Span,
    yaml::{Entry, Yaml},
};

/// Checks the newer workflow of this file against an older version of it.
pub(crate) fn check(file: &File, newer: &Workflow, older: &Workflow) {
    if older.id != newer.id || older.version >= newer.version {
        return;
    }
    let version = older.version.to_string();
    let entry = file.root.find(&["migrate", &version]);
    if let Some(entry) = entry {
        check_names(file, entry, newer, older);
    }
    let how = newer.migrate.get(&older.version);
    for state in older.states.iter().filter(|state| can_rest(state)) {
        let path = state.path.as_str();
        let stays = how.is_some_and(|how| how.stays(&state.path));
        let is_mapped = how.is_some_and(|how| how.mapped(path).is_some());
        if stays || is_mapped || newer.states.find(path).is_some() {
            continue;
        }
        let message = format!(
            "state `{path}` of version {version} has disappeared, and `migrate` does not say where its cases go"
        );
        let help = format!(
            "add `migrate: {{ {version}: {{ states: {{ {path}: its_new_state }} }} }}`, or leave its cases where they are: `stay: [{path}]`"
        );
        let finding = file.finding(Code::StateDisappeared, place(file, entry), message, help);
        file.add(finding.label(format!("`{path}` has gone")));
    }
}

fn can_rest(state: &State) -> bool {
    matches!(state.kind, StateKind::Leaf)
}

/// The entry for that version, `migrate`, or else the number of this version.
fn place(file: &File, entry: Option<&Entry>) -> Span {
    let migrate = || file.root.entry("migrate");
    let version = || file.root.entry("version").map(|entry| entry.value.span);
    entry
        .or_else(migrate)
        .map(|entry| entry.key.span)
        .or_else(version)
        .unwrap_or(Span::new(0, 0))
}

fn check_names(file: &File, entry: &Entry, newer: &Workflow, older: &Workflow) {
    let version = older.version;
    let keys = |section: &str| entry.value.get(section).map_or(&[][..], Yaml::entries);
    let stay = entry.value.get("stay").map_or(&[][..], Yaml::items);
    let staying = stay.iter().filter_map(|item| {
        let scalar = item.scalar()?;
        Some((scalar.text.as_str(), item.span))
    });
    let mapped = keys("states").iter();
    let mapped = mapped.map(|entry| (entry.key.text.as_str(), entry.key.span));
    for (path, span) in mapped.chain(staying) {
        if older.states.find(path).is_none() {
            let message = format!("version {version} has no state `{path}`");
            let known: Vec<&str> = older
                .states
                .iter()
                .map(|state| state.path.as_str())
                .collect();
            file.unknown(Code::NoSuchState, span, message, path, known.into_iter());
        }
    }
    for entry in keys("data") {
        let text = entry.key.text.as_str();
        if !has_place(older, text) {
            let message =
                format!("version {version} has no form, field, material or link `{text}`");
            let known = older.forms.keys().map(countersign_core::name::Name::as_str);
            file.unknown(Code::NoSuchThing, entry.key.span, message, text, known);
        }
    }
    let Some(how) = newer.migrate.get(&version) else {
        return;
    };
    for entry in keys("timers") {
        let name = entry.key.text.as_str();
        let dropped = how.timers.get(name) == Some(&TimerFate::Drop);
        let mut both = older.states.iter().chain(newer.states.iter());
        if dropped && !both.any(|state| state.timers.contains_key(name)) {
            let message = format!("neither version {version} nor this one has a timer `{name}`");
            let known = older.states.iter().flat_map(|state| state.timers.keys());
            let known: Vec<&str> = known.map(countersign_core::name::Name::as_str).collect();
            file.unknown(
                Code::NoSuchThing,
                entry.key.span,
                message,
                name,
                known.into_iter(),
            );
        }
    }
}

fn has_place(older: &Workflow, text: &str) -> bool {
    match text.split_once('.') {
        None => {
            older.forms.contains_key(text)
                || older.materials.contains_key(text)
                || older.links.contains_key(text)
        }
        Some((form, field)) => older
            .forms
            .get(form)
            .is_some_and(|form| form.fields.contains_key(field)),
    }
}

//! Calendars: the working week, opening hours, and files of days off and of make-up working days.

use countersign_core::{
    calendar::{Calendar, NotACalendar},
    name::Name,
    time::{Date, date_from_text},
};

use crate::{
    diagnostic::Code,
    file::{File, Section},
    source::{Files, Source, folder_of},
    vocabulary,
    yaml::{self, Yaml},
};

/// The calendar of a folder that declares none.
pub(super) fn usual() -> Calendar {
    Calendar::new("mon-fri", "09:00-18:00", [], []).expect("a plain working week is a calendar")
}

pub(super) fn read(file: &File, name: &Name, yaml: &Yaml, files: &Files) -> Option<Calendar> {
    let section = file.keywords(yaml, &vocabulary::CALENDAR);
    let word = |keyword: &str, usual: &'static str| -> Option<String> {
        section.get(keyword).map_or(Some(usual.to_owned()), |yaml| {
            file.word(yaml, &format!("`{keyword}`")).map(str::to_owned)
        })
    };
    let week = word("week", "mon-fri")?;
    let hours = word("hours", "09:00-18:00")?;
    let holidays = days(file, section, "holidays", files);
    let workdays = days(file, section, "workdays", files);
    match Calendar::new(&week, &hours, holidays, workdays) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            let keyword = match error {
                NotACalendar::Week => "week",
                NotACalendar::Hours => "hours",
            };
            let span = section.get(keyword).map_or(yaml.span, |yaml| yaml.span);
            let message = format!("`{keyword}` of calendar `{name}` cannot be read");
            file.report(Code::BadValue, span, message, error.to_string());
            None
        }
    }
}

/// The dates in the file that a keyword names.
fn days(file: &File, section: Section<'_>, keyword: &str, files: &Files) -> Vec<Date> {
    let Some(named) = section.get(keyword) else {
        return Vec::new();
    };
    let Some(path) = file.word(named, &format!("`{keyword}`")) else {
        return Vec::new();
    };
    let whole = format!("{}{path}", folder_of(file.source.path()));
    let Some(text) = files.text(&whole) else {
        let message = format!("there is no file `{path}`");
        let help = "give its path from the folder of this file; it holds a list of dates";
        file.report(Code::NoSuchFile, named.span, message, help);
        return Vec::new();
    };
    let source = Source::new(&whole, text.clone());
    let mut findings = Vec::new();
    let root = yaml::parse(&source, &mut findings);
    let Some(root) = root else {
        file.add_all(findings);
        return Vec::new();
    };
    let dates = File::new(source, root);
    let read = dates.root.items().iter().filter_map(|item| {
        let date = dates.word(item, "a day").and_then(date_from_text);
        if date.is_none() {
            dates.bad_value(item.span, "this is not a date", "write `2027-01-01`");
        }
        date
    });
    let read = read.collect();
    file.add_all(dates.take_findings());
    read
}

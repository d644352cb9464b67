//! Laying one example over another, entry by entry, so that a page need not repeat what stays. Not a reader of YAML: it
//! goes by names and indents.

/// The parts of a text that begin with a name at this indent, in order.
fn parts(text: &str, indent: usize) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line.get(indent..).and_then(|rest| rest.split_once(':'));
        let name = name.map(|(name, _)| name).filter(|name| {
            line[..indent].trim().is_empty() && begins(name) && name.chars().all(is_of_name)
        });
        match (name, parts.last_mut()) {
            (Some(name), _) => parts.push((name.to_owned(), format!("{line}\n"))),
            (None, Some((_, part))) => {
                part.push_str(line);
                part.push('\n');
            }
            (None, None) => {}
        }
    }
    parts
}

fn begins(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric)
}

/// Stories have names of several words.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ' ' | ',')
}

/// Lays an example over another: an entry takes the place of one with the same name.
pub fn laid(base: &str, example: &str) -> String {
    let mut whole = parts(base, 0);
    for (name, part) in parts(example, 0) {
        match whole.iter_mut().find(|(known, _)| *known == name) {
            None => whole.push((name, part)),
            Some((_, kept)) if part.lines().count() == 1 || kept.lines().count() == 1 => {
                *kept = part;
            }
            Some((_, kept)) => {
                let mut entries = parts(kept, 2);
                for (name, entry) in parts(&part, 2) {
                    // The first line of a section is no entry of it.
                    match entries.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, kept)) => *kept = entry,
                        None => entries.push((name, entry)),
                    }
                }
                *kept = format!("{name}:\n{}", joined(entries));
            }
        }
    }
    joined(whole)
}

fn joined(parts: Vec<(String, String)>) -> String {
    parts.into_iter().map(|(_, part)| part).collect()
}

#[test]
fn examples_are_laid_over_the_first_entry_by_entry() {
    let base = "a: 1\nb:\n  x: 1\n  y: { z: 2 }\nc:\n  v: 1\n";
    let example = "a: 2\nb:\n  y:\n    z: 3\n  w: 4\nd: 5\n";
    assert_eq!(
        laid(base, example),
        "a: 2\nb:\n  x: 1\n  y:\n    z: 3\n  w: 4\nc:\n  v: 1\nd: 5\n"
    );
}

//! How one text becomes a statement of either database. Texts are written as SQLite takes them, with its hints to the
//! planner; where the two differ, a text says `{…}`:
//!
//! | text | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{rows}` | the rows of `?1` by the names of their columns, from `json_each` | the same from `jsonb_array_elements` |
//! | `{each X}` | the texts of a JSON array | the same |
//! | `{json X}` | a text whose JSON is looked into | the same |
//! | `{lock c}`, `{share c}` | nothing: there is one writer | locks the rows of `c` until the batch ends |
//! | `{skip c}` | nothing | the same, leaving out what somebody else holds |

use std::fmt::Write as _;

use sea_orm::{DbBackend, Value};

/// Words that PostgreSQL has another name for. SQLite's `CROSS JOIN … ON` is a hint to keep the order.
const WORDS: [(&str, &str); 4] = [
    ("CROSS JOIN ", "JOIN "),
    ("json_group_array(", "json_agg("),
    ("json_array(", "json_build_array("),
    ("instr(", "strpos("),
];

/// The statement as this database takes it. `columns` are those of the rows that travel in `?1`: `name kind` each.
pub fn render(text: &str, columns: &str, database: DbBackend) -> String {
    let is_postgres = database == DbBackend::Postgres;
    let text = if is_postgres {
        in_postgres_words(text)
    } else {
        text.to_owned()
    };
    let mut rendered = String::with_capacity(text.len() + 200);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (token, behind) = after.split_once('}').unwrap_or((after, ""));
        rendered.push_str(before);
        if is_postgres {
            postgres_token(&mut rendered, token, columns);
        } else {
            sqlite_token(&mut rendered, token, columns);
        }
        rest = behind;
    }
    rendered.push_str(rest);
    rendered
}

/// A value as PostgreSQL takes it, whose texts hold no NUL: each becomes the mark of a character that is none. `\u0000`
/// inside of JSON inside of JSON stays as it is, for that is a text of its own.
pub fn postgres_value(value: Value) -> Value {
    match value {
        Value::String(Some(text)) if text.contains('\0') || text.contains(r"\u0000") => {
            Value::String(Some(without_nul(&text)))
        }
        value => value,
    }
}

fn without_nul(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\0', '\\']) {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        let (taken, instead) = if rest.starts_with('\0') {
            (1, "\u{fffd}")
        } else if rest.starts_with(r"\u0000") {
            (6, r"\ufffd")
        } else {
            // A backslash and what it escapes, which may be another one.
            let both = rest.chars().take(2).map(char::len_utf8).sum();
            (both, &rest[..both])
        };
        clean.push_str(instead);
        rest = &rest[taken..];
    }
    clean.push_str(rest);
    clean
}

fn in_postgres_words(text: &str) -> String {
    let mut text = text.replace('?', "$");
    for (word, other) in WORDS {
        text = text.replace(word, other);
    }
    while let Some((before, hint)) = text.split_once(" INDEXED BY ") {
        let behind = hint.find([' ', '\n']).map_or("", |end| &hint[end..]);
        text = format!("{before}{behind}");
    }
    text
}

fn sqlite_token(rendered: &mut String, token: &str, columns: &str) {
    let (word, rest) = token.split_once(' ').unwrap_or((token, ""));
    match word {
        "rows" => {
            rendered.push_str("(SELECT key AS place");
            for (name, value, kind) in columns_of(columns, "value") {
                let value = match kind {
                    "uuid" | "bytes" => format!("unhex({value})"),
                    "utf8" => format!("CAST({value} AS BLOB)"),
                    _ => value,
                };
                let _ = write!(rendered, ", {value} AS {name}");
            }
            rendered.push_str(" FROM json_each(?1))");
        }
        "each" => _ = write!(rendered, "json_each({rest})"),
        "json" => rendered.push_str(rest),
        "lock" | "share" | "skip" => {}
        // No token of ours, such as the JSON of an empty object.
        _ => _ = write!(rendered, "{{{token}}}"),
    }
}

fn postgres_token(rendered: &mut String, token: &str, columns: &str) {
    let (word, rest) = token.split_once(' ').unwrap_or((token, ""));
    match word {
        "rows" => {
            rendered.push_str("(SELECT q.ord - 1 AS place");
            for (name, value, kind) in columns_of(columns, "(q.value #>> '{}')") {
                let value = match kind {
                    "uuid" => format!("({value})::uuid"),
                    "int" => format!("({value})::bigint"),
                    "bool" => format!("({value})::boolean"),
                    "bytes" => format!("decode({value}, 'hex')"),
                    "utf8" => format!("convert_to({value}, 'UTF8')"),
                    _ => value,
                };
                let _ = write!(rendered, ", {value} AS {name}");
            }
            rendered
                .push_str(" FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY q (value, ord))");
        }
        "each" => _ = write!(rendered, "json_array_elements_text(({rest})::json)"),
        // PostgreSQL looks into no JSON that holds the character NUL.
        "json" => _ = write!(rendered, r"replace({rest}, '\u0000', '\ufffd')::json"),
        "lock" => _ = write!(rendered, "FOR UPDATE OF {rest}"),
        "share" => _ = write!(rendered, "FOR SHARE OF {rest}"),
        "skip" => _ = write!(rendered, "FOR UPDATE OF {rest} SKIP LOCKED"),
        _ => _ = write!(rendered, "{{{token}}}"),
    }
}

/// Name, value and kind of each column; a single column is not in an array of its own.
fn columns_of<'c>(columns: &'c str, single: &str) -> Vec<(&'c str, String, &'c str)> {
    let columns: Vec<_> = columns.split(", ").collect();
    let many = columns.len() > 1;
    let value = |place| {
        if many {
            format!("value->>{place}")
        } else {
            single.to_owned()
        }
    };
    columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            let (name, kind) = column.split_once(' ')?;
            Some((name, value(place), kind))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "SELECT j.place FROM {rows} j CROSS JOIN cases c INDEXED BY cases_due ON c.id = j.id WHERE c.x = ?2 {lock c}";

    #[test]
    fn rows_come_by_name_on_both() {
        assert_eq!(
            render(TEXT, "id uuid", DbBackend::Sqlite),
            "SELECT j.place FROM (SELECT key AS place, unhex(value) AS id FROM json_each(?1)) j \
             CROSS JOIN cases c INDEXED BY cases_due ON c.id = j.id WHERE c.x = ?2 "
        );
        assert_eq!(
            render(TEXT, "id uuid", DbBackend::Postgres),
            "SELECT j.place FROM (SELECT q.ord - 1 AS place, ((q.value #>> '{}'))::uuid AS id \
             FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY q (value, ord)) j \
             JOIN cases c ON c.id = j.id WHERE c.x = $2 FOR UPDATE OF c"
        );
    }

    #[test]
    fn no_text_for_postgres_holds_nul() {
        for (text, clean) in [
            (r#"["a\u0000b"]"#, r#"["a\ufffdb"]"#),
            (r#"["{\"a\":\"\\u0000\"}"]"#, r#"["{\"a\":\"\\u0000\"}"]"#),
            (r"\\\u0000", r"\\\ufffd"),
            ("a\0北", "a\u{fffd}北"),
            ("北\\", "北\\"),
        ] {
            assert_eq!(without_nul(text), clean, "{text}");
        }
    }

    #[test]
    fn json_in_a_text_stays() {
        for database in [DbBackend::Sqlite, DbBackend::Postgres] {
            let text = r#"UPDATE people SET attributes = '{}', x = '{"a": 1}'"#;
            assert_eq!(render(text, "", database), text);
        }
    }

    #[test]
    fn several_columns_are_places_in_an_array() {
        let rendered = render("{rows}", "who text, due int", DbBackend::Postgres);
        assert!(
            rendered.contains("value->>0 AS who, (value->>1)::bigint AS due"),
            "{rendered}"
        );
    }
}

//! Reading one untrusted JSON value into the canonical form of its field. What a draft may hold passes:
//! type, words of `enum`, picks, `maxLength` and `maxItems` are judged here, all else in `complete`.

use serde_json::{Map, Value as Json};

use crate::{
    case::{GroupId, PersonId},
    context::List,
    money::{Money, NotMoney},
    name::Name,
    reading::Reading,
    text::Text,
    time,
    workflow::FieldKind,
};

/// How many entries a list may have that declares no `maxItems`: a short id can stand for a long entry.
pub(super) const MOST_ENTRIES: u32 = 1000;

/// The canonical form of a value, or what is wrong with it and what would be right.
///
/// `keywords` are those of its JSON Schema. A list that is not loaded is noted in `reading`, and the
/// result means nothing then.
pub(super) fn canonical(
    kind: &FieldKind,
    keywords: &Json,
    json: &Json,
    reading: &Reading<'_>,
) -> Result<Json, Text> {
    match kind {
        FieldKind::String => line(json).and_then(|text| short_enough(text, keywords)),
        FieldKind::LongText => lines(json).and_then(|text| short_enough(text, keywords)),
        FieldKind::Integer => integer(json),
        FieldKind::Number => number(json),
        FieldKind::Boolean => json.as_bool().map(Json::Bool).ok_or_else(|| {
            Text::new(
                "this must be true or false.",
                "应为是（true）或否（false）。",
            )
        }),
        FieldKind::Date => date(json),
        FieldKind::DateTime => date_time(json),
        FieldKind::Money => money(json),
        FieldKind::Enum(words) => word(words, json),
        FieldKind::Pick { list } => pick(list, json, reading),
        FieldKind::Person { group } => person(group.as_ref(), json, reading),
        FieldKind::List { items, most } => {
            let entries = json
                .as_array()
                .ok_or_else(|| Text::new("this must be a list.", "应为列表。"))?;
            few_enough(entries.len(), most.unwrap_or(MOST_ENTRIES))?;
            let inner = keywords.get("items").unwrap_or(&Json::Null);
            let entries = entries.iter().enumerate().map(|(at, entry)| {
                canonical(items, inner, entry, reading).map_err(|why| in_entry(at, &why))
            });
            entries.collect::<Result<_, _>>().map(Json::Array)
        }
        FieldKind::Object(_) => merged(kind, keywords, None, json, reading),
    }
}

/// Like [`canonical`], but an object is merged into what is there, as a JSON Merge Patch says.
pub(super) fn merged(
    kind: &FieldKind,
    keywords: &Json,
    current: Option<&Json>,
    json: &Json,
    reading: &Reading<'_>,
) -> Result<Json, Text> {
    let FieldKind::Object(fields) = kind else {
        return canonical(kind, keywords, json, reading);
    };
    let patch = json
        .as_object()
        .ok_or_else(|| Text::new("this must be an object.", "应为对象。"))?;
    let mut values = current
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, value) in patch {
        let Some(inner) = fields.get(name.as_str()) else {
            if may_have(keywords, name) {
                match value {
                    Json::Null => values.remove(name),
                    value => values.insert(name.clone(), plain(value)?),
                };
                continue;
            }
            let shown = quoted(name);
            return Err(Text::new(
                format!("there is no {shown} in it."),
                format!("其中没有{shown}。"),
            ));
        };
        if value.is_null() {
            values.remove(name);
            continue;
        }
        let words = &keywords["properties"][name.as_str()];
        let there = values.get(name.as_str());
        let value = merged(inner, words, there, value, reading).map_err(|why| {
            Text::new(format!("{name}: {}", why.en), format!("{name}：{}", why.zh))
        })?;
        values.insert(name.clone(), value);
    }
    let others: Vec<(String, Json)> = values
        .iter()
        .filter(|(name, _)| !fields.contains_key(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut ordered = in_order(values, fields.keys());
    ordered.extend(others);
    Ok(Json::Object(ordered))
}

/// Whether an object may have a member that it does not declare.
fn may_have(keywords: &Json, name: &str) -> bool {
    let more = keywords.get("additionalProperties");
    if more.is_some_and(|more| *more != Json::Bool(false)) {
        return true;
    }
    let patterns = keywords.get("patternProperties").and_then(Json::as_object);
    let mut patterns = patterns.into_iter().flat_map(Map::keys);
    patterns.any(|pattern| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(name)))
}

/// A value that only the full check knows more about.
fn plain(json: &Json) -> Result<Json, Text> {
    match json {
        Json::String(_) => lines(json).map(Json::String),
        Json::Number(_) => number(json),
        Json::Array(entries) => {
            few_enough(entries.len(), MOST_ENTRIES)?;
            entries
                .iter()
                .map(plain)
                .collect::<Result<_, _>>()
                .map(Json::Array)
        }
        Json::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let members = members.map(|(name, value)| Ok((name.clone(), plain(value)?)));
            members.collect::<Result<_, Text>>().map(Json::Object)
        }
        Json::Null | Json::Bool(_) => Ok(json.clone()),
    }
}

/// The members in this order.
pub(super) fn in_order<'a>(
    mut values: Map<String, Json>,
    order: impl Iterator<Item = &'a Name>,
) -> Map<String, Json> {
    order
        .filter_map(|name| values.remove_entry(name.as_str()))
        .collect()
}

/// Somebody else's words in a message: short, and without what could garble it.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("“{shown}”")
}

fn line(json: &Json) -> Result<String, Text> {
    let text = string(json)?;
    if text.chars().any(char::is_control) {
        return Err(Text::new(
            "this must be one line without control characters.",
            "应为一行文字，不能含控制字符。",
        ));
    }
    Ok(text.to_owned())
}

/// Forms in browsers send line ends as CR LF; kept is LF.
fn lines(json: &Json) -> Result<String, Text> {
    let text = string(json)?.replace("\r\n", "\n").replace('\r', "\n");
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(Text::new(
            "this has control characters; use text, line ends and tabs only.",
            "含有控制字符；只能使用文字、换行和制表符。",
        ));
    }
    Ok(text)
}

fn string(json: &Json) -> Result<&str, Text> {
    json.as_str()
        .ok_or_else(|| Text::new("this must be a text.", "应为文字。"))
}

fn short_enough(text: String, keywords: &Json) -> Result<Json, Text> {
    let length = text.chars().count();
    match keywords["maxLength"].as_u64() {
        Some(most) if length as u64 > most => Err(Text::new(
            format!("at most {most} characters; these are {length}."),
            format!("最多 {most} 个字符，现有 {length} 个。"),
        )),
        Some(_) | None => Ok(Json::String(text)),
    }
}

pub(super) fn few_enough(length: usize, most: u32) -> Result<(), Text> {
    if length <= most as usize {
        return Ok(());
    }
    Err(Text::new(
        format!("at most {most} entries; these are {length}."),
        format!("最多 {most} 项，现有 {length} 项。"),
    ))
}

fn integer(json: &Json) -> Result<Json, Text> {
    let whole = json.as_i64().or_else(|| json.as_f64().and_then(exact));
    whole.map(Json::from).ok_or_else(|| {
        Text::new(
            "this must be a whole number, such as 12.",
            "应为整数，例如 12。",
        )
    })
}

/// Whole numbers are kept as such, so that `5` and `5.0` are the same value.
fn number(json: &Json) -> Result<Json, Text> {
    let number = json.as_f64().ok_or_else(|| {
        Text::new(
            "this must be a number, such as 12.5.",
            "应为数字，例如 12.5。",
        )
    })?;
    Ok(kept_number(number))
}

/// A number as forms keep it: `5` and `5.0` are the same.
pub(crate) fn kept_number(number: f64) -> Json {
    exact(number).map_or_else(|| Json::from(number), Json::from)
}

/// The whole number that a double stands for, if it stands for exactly one.
fn exact(number: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2⁵³")]
    (number.fract() == 0.0 && number.abs() <= LARGEST).then_some(number as i64)
}

fn date(json: &Json) -> Result<Json, Text> {
    let date = json.as_str().and_then(time::date_from_text);
    match date {
        Some(date) if date >= chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default() => {
            Ok(Json::String(date.to_string()))
        }
        Some(_) | None => Err(Text::new(
            "this must be a date, such as 2026-12-20.",
            "应为日期，例如 2026-12-20。",
        )),
    }
}

fn date_time(json: &Json) -> Result<Json, Text> {
    json.as_str()
        .and_then(time::from_text)
        .map(|moment| Json::String(time::to_text(moment)))
        .ok_or_else(|| {
            Text::new(
                "this must be a date and time with its zone, such as 2026-12-20T09:00:00+08:00.",
                "应为带时区的日期和时间，例如 2026-12-20T09:00:00+08:00。",
            )
        })
}

fn money(json: &Json) -> Result<Json, Text> {
    Money::from_json(json)
        .map(|amount| Json::String(amount.to_string()))
        .map_err(|why| match why {
            NotMoney::Malformed => Text::new(
                "this must be an amount such as 1200.50, without thousands marks.",
                "应为金额，例如 1200.50，不带千位分隔符。",
            ),
            NotMoney::TooFine => Text::new(
                "an amount has at most two digits after the point.",
                "金额最多两位小数。",
            ),
            NotMoney::Fraction => Text::new(
                "write an amount with a fraction as a text, such as \"1200.50\", so that nothing rounds it.",
                "带小数的金额请写成文字，例如 \"1200.50\"，以免被舍入。",
            ),
            NotMoney::TooLarge => Text::new("this amount is too large.", "金额过大。"),
        })
}

fn word(words: &[String], json: &Json) -> Result<Json, Text> {
    match json.as_str() {
        Some(word) if words.iter().any(|known| known == word) => Ok(json.clone()),
        Some(_) | None => Err(Text::new(
            format!("this must be one of {}.", words.join(", ")),
            format!("应为以下之一：{}。", words.join("、")),
        )),
    }
}

/// An entry is written as its id or as the copied entry, and copied anew from the list now in force.
fn pick(list: &Name, json: &Json, reading: &Reading<'_>) -> Result<Json, Text> {
    let id = match json {
        Json::String(id) => Some(id.as_str()),
        Json::Object(entry) => entry.get("id").and_then(Json::as_str),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => None,
    };
    let Some(id) = id else {
        return Err(Text::new(
            format!("write the id of an entry of the list {list}."),
            format!("请填写列表 {list} 中某一项的 id。"),
        ));
    };
    let Some(entries) = reading.list(list) else {
        return Ok(Json::Null);
    };
    copied(&entries, id).ok_or_else(|| {
        let shown = quoted(id);
        Text::new(
            format!("{shown} is not in the list {list}."),
            format!("列表 {list} 中没有{shown}。"),
        )
    })
}

fn copied(list: &List, id: &str) -> Option<Json> {
    let entry = list.entries.get(id)?;
    let mut copy = Map::from_iter([("id".to_owned(), Json::from(id))]);
    for (name, value) in entry.as_object().into_iter().flatten() {
        if name != "id" && !value.is_null() {
            copy.insert(name.clone(), value.clone());
        }
    }
    Some(Json::Object(copy))
}

/// The id of somebody whom the writer may know of: people of other partners are not there for him.
fn person(group: Option<&GroupId>, json: &Json, reading: &Reading<'_>) -> Result<Json, Text> {
    let id = json.as_str().or_else(|| json.get("id")?.as_str());
    let Some(id) = id else {
        return Err(Text::new("write the id of a person.", "请填写人员的 id。"));
    };
    let known = reading.person(&PersonId::new(id));
    let fits = known.filter(|person| !person.disabled && reading.is_known_to_actor(person));
    let Some(person) = fits else {
        let shown = quoted(id);
        return Err(Text::new(
            format!("{shown} is nobody here."),
            format!("没有{shown}这个人。"),
        ));
    };
    match group {
        Some(group) if !person.is_in(group.as_str()) => {
            let shown = quoted(id);
            Err(Text::new(
                format!("{shown} is not in the group {group}."),
                format!("{shown}不在组 {group} 中。"),
            ))
        }
        Some(_) | None => Ok(Json::from(id)),
    }
}

/// Entries are counted as people do, from 1.
pub(super) fn in_entry(at: usize, why: &Text) -> Text {
    let at = at + 1;
    Text::new(
        format!("entry {at}: {}", why.en),
        format!("第 {at} 项：{}", why.zh),
    )
}

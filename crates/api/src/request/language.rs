//! The reader's language, by `Accept-Language`.

use axum::http::{HeaderMap, header};
use countersign_core::text::Language;

/// The language with the highest weight that we speak; English if none is.
pub fn language_of(headers: &HeaderMap) -> Language {
    headers
        .get_all(header::ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(wish)
        .fold(None, |best: Option<(Language, f32)>, wish| match best {
            Some(best) if best.1 >= wish.1 => Some(best),
            Some(_) | None => Some(wish),
        })
        .map_or(Language::En, |(language, _)| language)
}

fn wish(range: &str) -> Option<(Language, f32)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let weight = parameters
        .trim()
        .strip_prefix("q=")
        .map_or(Some(1.0), |q| q.parse().ok())?;
    let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
    let language = match primary.as_str() {
        "zh" => Language::Zh,
        "en" | "*" => Language::En,
        _ => return None,
    };
    (weight > 0.0).then_some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Zh),
            ("en;q=0.5, zh;q=0.7", Language::Zh),
            ("fr, de;q=0.9", Language::En),
            ("fr, zh-Hant;q=0.1", Language::Zh),
            ("zh;q=0, en", Language::En),
            ("*", Language::En),
            ("", Language::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::ACCEPT_LANGUAGE,
                header.parse().expect("a header value"),
            );
            assert_eq!(language_of(&headers), language, "{header}");
        }
        assert_eq!(language_of(&HeaderMap::new()), Language::En);
    }
}

//! Cursors: where the next page of a list begins, opaque to callers. A cursor is the sort key of the
//! last row, so that a page is the same whatever rows are added before it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_engine::ports::{StoreError, StoreErrorKind};
use serde::{Serialize, de::DeserializeOwned};

/// Writes a sort key as a cursor of the list of this name.
pub fn write<K: Serialize>(list: &str, key: &K) -> String {
    let json = serde_json::to_vec(&(list, key)).expect("a key is plain data");
    URL_SAFE_NO_PAD.encode(json)
}

/// Reads the sort key back, if the cursor is one of the list of this name.
pub fn read<K: DeserializeOwned>(
    list: &str,
    cursor: Option<&str>,
) -> Result<Option<K>, StoreError> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let key = URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|json| serde_json::from_slice::<(String, K)>(&json).ok())
        .filter(|(of, _)| of == list)
        .map(|(_, key)| key);
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(StoreError::new(
            "read a cursor",
            StoreErrorKind::Cursor,
            "no list gave this cursor",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_by_its_own_list_only() {
        let cursor = write("newest", &(7i64, "0198"));
        let key: Option<(i64, String)> = read("newest", Some(&cursor)).expect("its own list");
        assert_eq!(key, Some((7, "0198".to_owned())));
        for wrong in [cursor.as_str(), "", "!!", "bm9uc2Vuc2U"] {
            let error = read::<(i64, String)>("oldest", Some(wrong)).expect_err(wrong);
            assert_eq!(error.kind, StoreErrorKind::Cursor);
        }
    }
}

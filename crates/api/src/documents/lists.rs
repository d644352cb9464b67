//! Pages of lists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of a list. The order is stable while rows are added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Items<T: ToSchema> {
    /// The rows.
    pub items: Vec<T>,
    /// For `?cursor=` of the next page; null: this is the last.
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> Items<T> {
    /// A list that is all on one page.
    pub fn all(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
        }
    }
}

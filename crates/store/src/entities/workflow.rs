//! Table `workflows`: published versions, never changed.

use sea_orm::entity::prelude::*;

/// A workflow as it was published.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workflows")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Its version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// The path of its file.
    pub path: String,
    /// The file and all that it was checked with, by path, as JSON.
    pub files: String,
    /// Of all that, in hex.
    pub sha256: String,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Table `facts`: every version is kept.

use sea_orm::entity::prelude::*;

/// Facts of one kind about one subject, in one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "facts")]
pub struct Model {
    /// The kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Counts up from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// The values, as JSON.
    pub body: String,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Table `lists`: every version is kept.

use sea_orm::entity::prelude::*;

/// A reference list, in one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lists")]
pub struct Model {
    /// Its name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Counts up.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Of its entries.
    pub digest: Vec<u8>,
    /// Entries by id, in order, as JSON.
    pub entries: String,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

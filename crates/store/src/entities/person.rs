//! Table `people`.

use sea_orm::entity::prelude::*;

/// A person of the directory.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    /// The id that the host system gives.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What people call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The same in lower case, to be found by.
    pub address: String,
    /// The tag of the language that they read.
    pub language: String,
    /// Their time zone.
    pub timezone: Option<String>,
    /// Their organisation.
    pub partner: Option<String>,
    /// More about them, as JSON.
    pub attributes: String,
    /// Whether they have left.
    pub disabled: bool,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Table `absences`.

use sea_orm::entity::prelude::*;

/// When a person is away.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person: String,
    /// From when, in milliseconds.
    pub from_at: i64,
    /// Until when.
    pub until_at: i64,
    /// Who acts for them meanwhile.
    pub substitute: Option<String>,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

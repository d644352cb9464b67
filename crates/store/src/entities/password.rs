//! Table `passwords`.

use sea_orm::entity::prelude::*;

/// The password of a local account, which is not there: its hash is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passwords")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person: String,
    /// As the PHC string format has it.
    pub hash: String,
    /// When it was set.
    pub set_at: i64,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

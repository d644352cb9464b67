//! Table `sessions`.

use sea_orm::entity::prelude::*;

/// Somebody who is signed in. The cookie is not there: its hash is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// The SHA-256 of the cookie.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Who.
    pub person: String,
    /// Since when.
    pub created_at: i64,
    /// Until when.
    pub expires_at: i64,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

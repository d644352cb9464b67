//! Table `tokens`.

use sea_orm::entity::prelude::*;

/// A token, which is not there: its hash is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tokens")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The SHA-256 of the token.
    pub hash: Vec<u8>,
    /// The person whom it names; either this or `service`.
    pub person: Option<String>,
    /// The service that it names.
    pub service: Option<String>,
    /// What the service may do, as a JSON array.
    pub rights: String,
    /// When it was made.
    pub created_at: i64,
    /// Until when it opens.
    pub expires_at: Option<i64>,
}

/// None that the store walks.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! People on a served site, added as a host system adds them. Not for what they do.

use countersign_tests::{Client, Server};
use serde_json::json;

/// Somebody to add.
#[derive(Debug, Clone, Copy)]
pub struct Staff {
    pub id: &'static str,
    pub language: &'static str,
    pub partner: Option<&'static str>,
    pub group: &'static str,
}

impl Staff {
    /// Somebody of the vendor's, who reads English.
    pub const fn of_vendor(id: &'static str, group: &'static str) -> Self {
        Self {
            id,
            language: "en",
            partner: None,
            group,
        }
    }

    /// Pat, of the partner Acme.
    pub const fn pat() -> Self {
        Self {
            partner: Some("acme"),
            ..Self::of_vendor("pat", "partner_users")
        }
    }

    /// Adds them; who they are from then on.
    pub async fn add(self, server: &Server, administrator: &Client) -> Client {
        let Self { id, group, .. } = self;
        if let Some(partner) = self.partner {
            let path = format!("/v1/partners/{partner}");
            administrator
                .put(&path, json!({ "name": partner }))
                .await
                .ok();
        }
        let person = json!({
            "name": id, "email": format!("{id}@example.com"), "language": self.language, "partner": self.partner,
        });
        administrator
            .put(&format!("/v1/people/{id}"), person)
            .await
            .ok();
        let member = format!("/v1/groups/{group}/members/{id}");
        administrator.put(&member, json!({})).await.ok();
        let made = administrator
            .post("/v1/tokens", json!({ "person": id }))
            .await;
        let made = made.created();
        server.with(made["token"].as_str().expect("a token"))
    }
}

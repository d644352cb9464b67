//! `POST /v1/cases/{case}/actions/{action}`: take an action, or vote.

use axum::{extract::State, response::Response};
use countersign_core::{
    case::CommentId,
    command::{Act, Command, NewComment, NewReply, Patch},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::carry_out::{Asked, carry_out};
use crate::{
    ApiState, Problem,
    documents::{Problems, Written},
    request::{Path, StrictBody, Write},
};

/// What is supplied with an action: all of it happens, or none.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActBody {
    /// New values, as a JSON Merge Patch whose members are forms: an edit first.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub data: Patch,
    /// A comment on the whole case.
    #[serde(default)]
    pub comment: Option<String>,
    /// Comments on places.
    #[serde(default)]
    pub comments: Vec<CommentBody>,
    /// Replies to comments.
    #[serde(default)]
    pub replies: Vec<ReplyTo>,
    /// Whether the text to confirm is ticked.
    #[serde(default)]
    pub confirm: bool,
    /// The confirmation code that was mailed.
    #[serde(default)]
    pub code: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBody {
    /// What it is on, for example `deal.amount`; the whole case if missing.
    #[serde(default)]
    pub at: Option<String>,
    /// What it says.
    pub text: String,
    /// Never shown to the applicant's side.
    #[serde(default)]
    pub internal: bool,
}

/// A reply to a comment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyTo {
    /// The comment.
    pub comment: Uuid,
    /// What it says.
    pub text: String,
}

impl StrictBody for ActBody {
    const EMPTY: Option<&'static str> = Some("{}");
}

impl From<CommentBody> for NewComment {
    fn from(body: CommentBody) -> Self {
        Self {
            at: body.at,
            text: body.text,
            internal: body.internal,
        }
    }
}

impl ActBody {
    /// The action with what is supplied, and the code.
    pub fn into_act(self, action: String) -> (Act, Option<String>) {
        let whole = self.comment.map(|text| NewComment {
            at: None,
            text,
            internal: false,
        });
        let act = Act {
            action,
            data: self.data,
            comments: whole
                .into_iter()
                .chain(self.comments.into_iter().map(Into::into))
                .collect(),
            replies: self
                .replies
                .into_iter()
                .map(|reply| NewReply {
                    comment: CommentId(reply.comment),
                    text: reply.text,
                })
                .collect(),
            confirm: self.confirm,
            link: None,
            delivery: None,
        };
        (act, self.code)
    }
}

/// Take an action, or vote.
#[utoipa::path(post, path = "/v1/cases/{case}/actions/{action}", tag = "cases", request_body = ActBody,
    params(("case" = String, Path, description = "Id or number"), ("action" = String, Path, description = "Action or decision")),
    responses((status = 200, body = Written, description = "The case and the receipt"), Problems))]
pub async fn act(
    State(state): State<ApiState>,
    Path((case, action)): Path<(String, String)>,
    write: Write<ActBody>,
) -> Result<Response, Problem> {
    let Write { head, body } = write;
    let (act, code) = body.into_act(action);
    let command = Command::Act(act);
    let asked = Asked {
        code,
        ..Asked::new(command, head.asker.language)
    };
    carry_out(&state, head, &case, asked).await
}

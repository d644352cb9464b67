//! `POST /v1/cases/{case}/actions/{action}`: take an action, or vote.

use axum::{extract::State, response::Response};
use countersign_core::{
    case::CommentId,
    command::{Command, NewComment, NewReply},
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

/// A body with everything that an action takes, and more. Strictness and flattening exclude each other, in
/// serde as in JSON Schema, so each body has the members itself.
macro_rules! act_body {
    ($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $extra:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$more])* pub $extra: $kind,)*
            /// New values, as a JSON Merge Patch whose members are forms: an edit first.
            #[serde(default)]
            #[schema(value_type = Object)]
            pub data: countersign_core::command::Patch,
            /// A comment on the whole case.
            #[serde(default)]
            pub comment: Option<String>,
            /// Comments on places.
            #[serde(default)]
            pub comments: Vec<$crate::cases::act::CommentBody>,
            /// Replies to comments.
            #[serde(default)]
            pub replies: Vec<$crate::cases::act::ReplyTo>,
            /// Whether the text to confirm is ticked.
            #[serde(default)]
            pub confirm: bool,
            /// For a vote: the panel in which it is cast, where the caller sits in several; all of them if missing.
            #[serde(default)]
            pub panel: Option<String>,
            /// The confirmation code that was mailed.
            #[serde(default)]
            pub code: Option<String>,
        }

        impl $name {
            /// The action with what is supplied, and the code.
            pub fn into_act(self, action: String) -> (countersign_core::command::Act, Option<String>) {
                let whole = self.comment.map(|text| $crate::cases::act::CommentBody {
                    at: None,
                    text,
                    internal: false,
                });
                let comments = whole.into_iter().chain(self.comments);
                let act = countersign_core::command::Act {
                    data: self.data,
                    comments: comments.map(Into::into).collect(),
                    replies: self.replies.into_iter().map(Into::into).collect(),
                    confirm: self.confirm,
                    panel: self.panel,
                    ..countersign_core::command::Act::new(action)
                };
                (act, self.code)
            }
        }
    };
}

pub(super) use act_body;

act_body! {
    /// What is supplied with an action: all of it happens, or none.
    ActBody {}
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

impl From<ReplyTo> for NewReply {
    fn from(reply: ReplyTo) -> Self {
        Self {
            comment: CommentId(reply.comment),
            text: reply.text,
        }
    }
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

/// Take an action, or vote.
#[utoipa::path(post, path = "/v1/cases/{case}/actions/{action}", tag = "cases", operation_id = "act", request_body = ActBody,
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

//! The codes of problems: each with its status and title, and with a page under `docs/errors/`. It
//! decides nothing about when a code is answered.

use axum::http::StatusCode;
use countersign_core::{outcome::Refusal, text::Text};

/// What kind of "no" an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request cannot be read.
    Malformed,
    /// A member or parameter that is not known.
    UnknownMember,
    /// No token, or one that opens nothing.
    Unauthenticated,
    /// The caller has none of the roles, groups or rights.
    Who,
    /// Separation of duties.
    Except,
    /// Not there, or not visible.
    NotFound,
    /// The workflow has no such action.
    UnknownAction,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The state does not offer it (any more).
    NotHere,
    /// Its condition is not met.
    When,
    /// Voted so already.
    Voted,
    /// An operator froze the case.
    OnHold,
    /// The mail link is dead.
    Link,
    /// The case has changed since the caller looked.
    Stale,
    /// More came than is taken.
    TooLarge,
    /// A body of another type than is taken.
    UnsupportedMediaType,
    /// Something is missing.
    Refused,
    /// A value cannot be stored.
    Invalid,
    /// The body names no workflow that there is.
    UnknownWorkflow,
    /// The key was used for another request.
    IdempotencyKeyReused,
    /// Everything is in order but the code.
    CodeNeeded,
    /// Too many requests for now.
    RateLimited,
    /// A defect.
    Internal,
    /// Too busy, or the store cannot write.
    Overloaded,
    /// It may or may not have happened.
    OutcomeUnknown,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 25] = [
        Self::Malformed,
        Self::UnknownMember,
        Self::Unauthenticated,
        Self::Who,
        Self::Except,
        Self::NotFound,
        Self::UnknownAction,
        Self::MethodNotAllowed,
        Self::NotHere,
        Self::When,
        Self::Voted,
        Self::OnHold,
        Self::Link,
        Self::Stale,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Refused,
        Self::Invalid,
        Self::UnknownWorkflow,
        Self::IdempotencyKeyReused,
        Self::CodeNeeded,
        Self::RateLimited,
        Self::Internal,
        Self::Overloaded,
        Self::OutcomeUnknown,
    ];

    /// The word in answers, and the name of its page.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownMember => "unknown_member",
            Self::Unauthenticated => "unauthenticated",
            Self::Who => "who",
            Self::Except => "except",
            Self::NotFound => "not_found",
            Self::UnknownAction => "unknown_action",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NotHere => "not_here",
            Self::When => "when",
            Self::Voted => "voted",
            Self::OnHold => "on_hold",
            Self::Link => "link",
            Self::Stale => "stale",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Refused => "refused",
            Self::Invalid => "invalid",
            Self::UnknownWorkflow => "unknown_workflow",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::CodeNeeded => "code_needed",
            Self::RateLimited => "rate_limited",
            Self::Internal => "internal",
            Self::Overloaded => "overloaded",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }

    /// The status of its answers.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Malformed | Self::UnknownMember => StatusCode::BAD_REQUEST,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Who | Self::Except => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownAction => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotHere | Self::When | Self::Voted | Self::OnHold => StatusCode::CONFLICT,
            Self::Link => StatusCode::GONE,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Refused | Self::Invalid | Self::UnknownWorkflow | Self::IdempotencyKeyReused => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::CodeNeeded => StatusCode::PRECONDITION_REQUIRED,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Overloaded | Self::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What heads it, as on its page.
    pub fn title(self) -> Text {
        let (en, zh) = match self {
            Self::Malformed => ("The request cannot be read", "无法读取请求"),
            Self::UnknownMember => ("A member that nobody knows", "未知的成员"),
            Self::Unauthenticated => ("Who are you?", "请先表明身份"),
            Self::Who => ("This is for others to do", "此操作不由您执行"),
            Self::Except => ("Somebody else has to decide this", "须由他人决定"),
            Self::NotFound => ("There is no such thing here", "找不到"),
            Self::UnknownAction => ("The workflow has no such action", "流程没有此操作"),
            Self::MethodNotAllowed => ("Not in this way", "方法不被允许"),
            Self::NotHere => ("The case is not at this point", "申请当前不在此环节"),
            Self::When => ("Not possible as things stand", "当前条件不满足"),
            Self::Voted => ("You have voted so already", "您已投过此票"),
            Self::OnHold => ("The case is on hold", "申请已挂起"),
            Self::Link => ("This link can no longer be used", "此链接已失效"),
            Self::Stale => (
                "The case has changed since you looked",
                "申请在您查看之后已变更",
            ),
            Self::TooLarge => ("Too large", "内容过大"),
            Self::UnsupportedMediaType => ("Not a type that is taken here", "不接受此类型"),
            Self::Refused => ("Something is missing", "尚有缺项"),
            Self::Invalid => ("A value cannot be stored", "该值无法保存"),
            Self::UnknownWorkflow => ("There is no such workflow", "没有此流程"),
            Self::IdempotencyKeyReused => (
                "This key belongs to another request",
                "此幂等键属于另一请求",
            ),
            Self::CodeNeeded => ("A confirmation code has been mailed", "确认码已发送"),
            Self::RateLimited => ("Too many requests", "请求过多"),
            Self::Internal => ("Something went wrong here", "内部错误"),
            Self::Overloaded => ("Busy just now", "系统繁忙"),
            Self::OutcomeUnknown => ("It is not known whether this happened", "结果未知"),
        };
        Text::new(en, zh)
    }
}

impl From<&Refusal> for Code {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            Refusal::UnknownAction { .. } => Self::UnknownAction,
            Refusal::Stale { .. } => Self::Stale,
            Refusal::DeadLink => Self::Link,
            Refusal::Who { .. } => Self::Who,
            Refusal::NotHere { .. } | Refusal::NotUndone => Self::NotHere,
            Refusal::When => Self::When,
            Refusal::Except => Self::Except,
            Refusal::Voted => Self::Voted,
            Refusal::Invalid(_) => Self::Invalid,
            Refusal::Missing(_) => Self::Refused,
            Refusal::CodeNeeded => Self::CodeNeeded,
            Refusal::OnHold => Self::OnHold,
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::workflow::StatePath;

    use super::*;

    #[test]
    fn each_code_agrees_with_its_page() {
        for code in Code::ALL {
            let (name, title) = (code.code(), code.title());
            let page = crate::error_pages::source(name).expect("every code has a page");
            let heading = format!(
                "# {name} ({}): {} · {}",
                code.status().as_u16(),
                title.en,
                title.zh
            );
            assert_eq!(page.lines().next(), Some(&*heading));
        }
    }

    #[test]
    fn refusals_have_the_code_that_the_core_gives_them() {
        let state = StatePath::new("draft");
        for refusal in [
            Refusal::NotFound,
            Refusal::UnknownAction { nearest: None },
            Refusal::Stale { etag: 1 },
            Refusal::DeadLink,
            Refusal::Who { at: None },
            Refusal::NotHere { state, last: None },
            Refusal::NotUndone,
            Refusal::When,
            Refusal::Except,
            Refusal::Voted,
            Refusal::Invalid(Vec::new()),
            Refusal::Missing(Vec::new()),
            Refusal::CodeNeeded,
            Refusal::OnHold,
        ] {
            assert_eq!(Code::from(&refusal).code(), refusal.code());
        }
    }
}

//! The fixed words of pages, in both languages.

use countersign_core::text::Language;

/// The fixed words of the page of a mail link.
pub struct Texts {
    /// Before the case's number.
    pub case: &'static str,
    /// Before the case's title.
    pub about: &'static str,
    /// Before the holder's address.
    pub you: &'static str,
    /// Before the moment when the link dies.
    pub until: &'static str,
    /// A code was mailed.
    pub code_mailed: &'static str,
    /// Heading when it is done.
    pub done: &'static str,
    /// Before what was answered.
    pub recorded: &'static str,
    /// Before the state that the case is in since.
    pub now: &'static str,
    /// Heading of what comes after the answer.
    pub next: &'static str,
    /// Nothing comes: the case is closed.
    pub next_closed: &'static str,
    /// Another mail with a link comes.
    pub next_mailed: &'static str,
    /// Others have the turn.
    pub next_others: &'static str,
    /// The way to the case, for those with an account.
    pub follow: &'static str,
    /// Heading of a dead link.
    pub dead: &'static str,
    /// What to do about a dead link.
    pub dead_why: &'static str,
    /// Heading of a link that is none.
    pub none: &'static str,
    /// What to do about a link that is none.
    pub none_why: &'static str,
    /// Heading when too many requests came from the reader's address.
    pub busy: &'static str,
    /// What to do about that.
    pub busy_why: &'static str,
    /// Heading of a fault of ours.
    pub fault: &'static str,
    /// What to do about a fault of ours.
    pub fault_why: &'static str,
}

/// The words in this language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    }
}

static ENGLISH: Texts = Texts {
    case: "Number",
    about: "About",
    you: "You are",
    until: "Answer before",
    code_mailed: "We have mailed you a code, or your app shows it. Enter it here; a mailed one within 10 minutes.",
    done: "Thank you",
    recorded: "Your answer is recorded: ",
    now: "State now",
    next: "What happens next",
    next_closed: "The case is closed. Nothing is left for you to do.",
    next_mailed: "You get a new mail: it has what you can do next.",
    next_others: "You need do nothing more now. If it is your turn again, you will get a mail.",
    follow: "Open the case, after signing in",
    dead: "This link is no longer valid",
    dead_why: "It was used, replaced by a newer one, has expired, or somebody else has the turn now. Look for a newer mail, or ask whoever sent it to send it again.",
    none: "This link leads nowhere",
    none_why: "Part of the address may be missing. Open it from the mail again.",
    busy: "Too many requests",
    busy_why: "Many requests came from your network within a minute. Please try again in a moment.",
    fault: "That did not work",
    fault_why: "The mistake is on our side, and nothing was changed. Please try again in a moment.",
};

static CHINESE: Texts = Texts {
    case: "编号",
    about: "内容",
    you: "您的身份",
    until: "请在此之前答复",
    code_mailed: "验证码已发送到您的邮箱，或由您的应用显示。请在此填写；邮件中的验证码 10 分钟内有效。",
    done: "谢谢",
    recorded: "您的答复已记录：",
    now: "当前状态",
    next: "接下来",
    next_closed: "申请已结束，您无需再做任何操作。",
    next_mailed: "您将收到一封新邮件，其中有您接下来可进行的操作。",
    next_others: "您目前无需再做任何操作。再次轮到您时，您会收到邮件。",
    follow: "登录后查看申请",
    dead: "链接已失效",
    dead_why: "该链接已被使用、被新链接取代、已过期，或已转由他人处理。请查找更新的邮件，或请发件人重新发送。",
    none: "链接无效",
    none_why: "网址可能不完整，请从邮件中重新打开。",
    busy: "请求过多",
    busy_why: "您所在的网络在一分钟内发送了过多请求，请稍后重试。",
    fault: "操作未成功",
    fault_why: "服务出现问题，未做任何更改，请稍后重试。",
};

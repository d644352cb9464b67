//! The fixed texts of mails in both languages; everything else in a mail comes from the workflow.

use countersign_engine::ports::deliveries::Language;

/// The fixed texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    /// The value of `lang` and `Content-Language`.
    pub code: &'static str,
    pub answer_by: &'static str,
    /// The same once it is over.
    pub was_due: &'static str,
    /// Above what has changed.
    pub since: &'static str,
    /// Where one chooses what mail comes.
    pub settings: &'static str,
    pub open_case: &'static str,
    pub case: &'static str,
    pub why: &'static str,
    /// Between a label and its value in plain text.
    pub colon: &'static str,
    /// What a button with a mail link does and does not do.
    pub links: &'static str,
    pub automatic: &'static str,
}

const ENGLISH: Texts = Texts {
    code: "en",
    answer_by: "Answer by",
    was_due: "Was due",
    since: "Changed since the last review",
    settings: "Choose what mail you get, and when",
    open_case: "Open the case",
    case: "Case",
    why: "Why you get this",
    colon: ": ",
    links: "Each link opens a page that asks you to confirm; nothing happens before you do. The links are for \
            you alone: please do not forward this mail.",
    automatic: "This mail was sent automatically.",
};

const CHINESE: Texts = Texts {
    code: "zh",
    answer_by: "请在此前答复",
    was_due: "已逾期，原定",
    since: "与上次评审相比的修改",
    settings: "设置接收哪些邮件及接收时间",
    open_case: "打开申请",
    case: "申请",
    why: "您收到此邮件的原因",
    colon: "：",
    links: "点击链接后会打开确认页面，在您确认之前不会执行任何操作。链接仅供您本人使用，请勿转发此邮件。",
    automatic: "此邮件由系统自动发送。",
};

/// The fixed texts of this language.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    }
}

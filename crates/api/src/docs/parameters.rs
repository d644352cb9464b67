//! What parameters and parts of the API are for, in Chinese. The English is the handlers'; a test holds that none is without.

/// By the English text.
const PARAMETERS: &[(&str, &str)] = &[
    (
        "`en` or `zh`; what the reader's browser asks for if missing.",
        "`en` 或 `zh`；缺省按浏览器的语言。",
    ),
    ("The code", "代码"),
    (
        "The same request under the same key takes effect once, and gets the same answer for 30 days.",
        "以同一键重发的同一请求只生效一次，30 天内得到相同的回答。",
    ),
    ("Only of this workflow.", "仅此流程的。"),
    (
        "Only in this state, or in an inner one of it.",
        "仅处于此状态或其内部状态的。",
    ),
    ("Only of this partner.", "仅此伙伴的。"),
    (
        "Only running, on hold, or ended.",
        "仅进行中、已暂停或已结束的。",
    ),
    (
        "Only those whose number, title or texts have these words.",
        "仅编号、标题或文字中含有这些词的。",
    ),
    (
        "Only those past their due time (`true`), or not past it (`false`).",
        "仅已逾期（`true`）或未逾期（`false`）的。",
    ),
    ("Only those that the caller opened.", "仅调用者发起的。"),
    (
        "The order: `newest` (if missing), `oldest` or `due`.",
        "排序：`newest`（缺省）、`oldest` 或 `due`。",
    ),
    (
        "Where to go on: `next_cursor` of the page before.",
        "从何处继续：上一页的 `next_cursor`。",
    ),
    (
        "How many cases at most, 1 to 200; 50 if missing.",
        "最多多少件申请，1 至 200；缺省 50。",
    ),
    ("Id or number", "标识或编号"),
    (
        "The `ETag` of the case that the caller believes in; refused as `stale` if it has changed since.",
        "调用者所依据的申请 `ETag`；若此后已变化，则以 `stale` 拒绝。",
    ),
    ("Action or decision", "操作或决定"),
    ("Decision", "决定"),
    ("The comment", "意见"),
    (
        "How many rows at most, 1 to 200; 50 if missing.",
        "最多多少行，1 至 200；缺省 50。",
    ),
    ("The material", "材料"),
    (
        "`attachment; filename=\"report.pdf\"`",
        "`attachment; filename=\"report.pdf\"`，文件名",
    ),
    ("The file", "文件"),
    (
        "A revision, `3`, or two of them, `1..3`",
        "一个修订版 `3`，或两个修订版 `1..3`",
    ),
    ("A `system` action", "`system` 操作"),
    ("The action or decision.", "操作或决定。"),
    (
        "For this person; the caller if missing. For others only operators ask.",
        "为此人查询；缺省为调用者。只有运维人员可为他人查询。",
    ),
    ("Only mails, or only hook calls.", "仅邮件，或仅回调。"),
    (
        "Only those that wait, were sent, or are given up.",
        "仅等待中、已送达或已放弃的。",
    ),
    ("Only of this case: id or number.", "仅此申请：标识或编号。"),
    (
        "How many deliveries at most, 1 to 200; 50 if missing.",
        "最多多少项投递，1 至 200；缺省 50。",
    ),
    ("The delivery", "投递"),
    (
        "The `id` of the last event that was seen; with `0` everything comes that ever happened, without it what\nhappens from now on. The header `Last-Event-ID` goes before it.",
        "最后收到的事件的 `id`；`0` 表示从头开始，缺省表示只取此后发生的。请求头 `Last-Event-ID` 优先。",
    ),
    ("The last event that was seen", "最后收到的事件"),
    ("The kind", "类别"),
    ("Whose", "所属对象"),
    ("The group", "组"),
    ("The person", "人员"),
    (
        "`your_turn` (if missing), `waiting` (the caller acted, others must now) or `done` (in the last 7 days).",
        "`your_turn`（缺省）、`waiting`（调用者已处理，等待他人）或 `done`（最近 7 天内完成）。",
    ),
    (
        "How many incidents at most, 1 to 200; 50 if missing.",
        "最多多少个事件，1 至 200；缺省 50。",
    ),
    ("The incident", "事件"),
    ("The secret part of the link", "链接中的保密部分"),
    ("Only those to this address.", "仅发往此地址的。"),
    ("The partner", "伙伴"),
    (
        "`hash` of the receipt: 64 hex digits",
        "回执的 `hash`：64 位十六进制数字",
    ),
    ("The token's id", "令牌的标识"),
    ("The subscription", "订阅"),
    ("The workflow", "流程"),
    ("The form", "表单"),
    ("The link", "关联"),
    ("The list", "列表"),
    ("Two versions, `1..2`", "两个版本，如 `1..2`"),
];

/// By the name of the part.
const TAGS: &[(&str, &str)] = &[
    (
        "cases",
        "申请：发起、编辑、操作、投票、发表意见，以及发生过什么",
    ),
    ("materials", "上传的文件"),
    ("links", "邮件链接"),
    ("workflows", "定义、表单与流程图"),
    ("people", "人员、组与伙伴"),
    ("facts", "由宿主系统提供的有类型的数据"),
    ("tokens", "接口令牌"),
    ("operators", "供维护服务运行的人员使用"),
    ("demo", "仅在 `demo` 与测试中可用"),
    ("service", "服务本身"),
];

/// What a parameter is for that is told so in English.
pub fn parameter(english: &str) -> Option<&'static str> {
    found(PARAMETERS, english)
}

/// What this part is about.
pub fn tag(name: &str) -> Option<&'static str> {
    found(TAGS, name)
}

fn found(all: &[(&str, &'static str)], wanted: &str) -> Option<&'static str> {
    let mut all = all.iter();
    all.find(|(known, _)| *known == wanted)
        .map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_and_part_is_told_in_chinese_and_nothing_else_is() {
        let document = serde_json::to_value(crate::router::openapi()).expect("it is JSON");
        let tags = document["tags"].as_array().expect("tags");
        for name in tags.iter().filter_map(|tag| tag["name"].as_str()) {
            assert!(tag(name).is_some(), "{name} has no Chinese text");
        }
        let paths = document["paths"].as_object().expect("paths").values();
        let operations = paths.flat_map(|path| path.as_object().expect("methods").values());
        let parameters = operations.filter_map(|one| one["parameters"].as_array());
        let told: Vec<&str> = parameters
            .flatten()
            .filter_map(|one| one["description"].as_str())
            .collect();
        let without: Vec<&&str> = told
            .iter()
            .filter(|text| parameter(text).is_none())
            .collect();
        assert!(without.is_empty(), "{without:?} have no Chinese text");
        let known = PARAMETERS.iter().map(|(english, _)| *english);
        let gone: Vec<&str> = known.filter(|english| !told.contains(english)).collect();
        assert!(gone.is_empty(), "{gone:?}");
    }
}

//! What each operation does, in Chinese. The English is the handlers'; a test holds that none is without.

/// By operation id.
const OPERATIONS: &[(&str, &str)] = &[
    ("read_docs", "接口说明页面，与 `/openapi.json` 内容一致。"),
    ("read_docs_style", "该页面的样式表。"),
    (
        "read_error_page",
        "说明某个代码的含义及解决方法，包括接口错误与检查器的提示。",
    ),
    ("healthz", "进程是否在运行。"),
    ("openapi", "本文档。"),
    ("readyz", "能否提供服务：存储可用且可写入。"),
    (
        "act_on_many",
        "一次执行最多 100 个操作，按顺序进行。每项单独执行或被拒绝，互不影响；以同一 `Idempotency-Key` 重发时，已成功的不会重复，被拒绝的会重试。",
    ),
    ("list_cases", "调用者可见的申请。"),
    ("open_case", "新建申请。"),
    ("read_case", "调用者所见的申请。"),
    ("edit_case", "保存草稿：未填完或超出范围的值也会保留。"),
    ("act", "执行操作或投票。"),
    ("take_vote_back", "在作出决定之前撤回自己的投票。"),
    ("claim_case", "认领：在状态规定的时间内仅由自己处理。"),
    ("comment", "对申请、表单、字段或材料发表意见。"),
    ("reply", "回复意见。"),
    (
        "delegate_case",
        "将自己的待办转交他人。两人姓名均留存记录，回避规则对两人同样适用。",
    ),
    ("draw_case", "绘制申请的流程图，标出当前位置与经过的路径。"),
    (
        "export_case",
        "导出申请作为证据：全部内容与完整历史，带哈希链和签名。",
    ),
    ("read_history", "申请的历史，最早的在前。"),
    (
        "hold_case",
        "冻结申请：恢复之前，定时器不触发，任何人不能操作。",
    ),
    (
        "attach_file",
        "上传文件：若该材料只收一份则替换原文件，否则追加。",
    ),
    (
        "attach_file_by_link",
        "以邮件链接持有人的身份上传该操作所需的文件。链接即身份证明，无需令牌；其他材料一律视为不存在。",
    ),
    ("download_file", "下载文件。"),
    (
        "detach_file",
        "从申请中移除文件。依据它作出的决定仍保留在历史中。",
    ),
    (
        "migrate_case",
        "将申请迁移到流程的新版本；加 `dry_run` 则只说明结果。",
    ),
    ("move_case", "将申请置于另一状态；置于结束状态即为取消。"),
    ("reassign_case", "将某人的待办改派他人。仅限运维人员。"),
    ("release_case", "退回认领：由认领人或运维人员操作。"),
    ("resume_case", "恢复被冻结的申请：到期的事项依次触发。"),
    ("list_revisions", "申请内容的各个修订，最早的在前。"),
    ("read_revision", "某一修订的内容，或两个修订之间的差异。"),
    ("signal", "以 `system` 操作的形式报告外部发生的事。"),
    ("list_timers", "申请中将要触发的定时器及时间，最早的在前。"),
    (
        "explain_action",
        "说明某操作为何可以或不可以执行：列出全部条件，而不仅是第一个不满足的。",
    ),
    (
        "advance_clock",
        "拨快时钟。届时到期的一切（包括邮件）生效后才返回。",
    ),
    ("list_deliveries", "邮件与回调，最新的在前。仅限运维人员。"),
    (
        "retry_delivery",
        "让已放弃或等待中的投递立即重试。仅限运维人员。",
    ),
    (
        "follow_events",
        "调用者可见的全部历史记录，按提交顺序，不遗漏。",
    ),
    ("read_facts", "某一主体的某类事实。"),
    ("put_facts", "提供事实：替换同一主体同类的原有事实。"),
    ("list_members", "组内成员，按编号排序。"),
    ("read_member", "某人是否在组内；不在则为不存在。"),
    ("put_member", "将某人加入组。与该组有关的投票会重新计票。"),
    (
        "remove_member",
        "将某人移出组。与该组有关的投票会重新计票。",
    ),
    ("inbox", "等待调用者处理的事项，最紧急的在前。"),
    (
        "list_incidents",
        "需要运维人员处理的事件，最早的在前。仅限运维人员。",
    ),
    (
        "retry_incident",
        "重试事件所涉及的投递，或其申请中出错的部分。原因消除后即为已解决，否则仍在列表中。仅限运维人员。",
    ),
    (
        "read_link",
        "邮件链接的用途。打开多少次都不会改变任何内容。",
    ),
    (
        "answer_link",
        "以链接持有人的身份执行该链接的操作。链接即身份证明，无需令牌。",
    ),
    (
        "read_mailbox",
        "未实际发出而保存的邮件，最新的在前。仅在 `demo` 与测试中可用，其他环境视为不存在。",
    ),
    ("me", "调用者的身份、所在组、权限与语言。"),
    (
        "be_away",
        "设置外出时段，由代理人代为处理，记录中保留两人姓名。只保留一个时段，新的替换旧的。",
    ),
    ("be_back", "结束外出。"),
    ("read_my_mail", "调用者接收哪些邮件、何时接收。"),
    (
        "put_my_mail",
        "选择接收哪些邮件、何时接收。提醒不会在夜间或流程日历的休息日发送，以调用者的时区为准。",
    ),
    ("read_partner", "某个伙伴。伙伴自己的人员可以查看。"),
    ("put_partner", "按请求内容建立或修改伙伴。"),
    ("read_person", "目录中的某人。每个人都可以查看自己。"),
    ("put_person", "按请求内容建立或修改人员。所在组另行维护。"),
    (
        "remove_authenticator",
        "移除某人用于生成验证码的应用：之后验证码重新通过邮件发送，本人可另设应用。仅限管理员；请先确认请求者身份。",
    ),
    (
        "erase_person",
        "永久删除某人的个人信息：姓名、地址、属性、所在组与令牌；其历史中链外的部分（哈希链仍可证明未被篡改）；以及发给此人的邮件内容。此人不能再登录。申请内容与编号保留。仅限管理员。",
    ),
    (
        "list_erasures",
        "某人的信息何时、由谁、因何被删除。仅限管理员。",
    ),
    (
        "make_password_link",
        "生成供某人设置密码的链接。仅可使用一次，到期失效；不会发送邮件。仅限管理员。",
    ),
    (
        "check_receipt",
        "核对回执：对应什么，以及是否与当初写下的一致。",
    ),
    ("list_tokens", "全部令牌，不含可用于登录的内容。"),
    ("make_token", "生成令牌。仅在本次回答中显示一次。"),
    ("remove_token", "收回令牌：立即失效。"),
    ("list_webhooks", "全部订阅。"),
    (
        "make_webhook",
        "订阅：此后的每条记录都会推送，按 Standard Webhooks 签名。密钥仅在本次回答中显示一次。",
    ),
    ("read_webhook", "某个订阅。"),
    (
        "put_webhook",
        "修改、停用或重新启用订阅：启用后会重试已放弃的推送。推送进度保持不变。",
    ),
    ("remove_webhook", "取消订阅。已交付但未送达的推送不再保留。"),
    (
        "replay_webhook",
        "从某个游标之后重新推送全部内容。调用编号是新的；接收方以申请和序号识别记录。",
    ),
    (
        "rotate_webhook",
        "更换密钥。旧密钥在一段时间内同时签名，便于接收方切换；新密钥仅在本次回答中显示一次。",
    ),
    ("test_webhook", "推送一次不含内容的调用，以确认能否送达。"),
    ("list_workflows", "已发布的流程，各取最新版本，按编号排序。"),
    (
        "check_workflow",
        "检查流程文件，如同它位于流程文件夹中。不会发布。",
    ),
    (
        "reload_workflows",
        "发布流程文件夹中的新内容：要么全部发布，要么一项不发布并返回检查结果。",
    ),
    (
        "read_workflow",
        "流程的要求及其申请可能所处的状态，取最新版本。",
    ),
    (
        "list_fitting_cases",
        "新建此流程的申请时，调用者可在 `links` 中填写的申请。",
    ),
    ("draw_workflow", "流程图，使用调用者的语言。"),
    (
        "list_entries",
        "此流程的字段可从该列表中选择的条目，以当前内容为准。表单 JSON Schema 中的 `x-list` 给出列表名称。",
    ),
    (
        "read_form",
        "表单完整取值的 JSON Schema（2020-12），标题使用调用者的语言。",
    ),
    (
        "migrate_cases",
        "将某一版本的申请逐页迁移到新版本，最早的在前。每项结果独立：拒绝一项不影响其余；结论为 `needs_input` 或 `impossible` 的申请留在原处。重复调用会继续处理剩余的申请。",
    ),
    ("download_template", "供填写某项材料的模板文件。"),
    ("list_versions", "流程已发布的版本，最早的在前。"),
    (
        "compare_versions",
        "流程两个已发布版本之间的变化，按新文件的顺序；已删除的排在最后。",
    ),
];

/// What this operation does.
pub fn summary(operation: &str) -> Option<&'static str> {
    let mut known = OPERATIONS.iter();
    let (_, text) = known.find(|(id, _)| *id == operation)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_told_in_chinese_and_nothing_else_is() {
        let document = serde_json::to_value(crate::router::openapi()).expect("it is JSON");
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths
            .values()
            .flat_map(|path| path.as_object().expect("methods").values());
        let mut ids: Vec<&str> = operations
            .filter_map(|one| one["operationId"].as_str())
            .collect();
        for id in &ids {
            assert!(summary(id).is_some(), "{id} has no Chinese text");
        }
        ids.sort_unstable();
        let known = OPERATIONS.iter().map(|(id, _)| *id);
        let gone: Vec<&str> = known.filter(|id| ids.binary_search(id).is_err()).collect();
        assert!(gone.is_empty(), "{gone:?}");
    }
}

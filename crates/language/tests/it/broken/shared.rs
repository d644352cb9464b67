//! Faults in shared files, lists and calendars.

use super::{SHARED, WORKFLOW, assert_one, files};

#[test]
fn shared_files_and_lists() {
    for (code, file, text, marked) in [
        (
            "E101",
            "shared.yaml",
            SHARED,
            SHARED.replacen("timezone:", "▶timezones:", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("Asia/Shanghai", "▶Asia/Nowhere", 1),
        ),
        (
            "E220",
            "shared.yaml",
            SHARED,
            SHARED.replacen("lists/holidays.yaml", "▶lists/holiday.yaml", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("certified: boolean", "certified: ▶yesno", 1),
        ),
        (
            "E107",
            "shared.yaml",
            SHARED,
            SHARED.replacen("week: mon-fri", "week: ▶mon-fun", 1),
        ),
        (
            "E227",
            "lists/services.yaml",
            "",
            "- { id: ecs, name: { en: S, zh: 服务器 }, key: ▶maybe }\n".to_owned(),
        ),
        (
            "E107",
            "lists/holidays.yaml",
            "",
            "- 2027-01-01\n- ▶2027-13-01 # 元旦\n".to_owned(),
        ),
    ] {
        assert_ne!(text, marked, "the mark is set");
        let mut files = files(WORKFLOW);
        files.add(file, marked.replace('▶', ""));
        assert_one(code, file, &marked, &files);
    }
}

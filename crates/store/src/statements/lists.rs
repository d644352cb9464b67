//! Statements of case lists: for an operator over all cases, for a person over what each of their
//! subjects may see. A page of each subject is taken in the order of its index, and the pages are merged,
//! so that the length of a list does not matter.
//!
//! Values: 1 subjects, 2 to 3 the cursor, 4 `limit`, 5 workflow, 6 state, 7 partner, 8 lifecycle, 9 words,
//! 10 overdue, 11 now, 12 opener, 13 the partner that the viewer is walled into, 14 the viewer's own subject, 15 the version
//! of cases that have not ended, 16 the longest of the words (where [`ALL_BY_WORDS`] and [`SEEN_BY_WORDS`] look).

use super::Sql;

macro_rules! row {
    () => {
        "SELECT c.id, c.number, c.workflow, c.version, c.title, c.state, c.partner, c.starter, c.opened_at, c.round,
                c.due_at, c.lifecycle, c.ending, h.etag "
    };
}
pub(super) use row;

macro_rules! filters {
    () => {
        "(?5 IS NULL OR c.workflow = ?5)
         AND (?6 IS NULL OR c.state = ?6 OR substr(c.state, 1, length(?6) + 1) = ?6 || '.')
         AND (?7 IS NULL OR c.partner = ?7)
         AND (?8 IS NULL OR c.lifecycle = ?8)
         AND (?9 IS NULL OR NOT EXISTS (SELECT 1 FROM {each ?9} w WHERE
                  instr((SELECT s.words FROM searches s WHERE s.position = c.position), w.value) = 0))
         AND (?10 IS NULL OR (c.due_at <= ?11) = ?10)
         AND (?12 IS NULL OR c.starter = ?12)
         AND (?15 IS NULL OR (c.version = ?15 AND c.lifecycle <> 'ended')) "
    };
}

/// People of a partner see that partner's cases only, but for those that they were named for themselves.
macro_rules! wall {
    () => {
        "(?13 IS NULL OR c.partner = ?13 OR a.subject = ?14)"
    };
}

macro_rules! all_by_id {
    ($than:literal, $order:literal) => {
        concat!(
            row!(),
            "FROM cases c CROSS JOIN heads h ON h.position = c.position
             WHERE c.id ",
            $than,
            " ?3 AND ",
            filters!(),
            "ORDER BY c.id ",
            $order,
            " LIMIT ?4"
        )
    };
}

/// The first cases that one subject `s` may see.
macro_rules! seen_by_one {
    ($than:literal, $order:literal) => {
        concat!(
            "SELECT a.case_id FROM access a CROSS JOIN cases c ON c.id = a.case_id
             WHERE a.subject = s.value AND a.case_id ",
            $than,
            " ?3 AND ",
            wall!(),
            " AND ",
            filters!(),
            "ORDER BY a.case_id ",
            $order,
            " LIMIT ?4"
        )
    };
}

macro_rules! merged {
    ($order:literal) => {
        concat!(
            ") n
             CROSS JOIN cases c ON c.id = n.id CROSS JOIN heads h ON h.position = c.position
             ORDER BY c.id ",
            $order,
            " LIMIT ?4"
        )
    };
}

macro_rules! seen_by_id {
    ($than:literal, $order:literal) => {
        Sql::each(
            concat!(
                row!(),
                "FROM (
                     SELECT DISTINCT unhex(v.value) AS id FROM json_each(?1) s, json_each((
                         SELECT json_group_array(hex(case_id)) FROM (",
                seen_by_one!($than, $order),
                "))) v",
                merged!($order)
            ),
            concat!(
                row!(),
                "FROM (
                     SELECT DISTINCT v.case_id AS id FROM {each ?1} s CROSS JOIN LATERAL (",
                seen_by_one!($than, $order),
                ") v ON true",
                merged!($order)
            ),
        )
    };
}

/// Whether the viewer may see the case.
macro_rules! seen {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM access a WHERE a.subject IN (SELECT s.value FROM {each ?1} s)
                     AND a.case_id = c.id AND ",
            wall!(),
            ")"
        )
    };
}

/// Those of the newest 4,000 after the cursor that are looked for.
macro_rules! newest_few {
    ($which:expr) => {
        concat!(
            row!(),
            "FROM (SELECT o.position FROM cases o WHERE o.id < ?3 ORDER BY o.id DESC LIMIT 4000) n
             CROSS JOIN cases c ON c.position = n.position CROSS JOIN heads h ON h.position = c.position
             WHERE ",
            $which,
            " AND ",
            filters!(),
            "ORDER BY c.id DESC LIMIT ?4"
        )
    };
}

/// All that have the longest word, found by reading the words of all cases from one end to the other: a million in a
/// few tenths of a second, where looking at each case in its order takes seconds.
macro_rules! by_words {
    ($which:expr) => {
        concat!(
            row!(),
            "FROM (SELECT c.position FROM searches s CROSS JOIN cases c ON c.position = s.position
                   WHERE instr(s.words, ?16) > 0 AND c.id < ?3 AND ",
            $which,
            " AND ",
            filters!(),
            "ORDER BY c.id DESC LIMIT ?4) n
             CROSS JOIN cases c ON c.position = n.position CROSS JOIN heads h ON h.position = c.position
             ORDER BY c.id DESC LIMIT ?4"
        )
    };
}

/// All cases with these words, if a page of them is among the newest.
pub const ALL_NEWEST_FEW: Sql = Sql::new(newest_few!("true"));
/// All cases with these words, the newest first.
pub const ALL_BY_WORDS: Sql = Sql::new(by_words!("true"));
/// What a person may see with these words, if a page of it is among the newest.
pub const SEEN_NEWEST_FEW: Sql = Sql::new(newest_few!(seen!()));
/// What a person may see with these words, the newest first.
pub const SEEN_BY_WORDS: Sql = Sql::new(by_words!(seen!()));
/// Subjects, `limit` → how many cases they may see, up to the limit.
pub const SEEN_COUNT: Sql = Sql::new(
    "SELECT count(*) FROM (SELECT 1 FROM {each ?1} s CROSS JOIN access a ON a.subject = s.value LIMIT ?2) n",
);

/// All cases, the newest first.
pub const ALL_NEWEST: Sql = Sql::new(all_by_id!("<", "DESC"));
/// All cases, the oldest first.
pub const ALL_OLDEST: Sql = Sql::new(all_by_id!(">", "ASC"));
/// All cases by due time.
pub const ALL_DUE: Sql = Sql::new(concat!(
    row!(),
    "FROM cases c INDEXED BY cases_due CROSS JOIN heads h ON h.position = c.position
     WHERE (c.due_at, c.id) > (?2, ?3) AND ",
    filters!(),
    "ORDER BY c.due_at, c.id LIMIT ?4"
));

/// Cursor (a moment and a case), `limit` → cases that have a timer, and when the next is due.
pub const TIMERS: Sql = Sql::new(concat!(
    row!(),
    ", t.due_at
     FROM timers t CROSS JOIN cases c ON c.id = t.case_id CROSS JOIN heads h ON h.position = c.position
     WHERE (t.due_at, t.case_id) > (?1, ?2) ORDER BY t.due_at, t.case_id LIMIT ?3"
));

/// What a person may see, the newest first.
pub const SEEN_NEWEST: Sql = seen_by_id!("<", "DESC");
/// What a person may see, the oldest first.
pub const SEEN_OLDEST: Sql = seen_by_id!(">", "ASC");
/// What a person may see of the first 2,000 cases by due time after the cursor: enough for a page where
/// they see a good part of all cases, which is where [`SEEN_DUE`] takes long.
pub const SEEN_DUE_SOON: Sql = Sql::new(concat!(
    row!(),
    "FROM (SELECT o.position FROM cases o INDEXED BY cases_due
           WHERE (o.due_at, o.id) > (?2, ?3) ORDER BY o.due_at, o.id LIMIT 2000) n
     CROSS JOIN cases c ON c.position = n.position CROSS JOIN heads h ON h.position = c.position
     WHERE EXISTS (SELECT 1 FROM access a WHERE a.subject IN (SELECT s.value FROM {each ?1} s)
                   AND a.case_id = c.id AND ",
    wall!(),
    ") AND ",
    filters!(),
    "ORDER BY c.due_at, c.id LIMIT ?4"
));

/// What a person may see, by due time.
pub const SEEN_DUE: Sql = Sql::new(concat!(
    row!(),
    "FROM (SELECT DISTINCT c.position FROM {each ?1} s
                   CROSS JOIN access a ON a.subject = s.value
                   CROSS JOIN cases c ON c.id = a.case_id
                   WHERE (c.due_at, c.id) > (?2, ?3) AND ",
    wall!(),
    " AND ",
    filters!(),
    ") n
     CROSS JOIN cases c ON c.position = n.position CROSS JOIN heads h ON h.position = c.position
     ORDER BY c.due_at, c.id LIMIT ?4"
));

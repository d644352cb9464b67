//! What every store must do, as checks that take a store and panic where it does not. Each store runs the same list:
//! `conformance!(fresh)`, where `fresh` makes an empty one, or none where what it needs is missing.
#![expect(clippy::unwrap_used, reason = "a check may fail by panicking")]

pub mod batches;
pub mod cases;
pub mod directory;
pub mod erasing;
pub mod events;
pub mod found;
pub mod inbox;
pub mod limits;
pub mod lists;
pub mod outbox;
pub mod samples;
pub mod standing;
pub mod together;

use std::sync::Arc;

use countersign_core::{case::Case, time::Time};
use countersign_engine::ports::{
    Deliveries, Reader, Store, StoreError, VirtualClock,
    store::{Batch, CaseAddress},
};

/// An empty store and the clock that it goes by.
pub struct Fresh {
    pub store: Arc<dyn Store>,
    pub outbox: Arc<dyn Deliveries>,
    pub clock: Arc<VirtualClock>,
    /// What must live as long as the store, such as its folder.
    pub _keep: Box<dyn std::any::Any + Send>,
}

impl Fresh {
    fn reader(&self) -> Arc<dyn Reader> {
        self.store.reader()
    }

    /// The `n`-th sample case as it is now.
    async fn load(&self, n: u64) -> Case {
        let found = self.reader().case(&CaseAddress::Id(samples::id(n))).await;
        found.unwrap().unwrap()
    }

    /// Writes a batch that must succeed. Says whether it woke cases.
    async fn put(&self, batch: Batch) -> bool {
        self.write(batch).await.unwrap()
    }

    /// Writes a batch and commits it. Says whether it woke cases.
    async fn write(&self, batch: Batch) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        match transaction.write(&batch).await {
            Ok(woken) => transaction.commit().await.map(|()| woken),
            Err(error) => {
                transaction.rollback().await?;
                Err(error)
            }
        }
    }
}

/// A moment of the day on which all samples happen.
fn at(clock: &str) -> Time {
    format!("2026-11-23T{clock}Z").parse().unwrap()
}

/// Declares a test for each check.
macro_rules! conformance {
    ($fresh:path) => {
        $crate::conformance::conformance! { $fresh:
            batches: a_dropped_batch_leaves_nothing, a_failed_write_leaves_nothing_of_its_batch,
                an_answer_is_kept_under_its_key_once, numbers_come_in_order_and_never_twice, numbers_wait_for_nobodys_commit, old_answers_and_codes_go;
            cases: a_case_reads_as_it_was_written, a_stale_case_is_not_overwritten, a_number_is_one_case_only,
                history_is_a_chain_read_in_pieces, a_receipt_leads_to_its_entry, earlier_contents_are_read, due_timers_come_in_order, who_watches_is_woken, who_watches_people_is_woken, links_lead_to_their_case, files_are_wanted;
            directory: people_groups_and_partners, tokens_name_their_holder, a_session_ends_with_its_time_its_owner_or_a_new_password, an_account_of_a_provider_is_one_persons, a_code_of_an_app_counts_once, facts_count_up_with_each_change,
                lists_are_read_in_their_last_version, workflows_are_kept_as_published, codes_live_until_used_or_expired,
                what_is_not_there_is_loaded_as_not_there;
            erasing: what_is_personal_is_erased;
            events: what_is_written_is_followed_in_order, what_waited_follows_what_it_waited_for;
            found: cases_are_found_by_what_they_hold;
            inbox: a_turn_is_theirs_who_may_act, it_is_narrowed_by_workflow_and_due_time, a_substitute_has_the_turns_of_who_is_away, the_most_urgent_come_first, a_case_that_waits_twice_comes_once,
                pages_stay_while_rows_are_added, waiting_and_done_are_for_those_who_acted, what_was_hidden_since_is_neither_waiting_nor_done,
                partners_do_not_meet_in_groups,
                cases_that_wait_for_a_group;
            limits: windows_begin_after_their_start, places_are_held_until_released,
                what_places_are_held_for_is_told, load_counts_open_ballots;
            lists: ten_thousand_cases_page_by_page, filters_narrow, a_row_tells_what_a_list_shows, partners_never_see_each_other,
                who_a_case_was_hidden_from_finds_it_in_no_list, words_are_found_in_chinese,
                orders_are_kept;
            standing: cases_are_counted_where_they_stand, what_fires_next_comes_first;
            outbox: a_claim_is_exclusive_until_its_lease_ends, a_late_outcome_changes_nothing, a_full_receiver_holds_up_nobody,
                secrets_go_with_their_sending, a_failed_attempt_waits_for_the_next, the_dead_are_incidents_until_retried, a_cases_incident_is_open_until_its_cause_is_gone, deliveries_are_listed_newest_first, the_pulse_tells_how_things_stand;
            together: mails_of_a_day_go_together_once, a_reminder_that_is_not_wanted_never_goes,
                a_subscription_moves_on_with_what_it_is_told,
                a_move_of_cases_is_begun_by_one_and_noted_for_all;
        }
    };
    ($fresh:path: $($module:ident: $($check:ident),+;)+) => {
        $($(
            #[tokio::test]
            async fn $check() {
                if let Some(fresh) = $fresh().await {
                    $crate::conformance::$module::$check(fresh).await;
                }
            }
        )+)+
    };
}
pub(crate) use conformance;

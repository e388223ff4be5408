//! The store's promises, kept by SQLite; and what is only true of a file.

use std::pin::pin;

use contract::{DubId, Phase};
use futures_util::poll;

use super::SqliteStore;
use crate::{
    clock::Moment,
    store::{
        KeepStore as _, Owner, Store as _, StoreError,
        conformance::{
            self, batches, cancels, conforms, deletion, evidence, keeping, links, queue, staging, turns, uploads,
        },
    },
};

async fn open() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open(&folder.path().join("redub.db")).await.unwrap(), folder)
}

conforms! { open, queue:
    an_accepted_dub_is_there_for_its_owner_only
    a_key_used_again_gives_the_same_dub_or_a_mismatch
    dubs_are_listed_newest_first_page_by_page
    no_more_than_the_limit_run_at_once
    no_more_creates_than_the_limit_within_any_minute
    what_was_not_sent_keeps_its_place_and_waits
    an_earlier_success_does_not_open_a_gate_that_was_closed_since
    why_the_gate_is_shut_is_remembered_until_a_create_is_answered
    what_others_in_flight_are_told_does_not_hide_why_the_gate_is_shut
    a_lost_prediction_keeps_its_slot_for_a_while
    what_was_turned_away_lets_others_try_first
    an_unknown_create_keeps_its_slot_and_is_never_sent_again_by_itself
    only_an_unconfirmed_dub_is_sent_again_and_only_for_its_owner
    a_crash_makes_what_was_in_flight_unconfirmed
    a_dub_goes_from_processing_over_saving_to_succeeded
    a_prediction_belongs_to_one_dub
}

conforms! { open, uploads:
    an_upload_is_there_for_its_owner_only_and_stored_once_it_is_whole
    a_removed_upload_is_nobodys_until_it_is_forgotten
    a_visitor_has_no_more_files_and_bytes_than_the_quota
    what_is_over_goes_and_what_a_dub_needs_stays
    what_has_become_whole_meanwhile_is_not_over
    an_unconfirmed_dub_needs_its_uploads_for_a_week
    bytes_that_were_about_to_be_stored_are_known_to_whoever_removes_them
    a_dub_is_not_taken_with_an_upload_that_is_gone_unfinished_or_anothers
}

conforms! { open, staging:
    a_dub_with_files_is_sent_once_they_are_staged
    what_is_not_staged_keeps_nobody_waiting
    no_more_is_staged_than_there_are_slots_and_a_few
    nothing_is_staged_while_the_gate_is_closed
    where_no_files_are_taken_from_us_one_dub_at_a_time_finds_out
    only_what_is_missing_is_staged_again
    a_dub_whose_files_cannot_be_staged_fails
    what_was_being_staged_at_a_crash_is_staged_again
}

conforms! { open, links:
    links_are_kept_while_no_create_was_looked_at_and_renewed_after_one_that_was
    links_that_have_grown_old_are_made_anew
    a_dub_is_not_sent_while_one_of_its_files_is_missing
    staged_files_are_removed_once_the_dub_is_final_and_not_before
    a_file_that_is_still_on_its_way_is_not_removed
    a_token_opens_its_upload_until_the_dub_is_final
}

conforms! { open, batches:
    a_batch_is_there_whole_or_not_at_all
    a_key_used_again_gives_the_same_batch_or_a_mismatch
    a_batch_shares_its_video_until_the_last_dub_is_final
    what_a_batch_is_made_from_is_kept_until_the_last_dub_is_final
    a_dub_of_a_batch_has_another_link_for_every_create
    what_is_no_batch_shares_nothing
}

conforms! { open, turns:
    one_with_a_hundred_dubs_does_not_starve_one_with_a_single_dub
    visitors_take_turns_and_within_a_round_the_first_comes_first
    a_stream_of_newcomers_keeps_nobody_waiting_for_ever
    the_place_that_is_told_is_the_place_that_is_kept
    the_last_turn_is_not_forgotten_when_the_queue_was_empty
    all_that_the_limits_allow_is_claimed_at_once_in_turn
}

conforms! { open, keeping:
    a_result_is_kept_until_the_moment_that_its_owner_was_told
    what_was_deleted_or_has_no_result_never_expires
    a_result_whose_file_is_missing_is_told_until_it_turns_up
    a_lost_result_is_removed_in_time_and_with_its_dub
    only_files_that_belong_nowhere_are_unknown
    a_store_keeps_its_name
}

conforms! { open, cancels:
    what_is_not_sent_is_cancelled_at_once_and_only_by_its_owner
    a_staged_dub_that_is_cancelled_leaves_no_file_behind
    what_is_being_sent_is_cancelled_once_its_fate_is_known
    a_running_dub_is_cancelled_when_the_provider_says_so
    a_result_that_is_there_before_the_cancel_is_kept
    a_lost_prediction_whose_owner_wants_it_cancelled_is
    a_crash_cancels_what_was_being_sent_and_is_not_wanted
}

conforms! { open, evidence:
    what_is_found_for_an_unconfirmed_dub_is_what_it_stands_on
    what_is_found_before_the_answer_is_taken_once
    what_is_found_for_a_dub_that_is_queued_again_saves_the_second_create
    the_second_prediction_of_a_dub_is_a_duplicate_spend
    what_is_found_for_a_dub_that_is_over_is_booked_and_cancelled
    a_lost_prediction_that_turns_up_is_looked_at_again
    what_is_found_for_a_deleted_dub_is_booked_and_cancelled
}

conforms! { open, deletion:
    a_deleted_dub_is_gone_for_its_owner_and_its_result_is_removed
    a_dub_that_waits_is_deleted_with_its_files_and_its_key
    a_dub_that_is_deleted_while_it_runs_is_cancelled_and_never_saved
    a_create_that_was_not_sent_for_a_deleted_dub_never_is
    a_result_that_arrives_for_a_deleted_dub_is_removed
    what_a_failed_save_may_have_left_is_removed
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let (store, folder) = open().await;
    queue::an_accepted_dub_is_there_for_its_owner_only(&store).await;
    store.writer.pool.close().await;
    store.readers.close().await;
    let again = SqliteStore::open(&folder.path().join("redub.db")).await.unwrap();
    let found = again.dub(&Owner("anna".into()), &DubId("a".into())).await.unwrap();
    assert_eq!(found.unwrap().dub.phase, Phase::Queued);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("redub.db");
    std::fs::write(&path, "this is not a database at all, but long enough to be looked at as one").unwrap();
    assert!(SqliteStore::open(&path).await.is_err());
}

#[tokio::test]
async fn results_of_earlier_servers_are_promised_once_and_then_kept_so_long() {
    let (store, _folder) = open().await;
    keeping::a_result_is_kept_until_the_moment_that_its_owner_was_told(&store).await;
    let earlier =
        "INSERT INTO dubs (id, owner, input, resolution, phase, created_at, updated_at, queued_at, estimate_s,
                                     due_at, result)
                   VALUES ('old', 'anna', '{}', '480p', 'succeeded', 0, 0, 0, 1, 0, '{\"file_name\":\"dub.mp4\"}')";
    sqlx::query(earlier).execute(&store.writer.pool).await.unwrap();
    for until in [Moment(100), Moment(200)] {
        store.promise_results(until).await.unwrap();
        assert_eq!(store.next_expiry(Moment(1)).await.unwrap(), Some(Moment(100)));
    }
}

#[tokio::test]
async fn a_commit_that_failed_keeps_nothing_else_from_being_written() {
    let (store, _folder) = open().await;
    let mut tx = store.write().await.unwrap();
    // SQLite does so by itself when it cannot write or sync what is committed.
    sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
    drop(tx);
    store.insert_dub(conformance::dub("a", "anna"), conformance::T0).await.unwrap();
}

#[tokio::test]
async fn who_fills_a_slot_waits_for_one_change_alone() {
    let (store, _folder) = open().await;
    let first = store.write().await.unwrap();
    let (mut second, mut claim) = (pin!(store.write()), pin!(store.writer.begin_next()));
    assert!(poll!(second.as_mut()).is_pending());
    assert!(poll!(claim.as_mut()).is_pending());
    first.commit().await.unwrap();
    let claim = claim.await.unwrap();
    assert!(poll!(second.as_mut()).is_pending());
    claim.commit().await.unwrap();
    second.await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn nobody_waits_for_a_turn_for_ever() {
    let (store, _folder) = open().await;
    let stuck = store.write().await.unwrap();
    tokio::time::pause();
    let waited = store.write().await.err();
    assert!(matches!(waited, Some(StoreError::Database(sqlx::Error::PoolTimedOut))), "{waited:?}");
    tokio::time::resume();
    drop(stuck);
    store.write().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn what_was_written_is_brought_into_the_file_beside_the_writing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("redub.db");
    let store = SqliteStore::open_unsynced(&file).await.unwrap();
    let length = || std::fs::metadata(&file).unwrap().len();
    let before = length();
    // Far less than what has a commit do it.
    for number in 0..200 {
        let dub = conformance::dub(&number.to_string(), "anna");
        store.insert_dub(dub, conformance::T0).await.unwrap();
    }
    let brought = async {
        while length() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(2), brought).await.unwrap();
}

use super::*;

const MB: u64 = 1_000_000;

fn sending(bytes: u64) -> Upload {
    let mut upload = Upload::new(bytes);
    upload.step(Event::Begun, 0);
    upload.step(Event::At(0), 0);
    upload
}

#[test]
fn an_upload_is_begun_sent_and_finished() {
    let mut upload = sending(700_000);
    assert_eq!((upload.phase.clone(), upload.piece_end()), (Phase::Sending, 524_288));
    upload.step(Event::At(524_288), 100);
    assert_eq!(upload.piece_end(), 700_000);
    upload.step(Event::At(700_000), 200);
    assert_eq!((upload.phase.clone(), upload.percent()), (Phase::Finished, 100));
}

#[test]
fn a_cut_is_waited_for_and_then_the_server_is_asked_how_much_it_has() {
    let mut upload = sending(10 * MB);
    let mut pauses = Vec::new();
    for _ in 0..6 {
        upload.step(Event::Broke, 0);
        assert_eq!(upload.phase, Phase::Cut);
        pauses.push(upload.pause_ms());
        upload.step(Event::Begun, 0);
    }
    assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    upload.step(Event::At(3 * MB), 0);
    assert_eq!((upload.phase.clone(), upload.offset), (Phase::Sending, 3 * MB));
    upload.step(Event::Broke, 0);
    assert_eq!(upload.pause_ms(), 1_000);
}

#[test]
fn a_piece_that_breaks_each_time_is_tried_ever_more_seldom() {
    let mut upload = sending(10 * MB);
    let mut pauses = Vec::new();
    for _ in 0..5 {
        upload.step(Event::Broke, 0);
        pauses.push(upload.pause_ms());
        upload.step(Event::Begun, 0);
        upload.step(Event::At(0), 0);
    }
    assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, 15_000]);
    upload.step(Event::At(1), 0);
    upload.step(Event::Broke, 0);
    assert_eq!(upload.pause_ms(), 1_000);
}

#[test]
fn a_piece_that_was_cut_is_smaller_at_the_next_try_and_all_may_take_their_time() {
    let mut upload = sending(1_000 * MB);
    let mut now_ms = 0;
    while upload.piece_end() - upload.offset < 8 << 20 {
        now_ms += 100;
        upload.step(Event::At(upload.piece_end()), now_ms);
    }
    assert_eq!(upload.patience_ms(), 35_000 + (8 << 20) / 64);
    let mut pieces = Vec::new();
    for _ in 0..7 {
        upload.step(Event::Broke, now_ms);
        upload.step(Event::Begun, now_ms);
        upload.step(Event::At(upload.offset), now_ms);
        pieces.push((upload.piece_end() - upload.offset) >> 10);
    }
    assert_eq!(pieces, [4_096, 2_048, 1_024, 512, 256, 128, 128]);
    assert!(upload.patience_ms() > 35_000);
}

#[test]
fn one_that_the_server_lost_is_begun_anew_but_not_for_ever() {
    let mut upload = sending(MB);
    for _ in 0..3 {
        upload.step(Event::Gone, 0);
        assert_eq!((upload.phase.clone(), upload.offset), (Phase::Asking, 0));
        upload.step(Event::At(0), 0);
    }
    upload.step(Event::Gone, 0);
    assert!(matches!(upload.phase, Phase::Refused(_)));
}

#[test]
fn rate_and_time_left_are_of_the_last_seconds() {
    let mut upload = sending(100 * MB);
    assert_eq!((upload.rate(), upload.left_s()), (None, None));
    upload.step(Event::At(50 * MB), 60_000);
    upload.step(Event::At(52 * MB), 61_000);
    assert_eq!((upload.rate(), upload.left_s()), (Some(2 * MB), Some(24)));
    upload.step(Event::Broke, 62_000);
    assert_eq!(upload.rate(), None);
}

#[test]
fn pieces_grow_on_a_fast_line_and_shrink_on_a_slow_one() {
    let mut upload = sending(1_000 * MB);
    let mut now_ms = 0;
    for _ in 0..10 {
        now_ms += 100;
        upload.step(Event::At(upload.piece_end()), now_ms);
    }
    assert_eq!(upload.piece_end() - upload.offset, 8 << 20);
    for _ in 0..10 {
        now_ms += 3_000;
        upload.step(Event::At(upload.piece_end()), now_ms);
    }
    assert_eq!(upload.piece_end() - upload.offset, 128 << 10);
}

#[test]
fn answers_that_another_try_may_better_are_cuts_and_the_others_are_told() {
    let refusal = |code| event_of(Problem::new(code, "").status, None, Some(Problem::new(code, "why")));
    for code in [Code::QuotaExceeded, Code::StorageFull] {
        assert_eq!(refusal(code), Event::Refused("why".into()), "{code:?}");
    }
    for code in [Code::TooLarge, Code::UnsupportedMedia, Code::InvalidInput] {
        assert_eq!(refusal(code), Event::Unusable("why".into()), "{code:?}");
    }
    for code in [Code::RateLimited, Code::NotReady, Code::Internal, Code::Conflict] {
        assert_eq!(refusal(code), Event::Broke, "{code:?}");
    }
    assert_eq!(refusal(Code::NotFound), Event::Gone);
    assert_eq!(event_of(204, Some(7), None), Event::At(7));
    assert_eq!(event_of(502, None, None), Event::Broke);
    assert!(matches!(event_of(415, None, None), Event::Unusable(_)));
}

#[test]
fn metadata_is_base64_of_utf_8() {
    assert_eq!(metadata("video", "a.mp4"), "kind dmlkZW8=,filename YS5tcDQ=");
    assert_eq!(metadata("audio", "ñ.wav"), "kind YXVkaW8=,filename w7Eud2F2");
    assert_eq!(base64(b"ab"), "YWI=");
}

#[test]
fn until_the_first_piece_has_arrived_it_says_that_it_starts() {
    let mut upload = Upload::new(8_400_000);
    assert_eq!(upload.words(), "Waits for its turn");
    for event in [Event::Begun, Event::At(0)] {
        upload.step(event, 0);
        assert_eq!(upload.words(), "Starting · 8.4 MB");
    }
    upload.step(Event::At(512 << 10), 9_000);
    assert!(upload.words().contains(" kB of 8.4 MB"), "{}", upload.words());
    upload.step(Event::At(3_100_000), 19_000);
    assert!(upload.words().starts_with("3.1 of 8.4 MB"), "{}", upload.words());
}

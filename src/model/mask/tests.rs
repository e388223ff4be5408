use super::*;

fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn drawn(mask: &Mask) -> Vec<String> {
    let row = |row: &[u8]| row.iter().map(|pixel| if *pixel == 255 { '#' } else { '.' }).collect();
    mask.pixels().chunks_exact(mask.width).map(row).collect()
}

fn dab(mask: &mut Mask, tool: Tool, x: f32, y: f32, radius: f32) {
    mask.begin_step();
    mask.stroke(tool, at(x, y), at(x, y), radius);
}

#[test]
fn a_dab_is_round_and_a_stroke_is_a_line_with_round_ends() {
    let mut mask = Mask::new(7, 5);
    dab(&mut mask, Tool::Brush, 2.5, 2.5, 1.5);
    assert_eq!(drawn(&mask), [".......", ".###...", ".###...", ".###...", "......."]);
    let area = mask.stroke(Tool::Brush, at(2.5, 2.5), at(5.5, 2.5), 0.6);
    assert_eq!(drawn(&mask), [".......", ".###...", ".#####.", ".###...", "......."]);
    assert_eq!(area, Some(Area { x: 1, y: 1, width: 6, height: 3 }));
}

#[test]
fn the_eraser_takes_away_and_nothing_is_ever_grey() {
    let mut mask = Mask::new(40, 30);
    for step in 0_u8..20 {
        let tool = if step % 3 == 0 { Tool::Eraser } else { Tool::Brush };
        dab(&mut mask, tool, f32::from(step) * 2.3, f32::from(step) * 1.7, 4.2);
    }
    assert!(mask.pixels().contains(&255) && mask.pixels().iter().all(|pixel| [0, 255].contains(pixel)));
    mask.stroke(Tool::Eraser, at(0.0, 15.0), at(40.0, 15.0), 60.0);
    assert!(mask.is_empty());
}

#[test]
fn a_stroke_may_leave_the_frame_and_one_beside_it_changes_nothing() {
    let mut mask = Mask::new(4, 4);
    mask.stroke(Tool::Brush, at(-3.0, 0.5), at(9.0, 0.5), 0.5);
    assert_eq!(drawn(&mask), ["####", "....", "....", "...."]);
    assert_eq!(mask.stroke(Tool::Brush, at(-9.0, -9.0), at(-5.0, -5.0), 2.0), None);
    assert_eq!(mask.stroke(Tool::Brush, at(9.0, 1.0), at(9.0, 2.0), 2.0), None);
}

#[test]
fn steps_are_undone_and_redone_until_a_new_one_is_made() {
    let mut mask = Mask::new(9, 3);
    let mut seen = vec![drawn(&mask)];
    for x in [1.5, 4.5, 7.5] {
        dab(&mut mask, Tool::Brush, x, 1.5, 1.0);
        seen.push(drawn(&mask));
    }
    mask.begin_step();
    mask.clear();
    seen.push(drawn(&mask));
    for state in seen.iter().rev().skip(1) {
        mask.undo();
        assert_eq!(&drawn(&mask), state);
    }
    assert_eq!(mask.steps(), (false, true));
    mask.undo();
    for state in &seen[1..] {
        mask.redo();
        assert_eq!(&drawn(&mask), state);
    }
    assert_eq!(mask.steps(), (true, false));
    mask.undo();
    dab(&mut mask, Tool::Eraser, 4.5, 1.5, 1.0);
    assert_eq!(mask.steps(), (true, false));
}

#[test]
fn steps_of_an_intricate_mask_are_given_up_before_they_fill_the_memory() {
    let side = 1_024;
    let mut mask = Mask::new(side, side);
    let chequered = (0..side * side).flat_map(|at| [if (at + at / side) % 2 == 0 { 0 } else { 255 }; 4]);
    mask.load(&chequered.collect::<Vec<u8>>());
    for _ in 0..20 {
        mask.begin_step();
    }
    let runs: usize = mask.done.iter().map(Vec::len).sum();
    assert!((1..=STEPS_RUNS).contains(&runs), "{runs} in {} steps", mask.done.len());
}

#[test]
fn empty_and_full_masks_are_of_no_use() {
    let mut mask = Mask::new(100, 100);
    assert_eq!(mask.check(), Err(Useless::Empty));
    mask.stroke(Tool::Brush, at(50.0, 50.0), at(50.0, 50.0), 1_000.0);
    assert_eq!(mask.check(), Err(Useless::Full));
    mask.stroke(Tool::Eraser, at(50.0, 50.0), at(50.0, 50.0), 5.0);
    assert_eq!(mask.check(), Err(Useless::Full), "a slip of the eraser");
    mask.stroke(Tool::Eraser, at(50.0, 50.0), at(50.0, 50.0), 10.0);
    assert_eq!(mask.check(), Ok(()));
}

#[test]
fn a_picture_is_taken_as_black_and_white() {
    let mut mask = Mask::new(5, 1);
    let pixels = [[255; 4], [127, 127, 127, 255], [128, 128, 128, 255], [255, 255, 255, 0], [0, 0, 0, 255]];
    mask.load(pixels.as_flattened());
    assert_eq!(drawn(&mask), ["#.#.."]);
}

#[test]
fn what_is_shown_is_ink_where_the_speaker_is() {
    let mut mask = Mask::new(3, 2);
    mask.stroke(Tool::Brush, at(1.5, 1.5), at(1.5, 1.5), 0.5);
    let shown = mask.shown(Area { x: 1, y: 0, width: 2, height: 2 }, [9, 8, 7]);
    assert_eq!(shown, [[9, 8, 7, 0], [9, 8, 7, 0], [9, 8, 7, 255], [9, 8, 7, 0]].concat());
}

#[test]
fn a_mask_of_another_size_must_have_the_frames_ratio() {
    for (size, fits) in [
        ((1_920, 1_080), true),
        ((640, 360), true),
        ((641, 360), true),
        ((854, 480), true),
        ((1_080, 1_920), false),
        ((640, 480), false),
        ((1_280, 800), false),
    ] {
        assert_eq!(is_same_ratio(size, (1_920, 1_080)), fits, "{size:?}");
    }
    let why = misfit((300, 300), (640, 360)).unwrap();
    assert_eq!(why, "This picture is 300 × 300 and the video 640 × 360. A mask must have the same shape.");
    assert_eq!(misfit((320, 180), (640, 360)), None);
}

#[test]
fn a_mask_is_painted_only_where_the_server_takes_one_of_the_frames_size() {
    const MOST: u64 = 16_000_000;
    for (frame, is_painted) in [
        ((640, 360), true),
        ((3_840, 2_160), true),
        ((4_000, 4_000), true),
        ((4_001, 4_000), false),
        ((6_144, 3_456), false),
        ((7_680, 4_320), false),
        ((u32::MAX, u32::MAX), false),
    ] {
        assert_eq!((is_within(frame, MOST), oversize(frame, MOST).is_none()), (is_painted, is_painted), "{frame:?}");
    }
    assert_eq!(
        oversize((7_680, 4_320), MOST).unwrap(),
        "The video is 7680 × 4320, and a mask of that size is too large for this server. Choose a smaller one of the same \
         shape, or paste a link to one."
    );
}

//! What the look finds in files as they are made everywhere, and that no file at all upsets it.

use std::{io::Write as _, process::Command};

use proptest::prelude::*;

use super::*;

const MASK_PIXELS: u64 = 16_000_000;
const PICTURE: &str = "-f lavfi -i testsrc=s=64x48:d=1:r=25";
const SOUND: &str = "-f lavfi -i sine=d=1";

/// A file that ffmpeg makes of `arguments`, in which `P` and `S` stand for a picture and a sound.
fn made(arguments: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made");
    let arguments = arguments.replace("P ", &format!("{PICTURE} ")).replace("S ", &format!("{SOUND} "));
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error"]).args(arguments.split_whitespace()).arg(&file);
    let output = ffmpeg.output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(file).unwrap()
}

fn found_in(bytes: &[u8]) -> Result<Found, LookError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    look_into(file.path(), None, MASK_PIXELS)
}

const LIVE: &str = "-f webm -live 1";
const FRAGMENTED: &str = "-f mp4 -movflags frag_keyframe+empty_moov";

/// A bit of everything that is taken: how it is made, and what it is.
fn samples() -> [(String, &'static str); 23] {
    let sample = |arguments: &str, extension| (arguments.to_owned(), extension);
    [
        sample("P S -c:v libx264 -c:a aac -f mp4", "mp4"),
        sample("P S -c:v libx264 -c:a aac -f mp4 -movflags faststart", "mp4"),
        sample(&format!("P S -c:v libx264 -c:a aac {FRAGMENTED}"), "mp4"),
        sample("P S -c:v libx264 -c:a aac -f mov", "mov"),
        sample("S -c:a aac -f ipod", "m4a"),
        sample(&format!("S -c:a aac {FRAGMENTED}"), "m4a"),
        sample("P S -c:v libx264 -c:a aac -f matroska", "mkv"),
        sample("P S -c:v libvpx -c:a libopus -f webm", "webm"),
        sample(&format!("P S -c:v libvpx -c:a libopus {LIVE}"), "webm"),
        sample(&format!("S -c:a libopus {LIVE}"), "webm"),
        sample("S -c:a libopus -f webm", "webm"),
        sample("S -c:a flac -f matroska", "mka"),
        sample("P S -c:v mpeg4 -c:a mp2 -f avi", "avi"),
        sample("P S -c:v mpeg2video -c:a mp2 -f mpeg", "mpeg"),
        sample("P -c:v mpeg2video -f mpeg2video", "mpeg"),
        sample("S -c:a libmp3lame -f mp3", "mp3"),
        sample("S -c:a aac -f adts", "aac"),
        sample("S -c:a pcm_s16le -f wav", "wav"),
        sample("S -c:a flac -f flac -metadata title=Title", "flac"),
        sample("S -c:a libvorbis -f ogg", "ogg"),
        sample("S -c:a libopus -f ogg", "ogg"),
        sample("P -frames:v 1 -c:v png -pix_fmt pal8 -f image2", "png"),
        sample("P -frames:v 1 -c:v png -flags +ildct -f image2", "png"),
    ]
}

#[test]
fn what_is_taken_is_found_to_be_what_it_is() {
    for (arguments, extension) in samples() {
        let found = found_in(&made(&arguments));
        let is_video = matches!(extension, "mp4" | "mov" | "mkv" | "avi" | "mpeg") || arguments.contains("libvpx");
        let kind = match extension {
            "png" => UploadKind::Image,
            _ if is_video => UploadKind::Video,
            _ => UploadKind::Audio,
        };
        let found = found.unwrap_or_else(|error| panic!("{arguments}: {error:?}"));
        assert_eq!((found.kind, found.extension), (kind, extension), "{arguments}");
        let must_tell = matches!(extension, "mp3" | "wav" | "flac") || arguments.ends_with("-f ipod");
        // What is recorded as it goes need not say how long it is.
        match found.duration_ms {
            None => assert!(!must_tell, "{arguments}"),
            Some(length) => assert!((500..2_000).contains(&length), "{arguments}: {length} ms"),
        }
    }
}

#[test]
fn a_mask_of_two_colours_and_a_voice_behind_a_cover_are_taken() {
    let mut mask = Vec::new();
    let mut info = png::Info::with_size(8, 8);
    (info.color_type, info.bit_depth) = (png::ColorType::Indexed, png::BitDepth::One);
    info.palette = Some([0, 0, 0, 255, 255, 255].to_vec().into());
    let mut writer = png::Encoder::with_info(&mut mask, info).unwrap().write_header().unwrap();
    writer.write_image_data(&[0, 255, 0, 255, 0, 255, 0, 255]).unwrap();
    writer.finish().unwrap();
    assert_eq!(found_in(&mask).unwrap().extension, "png");

    let voice = made("S -c:a libmp3lame -f mp3 -id3v2_version 0");
    // 3 MiB, seven bits a byte.
    let cover = [b"ID3\x04\0\0\x01\x40\0\0".to_vec(), vec![7; 3 << 20], voice].concat();
    assert_eq!(found_in(&cover).unwrap().extension, "mp3");
}

#[test]
fn what_has_no_picture_is_no_avi_or_mpeg_and_neither_are_their_first_bytes() {
    for arguments in ["S -c:a mp2 -f avi", "S -c:a mp2 -f mpeg"] {
        let bytes = made(arguments);
        let refused = found_in(&bytes);
        assert!(
            matches!(&refused, Err(LookError::Refused(Refusal::Unusable(why))) if why.contains("no picture")),
            "{refused:?}"
        );
    }
    for start in [&b"RIFF\xff\xff\0\0AVI "[..], b"\0\0\x01\xba"] {
        let bytes = [start, &[b' '; 4_000]].concat();
        assert!(matches!(found_in(&bytes), Err(LookError::Refused(_))));
    }
    let avi = made("P -c:v mpeg4 -f avi");
    assert!(found_in(&avi[..avi.len() / 2]).is_err(), "half an AVI");
}

#[tokio::test]
async fn a_look_that_panics_refuses_the_file() {
    let looked = tokio::task::spawn_blocking(|| panic!("on purpose")).await;
    assert!(matches!(outcome(looked, Path::new("a")), Err(LookError::Refused(Refusal::Unusable(_)))));
}

/// Files in which bytes are changed, or which are cut.
#[test]
fn no_file_makes_a_look_panic_or_fail() {
    let samples = samples().map(|(arguments, _)| made(&arguments));
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..12);
    let case = (any::<proptest::sample::Index>(), changes, any::<proptest::sample::Index>(), any::<(bool, bool)>());
    let config = ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&case, |(sample, changes, end, (is_near_start, is_cut))| {
        let mut bytes = sample.get(&samples).clone();
        for (place, value) in changes {
            let most = if is_near_start { bytes.len().min(1_000) } else { bytes.len() };
            bytes[place.index(most)] = value;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let found = found_in(&bytes);
        prop_assert!(!matches!(found, Err(LookError::Disk(_))), "{found:?}");
        Ok(())
    });
    outcome.unwrap();
}

/// symphonia multiplies these two without a look at what comes out.
#[test]
fn a_wav_of_more_channels_than_there_are_is_refused() {
    let mut wav = made("S -c:a pcm_s16le -f wav");
    let format = wav.windows(4).position(|name| name == b"fmt ").unwrap();
    wav[format + 10..format + 12].copy_from_slice(&u16::MAX.to_le_bytes());
    assert!(matches!(found_in(&wav), Err(LookError::Refused(_))));
}

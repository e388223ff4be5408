//! What is over is gone: the files of results and uploads whose time is over, and what the API tells of them. Nothing is left of
//! either without the other.

use std::{fs, io, net::SocketAddr, path::Path, time::Instant};

use contract::{Code, Dub, Phase};
use tokio::time::sleep;

use crate::{
    round::{LOOK_EVERY, PATIENCE},
    visitor::Visitor,
};

/// Where in its data folder a server keeps files, and where they are on their way.
const FOLDERS: [&str; 5] = ["media", "uploads", "staged", "arriving-uploads", "tmp"];

/// What is left of all that a server had, which keeps nothing, in words; once nothing is, or when patience ends.
///
/// # Errors
/// When the server does not answer, or its folders cannot be read.
pub async fn left(visitor: &Visitor, server: SocketAddr, data: &Path) -> anyhow::Result<Vec<String>> {
    let started = Instant::now();
    loop {
        let mut left = promised(&visitor.dubs(server).await?);
        for folder in FOLDERS {
            files(&data.join(folder), &mut left)?;
        }
        if left.is_empty() || started.elapsed() > PATIENCE {
            return Ok(left);
        }
        sleep(LOOK_EVERY).await;
    }
}

/// Of the dubs that were made, those whose owner is not told that the video is gone.
fn promised(dubs: &[Dub]) -> Vec<String> {
    let is_told = |dub: &Dub| {
        let code = dub.problem.as_ref().map(|problem| problem.code);
        dub.output.is_none() && code == Some(Code::ResultGone)
    };
    let made = dubs.iter().filter(|dub| dub.phase == Phase::Succeeded);
    made.filter(|dub| !is_told(dub)).map(|dub| format!("{} is over, and its owner is not told", dub.id)).collect()
}

/// Adds every file below `folder`, which need not be there.
fn files(folder: &Path, left: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, left)?;
        } else {
            left.push(format!("{} is there, and nobody has it any more", path.display()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_found_however_deep_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let mut left = Vec::new();
        files(&folder.path().join("missing"), &mut left).unwrap();
        fs::create_dir_all(folder.path().join("media/dub")).unwrap();
        files(folder.path(), &mut left).unwrap();
        assert!(left.is_empty(), "{left:?}");
        fs::write(folder.path().join("media/dub/dub.mp4"), b"a video").unwrap();
        files(folder.path(), &mut left).unwrap();
        assert!(left[0].contains("dub.mp4"), "{left:?}");
    }

    #[test]
    fn a_video_that_is_still_promised_is_told() {
        let dub = |problem: serde_json::Value| -> Dub {
            serde_json::from_value(serde_json::json!({
                "id": "d", "phase": "succeeded", "created_at": "", "updated_at": "", "problem": problem,
                "input": { "video": { "url": "v" }, "audio": { "url": "a" }, "resolution": "480p", "seed": 7 },
            }))
            .unwrap()
        };
        let gone = serde_json::to_value(contract::Problem::new(Code::ResultGone, "Over.")).unwrap();
        assert!(promised(&[dub(gone)]).is_empty());
        assert_eq!(promised(&[dub(serde_json::Value::Null)]).len(), 1);
    }
}

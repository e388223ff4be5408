//! What one file's way comes down to: what the server is asked and told, and where the file's upload is remembered.

use super::{Row, change, take_kept};
use crate::api;
use crate::browser::{blob, files, storage};
use crate::model::names;
use crate::model::source::REFUSED;
use crate::model::upload::{Event, Phase};

/// Does what comes next; `None` at the end.
pub(super) async fn act(row: &mut Row) -> Option<Event> {
    match row.upload.phase {
        Phase::Asking => Some(match refusal(row) {
            Some(why) => Event::Unusable(why),
            None => ask(row).await,
        }),
        Phase::Sending => Some(send(row).await),
        Phase::Cut => {
            let _ = row.nap.sleep(Some(row.upload.pause_ms())).await;
            forget_moved(row).await;
            Some(Event::Begun)
        }
        _ => None,
    }
}

/// Sends the next piece.
async fn send(row: &Row) -> Event {
    let (upload, key) = (&row.upload, row.named.file.key());
    let blob = match files::held(&key) {
        // What another tab was still keeping when this one asked is there by now.
        None => take_kept(row).await,
        blob => blob,
    };
    let (Some(blob), Some(id)) = (blob, id_of(row)) else { return Event::Unkept };
    let piece = files::piece(&blob, upload.offset, upload.piece_end());
    api::send_piece(&id, upload.offset, piece, upload.patience_ms()).await
}

/// Lets a file go that was moved or changed on the disk since it was chosen: no byte of it can be read any more, and a
/// request with one breaks as one does without a network.
async fn forget_moved(row: &Row) {
    let (key, offset) = (row.named.file.key(), row.upload.offset);
    if let Some(blob) = files::held(&key)
        && offset < row.upload.bytes
        && blob::read(&blob, offset, 1).await.is_empty()
    {
        files::let_go(&key);
    }
}

/// Asks how much has arrived, or for a new upload where there is none.
async fn ask(row: &mut Row) -> Event {
    let Some(id) = id_of(row) else {
        return match api::begin_upload(&row.named.file, row.named.kind).await {
            Ok(id) => {
                learn(row, &id);
                Event::At(0)
            }
            Err(event) => event,
        };
    };
    let event = api::ask_upload(&id).await;
    match event {
        // It was sent long ago, and what was made of it needs it no more.
        Event::Gone if !row.named.is_needed => return Event::At(row.upload.bytes),
        Event::Gone if row.named.file.modified_ms == 0 => return Event::Unkept,
        Event::Gone => learn(row, ""),
        _ => learn(row, &id),
    }
    event
}

/// What the id of a row's upload is kept under for every tab; its lock has the same name.
pub(super) fn place(row: &Row) -> String {
    [storage::UPLOAD, &row.named.file.key()].concat()
}

fn id_of(row: &Row) -> Option<String> {
    let is_one = |id: &String| !id.is_empty() && !id.starts_with(REFUSED);
    let here = Some(row.named.file.upload.clone()).filter(is_one);
    here.or_else(|| storage::read(&place(row)).filter(is_one))
}

/// Why the server takes no such file, if it has said so before.
fn refusal(row: &Row) -> Option<String> {
    match storage::read(&place(row)).as_deref() {
        Some(kept) => kept.strip_prefix(REFUSED).map(str::to_owned),
        None => (row.named.file.upload == REFUSED).then(|| "The server does not take this file.".to_owned()),
    }
}

/// Notes for this draft, every tab and after a reload that the server takes no such file, so that it is not sent again.
pub(super) fn give_up(row: &Row, why: &str) {
    if row.named.file.modified_ms != 0 {
        storage::write(&place(row), &[REFUSED, why].concat());
        change(row.serial, |row| REFUSED.clone_into(&mut row.named.file.upload));
    }
}

/// Notes the id of a file's upload for this draft and for every tab.
fn learn(row: &mut Row, id: &str) {
    if row.named.file.modified_ms != 0 {
        if id.is_empty() {
            storage::erase(&place(row));
        } else {
            storage::write(&place(row), id);
        }
        id.clone_into(&mut row.named.file.upload);
        change(row.serial, |row| id.clone_into(&mut row.named.file.upload));
    }
    if !id.is_empty() && !row.named.file.name.is_empty() {
        let known = storage::read(storage::UPLOAD_NAMES).unwrap_or_default();
        if names::find(&known, id) != row.named.file.name {
            storage::write(storage::UPLOAD_NAMES, &names::with(&known, id, &row.named.file.name));
        }
    }
}

/// Ends an upload that the draft has no use for any more. One that has arrived stays until it expires: a dub may need it,
/// and the same file may be chosen again.
pub(super) async fn end(row: Row) {
    if row.upload.phase != Phase::Finished && row.named.file.modified_ms != 0 {
        let id = id_of(&row);
        storage::erase(&place(&row));
        if let Some(id) = id {
            api::end_upload(&id).await;
        }
    }
}

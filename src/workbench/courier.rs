//! Brings the draft's files to the server. Which files there are, the page says; a new one is kept by the browser and sent,
//! one that is no longer named is ended. At most three are sent at once, and each by one tab alone.

use std::cell::{Cell, RefCell};

use contract::{UploadKind, UploadLimits};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::api;
use crate::browser::clock::now_ms;
use crate::browser::files::{self, AtHand};
use crate::browser::nap::{Nap, pause};
use crate::browser::workbench::Source;
use crate::browser::workbench::seam::{self, Named, Progress};
use crate::browser::{listen, lock, storage};
use crate::model::intake::{self, Chosen};
use crate::model::upload::{Event, Phase, Upload};

/// How many are sent at once.
const AT_ONCE: usize = 3;
/// How often another tab's upload is looked at.
const LOOK_MS: i32 = 1_500;

/// One file on its way.
#[derive(Debug, Clone)]
struct Row {
    named: Named,
    upload: Upload,
    /// Where the page can show it; empty while the browser does not have it.
    address: String,
    /// No two rows have the same, not even of the same file.
    serial: u32,
    /// Whether the browser has been asked for what it kept.
    is_ready: bool,
    nap: Nap,
}

thread_local! {
    static ROWS: RefCell<Vec<Row>> = const { RefCell::new(Vec::new()) };
    static REPORT: RefCell<JsValue> = const { RefCell::new(JsValue::NULL) };
    static LAST_SERIAL: Cell<u32> = const { Cell::new(0) };
}

/// Sorts files that were chosen or dropped, and has their bytes at hand from now on.
pub(super) fn sort(list: &JsValue, wanted: Option<UploadKind>, limits: UploadLimits, room: usize) -> JsValue {
    let files = files::at_hand(list);
    let as_chosen =
        |one: &AtHand| Chosen { name: one.file.name.clone(), mime: one.mime.clone(), bytes: one.file.bytes };
    let chosen: Vec<Chosen> = files.iter().map(as_chosen).collect();
    let sorted = intake::sort(&chosen, wanted, limits, room);
    let videos = sorted.video.map(|nth| (nth, UploadKind::Video));
    let masks = sorted.mask.map(|nth| (nth, UploadKind::Image));
    let voices = sorted.voices.into_iter().map(|nth| (nth, UploadKind::Audio));
    let taken = videos.into_iter().chain(masks).chain(voices).map(|(nth, kind)| {
        let file = &files[nth].file;
        files::hold(&file.key(), &files[nth].blob);
        Named { file: file.clone(), kind, is_needed: true }
    });
    seam::write_sorted(taken, &sorted.refused.join("\n"))
}

/// The file behind an address that was made for it here; anything else as it is.
pub(super) fn at_hand(source: Source) -> Source {
    let Source::Link(address) = &source else { return source };
    let key = ROWS.with_borrow(|rows| Some(rows.iter().find(|row| row.address == *address)?.named.file.key()));
    key.and_then(|key| files::held(&key)).map_or(source, Source::File)
}

/// Has a row for each of these files, and no other; what happens to them is told to `report`.
pub(super) fn follow(all: Vec<Named>, report: JsValue) {
    if REPORT.replace(report).is_null() {
        listen::on_network(|| ROWS.with_borrow(|rows| rows.iter().for_each(|row| row.nap.wake())));
        listen::on_leave(|| ROWS.with_borrow(|rows| rows.iter().any(|row| !row.upload.is_over())));
    }
    let keys: Vec<String> = all.iter().map(|named| named.file.key()).collect();
    let mut new = Vec::new();
    let gone: Vec<Row> = ROWS.with_borrow_mut(|rows| {
        for named in all {
            let key = named.file.key();
            if let Some(row) = rows.iter_mut().find(|row| row.named.file.key() == key) {
                row.named.is_needed = named.is_needed;
                continue;
            }
            let serial = LAST_SERIAL.get() + 1;
            LAST_SERIAL.set(serial);
            new.push(serial);
            let address = files::held(&key).map(|blob| files::address(&blob)).unwrap_or_default();
            let upload = Upload::new(named.file.bytes);
            rows.push(Row { named, upload, address, serial, is_ready: false, nap: Nap::new() });
        }
        rows.extract_if(.., |row| !keys.contains(&row.named.file.key())).collect()
    });
    files::hold_only(&keys);
    if !new.is_empty() || !gone.is_empty() {
        spawn_local(async move {
            let _ = files::KEPT.keep_only(&keys).await;
            for serial in new {
                make_ready(serial).await;
            }
        });
    }
    for row in gone {
        files::forget(&row.address);
        row.nap.wake();
        if !row.upload.is_running() {
            spawn_local(end(row));
        }
    }
}

/// Tries one again that was refused or had lost its file.
pub(super) fn retry(key: &str) {
    let serial = ROWS.with_borrow(|rows| {
        rows.iter().find(|row| row.named.file.key() == key && row.upload.is_over()).map(|row| row.serial)
    });
    if let Some(serial) = serial {
        let address = files::held(key).map(|blob| files::address(&blob));
        change(serial, |row| {
            row.upload = Upload::new(row.named.file.bytes);
            if let Some(address) = address {
                files::forget(&row.address);
                row.address = address;
            }
        });
        pump();
    }
}

/// Has the browser keep a file, or gets it from there.
async fn make_ready(serial: u32) {
    let Some(row) = row(serial) else { return };
    let key = row.named.file.key();
    let mut address = row.address;
    match files::held(&key) {
        // Sending does not wait for it.
        Some(blob) => spawn_local(async move {
            let _ = files::KEPT.keep(&key, &blob).await;
        }),
        None => {
            if let Some(blob) = files::KEPT.kept(&key).await {
                address = files::address(&blob);
                files::hold(&key, &blob);
            }
        }
    }
    change(serial, |row| (row.is_ready, row.address) = (true, address));
    pump();
}

/// Starts as many as may be sent at once.
fn pump() {
    let started: Vec<u32> = ROWS.with_borrow(|rows| {
        let is_sent = |row: &&Row| row.upload.is_running() && row.upload.phase != Phase::Elsewhere;
        let running = rows.iter().filter(is_sent).count();
        let waiting = rows.iter().filter(|row| row.is_ready && row.upload.phase == Phase::Waiting);
        waiting.take(AT_ONCE.saturating_sub(running)).map(|row| row.serial).collect()
    });
    for serial in started {
        step(serial, Event::Begun);
        spawn_local(run(serial));
    }
}

/// Brings one to its end.
async fn run(serial: u32) {
    let Some(mut last) = row(serial) else { return };
    let name = place(&last);
    let lock = loop {
        if let Some(lock) = lock::take(&name).await {
            break lock;
        }
        step(serial, Event::Taken);
        // The other tab has told where it sends it.
        if let Some(id) = storage::read(&name)
            && let Event::At(offset) = api::ask_upload(&id).await
        {
            change(serial, |row| row.upload.offset = offset);
        }
        let _ = pause(LOOK_MS).await;
        if row(serial).is_none() {
            return;
        }
    };
    step(serial, Event::Begun);
    while let Some(row) = row(serial) {
        last = row;
        let Some(event) = act(&last).await else { break };
        step(serial, event);
    }
    if row(serial).is_none() {
        end(last).await;
    }
    drop(lock);
    pump();
}

/// Does what comes next; `None` at the end.
async fn act(row: &Row) -> Option<Event> {
    let upload = &row.upload;
    match upload.phase {
        Phase::Asking => Some(ask(row).await),
        Phase::Sending => match (files::held(&row.named.file.key()), id_of(row)) {
            (Some(blob), Some(id)) => {
                let piece = files::piece(&blob, upload.offset, upload.piece_end());
                Some(api::send_piece(&id, upload.offset, piece).await)
            }
            _ => Some(Event::Unkept),
        },
        Phase::Cut => {
            let _ = row.nap.sleep(Some(upload.pause_ms())).await;
            Some(Event::Begun)
        }
        _ => None,
    }
}

/// Asks how much has arrived, or for a new upload where there is none.
async fn ask(row: &Row) -> Event {
    let file = &row.named.file;
    let Some(id) = id_of(row) else {
        return match api::begin_upload(file, row.named.kind).await {
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
        Event::Gone if file.modified_ms == 0 => return Event::Unkept,
        Event::Gone => learn(row, ""),
        _ => learn(row, &id),
    }
    event
}

/// What the id of a row's upload is kept under for every tab; its lock has the same name.
fn place(row: &Row) -> String {
    [storage::UPLOAD, &row.named.file.key()].concat()
}

fn id_of(row: &Row) -> Option<String> {
    let here = Some(row.named.file.upload.clone()).filter(|id| !id.is_empty());
    here.or_else(|| storage::read(&place(row)))
}

/// Notes the id of a file's upload for this draft and for every tab.
fn learn(row: &Row, id: &str) {
    if row.named.file.modified_ms != 0 {
        if id.is_empty() {
            storage::erase(&place(row));
        } else {
            storage::write(&place(row), id);
        }
        change(row.serial, |row| id.clone_into(&mut row.named.file.upload));
    }
    if !id.is_empty() && !row.named.file.name.is_empty() {
        storage::write(&[storage::UPLOAD_NAME, id].concat(), &row.named.file.name);
    }
}

/// Ends an upload that the draft has no use for any more. One that has arrived stays until it expires: a dub may need it,
/// and the same file may be chosen again.
async fn end(row: Row) {
    if row.upload.phase != Phase::Finished
        && let Some(id) = storage::read(&place(&row))
    {
        storage::erase(&place(&row));
        api::end_upload(&id).await;
    }
}

fn row(serial: u32) -> Option<Row> {
    ROWS.with_borrow(|rows| rows.iter().find(|row| row.serial == serial).cloned())
}

fn step(serial: u32, event: Event) {
    change(serial, |row| row.upload.step(event, now_ms()));
}

/// Changes a row, and tells the page.
fn change(serial: u32, change: impl FnOnce(&mut Row)) {
    let changed = ROWS.with_borrow_mut(|rows| {
        let row = rows.iter_mut().find(|row| row.serial == serial)?;
        change(row);
        Some(row.clone())
    });
    if let Some(row) = changed {
        let file = &row.named.file;
        let address = match row.upload.phase {
            Phase::Finished if row.address.is_empty() => file.path(),
            _ => row.address.clone(),
        };
        let told = Progress {
            key: file.key(),
            face: row.upload.face(),
            percent: row.upload.percent().to_string(),
            words: row.upload.words(),
            address,
            upload: file.upload.clone(),
        };
        REPORT.with_borrow(|report| seam::report(report, told));
    }
}

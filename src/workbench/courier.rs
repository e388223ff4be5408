//! Brings the draft's files to the server. Which files there are, the page says; a new one is kept by the browser and sent,
//! one that is no longer named is ended. At most three are sent at once, and each by one tab alone.

mod talk;

use std::cell::{Cell, RefCell};

use contract::UploadKind;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::mask;
use crate::api;
use crate::browser::clock::now_ms;
use crate::browser::files;
use crate::browser::nap::{Nap, pause};
use crate::browser::workbench::Source;
use crate::browser::workbench::seam::{self, Named, Progress};
use crate::browser::{blob, listen, lock, storage};
use crate::model::mask::misfit;
use crate::model::upload::{Event, Phase, UNFIT, Upload};

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
    /// Of a mask, its width and height, once known.
    size: Option<(u32, u32)>,
    nap: Nap,
}

thread_local! {
    static ROWS: RefCell<Vec<Row>> = const { RefCell::new(Vec::new()) };
    static REPORT: RefCell<JsValue> = const { RefCell::new(JsValue::NULL) };
    /// The size of the draft's video; 0 while it is not known.
    static FRAME: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    static LAST_SERIAL: Cell<u32> = const { Cell::new(0) };
}

/// The file behind an address that was made for it here; anything else as it is.
pub(super) fn at_hand(source: Source) -> Source {
    let Source::Link(address) = &source else { return source };
    let key = ROWS.with_borrow(|rows| Some(rows.iter().find(|row| row.address == *address)?.named.file.key()));
    key.and_then(|key| files::held(&key)).map_or(source, Source::File)
}

/// Has a row for each of these files, and no other; what happens to them is told to `report`. A mask must fit a video of the
/// size `frame`.
pub(super) fn follow(all: Vec<Named>, frame: (u32, u32), report: JsValue) {
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
            rows.push(Row { named, upload, address, serial, is_ready: false, size: None, nap: Nap::new() });
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
    if FRAME.replace(frame) != frame {
        let masks = |row: &Row| row.size.is_some().then_some(row.serial);
        let masks: Vec<u32> = ROWS.with_borrow(|rows| rows.iter().filter_map(masks).collect());
        for serial in masks {
            change(serial, |_| ());
        }
    }
    for row in gone {
        files::forget(&row.address);
        row.nap.wake();
        if !row.upload.is_running() {
            spawn_local(talk::end(row));
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
    let (key, is_mask) = (row.named.file.key(), row.named.kind == UploadKind::Image);
    let blob = match files::held(&key) {
        // Sending does not wait for it.
        Some(blob) => {
            let kept = blob.clone();
            spawn_local(async move {
                let _ = files::KEPT.keep(&key, &kept).await;
            });
            Some(blob)
        }
        None => take_kept(&row).await,
    };
    let size = match blob {
        Some(blob) if is_mask => mask::file::size(&blob).await,
        // One of a dub that is edited is on the server alone.
        None if is_mask && !row.named.file.upload.is_empty() => match blob::fetch(&row.named.file.path()).await {
            Some(blob) => mask::file::size(&blob).await,
            None => None,
        },
        _ => None,
    };
    change(serial, |row| (row.is_ready, row.size) = (true, size));
    pump();
}

/// Has the bytes at hand that the browser has kept.
async fn take_kept(row: &Row) -> Option<files::Blob> {
    let key = row.named.file.key();
    let blob = files::KEPT.kept(&key).await?;
    files::hold(&key, &blob);
    change(row.serial, |row| {
        files::forget(&row.address);
        row.address = files::address(&blob);
    });
    Some(blob)
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
    let name = talk::place(&last);
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
        let Some(event) = talk::act(&mut last).await else { break };
        if let Event::Unusable(why) = &event {
            talk::give_up(&last, why);
        }
        step(serial, event);
    }
    if row(serial).is_none() {
        talk::end(last).await;
    }
    drop(lock);
    pump();
}

fn row(serial: u32) -> Option<Row> {
    ROWS.with_borrow(|rows| rows.iter().find(|row| row.serial == serial).cloned())
}

/// The face of a mask of this size that does not fit, however well it arrives.
fn doubt(size: (u32, u32)) -> Option<String> {
    let why = Some(FRAME.get()).filter(|frame| frame.0 > 0).and_then(|frame| misfit(size, frame))?;
    Some([UNFIT.into(), why].concat())
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
            face: row.size.and_then(doubt).unwrap_or_else(|| row.upload.face()),
            percent: row.upload.percent().to_string(),
            words: row.upload.words(),
            address,
            upload: file.upload.clone(),
        };
        REPORT.with_borrow(|report| seam::report(report, told));
    }
}

//! The paths of the HTTP API, and those of the page that a deep link may name.

/// What the page must know before it can offer anything.
pub const CONFIG: &str = "/api/config";
/// `POST` asks for a dub, `GET` lists the visitor's own.
pub const DUBS: &str = "/api/dubs";
/// All dubs of the visitor as they change, as server-sent events.
pub const EVENTS: &str = "/api/events";
/// The name of the events that tell a dub.
pub const DUB_EVENT: &str = "dub";
/// The name of the events that tell of a dub that was deleted.
pub const GONE_EVENT: &str = "gone";
/// The name of the events that only say that the stream is there: at once, with the server's time in milliseconds since
/// 1970, and while there is nothing else to tell.
pub const ALIVE_EVENT: &str = "alive";
/// `POST` asks for several dubs of one video.
pub const BATCHES: &str = "/api/batches";
/// Uploads by tus: `POST` begins one.
pub const UPLOADS: &str = "/api/uploads";
/// The header that makes a repeated `POST` harmless.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that names a request in an answer and in the log.
pub const REQUEST_ID: &str = "x-request-id";

/// The path of one dub.
pub fn dub(id: &str) -> String {
    format!("{DUBS}/{id}")
}

/// The path that cancels a dub.
pub fn cancel(id: &str) -> String {
    format!("{DUBS}/{id}/cancel")
}

/// The path of one dub's events: the dub as it changes.
pub fn dub_events(id: &str) -> String {
    format!("{DUBS}/{id}/events")
}

/// The path that sends an unconfirmed dub once more.
pub fn resubmit(id: &str) -> String {
    format!("{DUBS}/{id}/resubmit")
}

/// The path of one upload.
pub fn upload(id: &str) -> String {
    format!("{UPLOADS}/{id}")
}

/// The path of a stored media file: of a dub's result by the dub's id, of an upload by the upload's.
pub fn media(id: &str, name: &str) -> String {
    format!("/media/{id}/{name}")
}

/// Whether `path` is a page of ours, so that a deep link to it is answered with 200.
pub fn is_page(path: &str) -> bool {
    matches!(path, "/" | "/library")
        || path.strip_prefix("/dubs/").is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

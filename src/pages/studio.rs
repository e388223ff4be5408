//! Where dubs are made: on one side what goes in, on the other the stage.

use contract::DubId;
use leptos::prelude::*;

use crate::browser::narrow;
use crate::browser::workbench::seam::{Job, PREVIEW, write_previewed};
use crate::components::element::{El, bare, el, live, nothing};
use crate::components::tabs::{tab_id, tabs};
use crate::components::{
    button::button, dub_view::dub_view, screen::screen, settings_card::settings_card, submit_bar::submit_bar,
    title::title, video_card::video_card, voices_card::voices_card,
};
use crate::model::draft::Draft;
use crate::model::media::Probe;
use crate::state::{Session, Studio, Uploads, Watcher, always, given, naming::title as dub_title, studio::PICTURE};

/// The id of the column of the cards.
const COMPOSE: &str = "compose";
/// The id of the stage.
const STAGE: &str = "stage";

/// Keeps the stage where it is seen, for those who read or reach things one after another: before the cards on a small
/// screen, after them on a large one.
pub fn put_stage_in_order() {
    narrow::arrange(STAGE, COMPOSE);
}

/// The studio.
pub fn studio_page() -> El {
    let (studio, watcher) = (given::<Studio>(), given::<Watcher>());
    always(move || watcher.look_at(&studio.dubs()));
    always(put_stage_in_order);
    let chosen = Memo::new(move |_| studio.chosen());
    title(move || {
        let seen = chosen.get().and_then(|id| watcher.read(&DubId(id), dub_title));
        seen.unwrap_or_else(|| "Studio".to_owned())
    });
    let compose = el("div", "compose")
        .set("id", COMPOSE)
        .live(move || put_aside(studio))
        .child(video_card())
        .child(voices_card())
        .child(settings_card())
        .child(submit_bar());
    el("div", "studio").child(el("h1", "unseen").text("Studio")).child(compose).child(stage(studio, chosen))
}

/// Another draft has taken the place of one that was not sent; nothing of it is lost.
fn put_aside(studio: Studio) -> AnyView {
    if studio.put_aside.with(Option::is_none) {
        return nothing();
    }
    let actions = el("div", "actions")
        .child(button("btn", "Bring it back", move || studio.bring_back()))
        .child(button("btn quiet", "Discard it", move || studio.put_aside.set(None)));
    el("div", "notice").set("role", "status").child(bare("p").text("Your earlier draft is kept.")).child(actions).into()
}

fn stage(studio: Studio, chosen: Memo<Option<String>>) -> El {
    let panel = el("div", "panel")
        .set("id", "stage-panel")
        .follow("role", move || studio.selected().map(|_| "tabpanel"))
        .follow("aria-labelledby", move || studio.selected().map(tab_id))
        .live(move || match chosen.get() {
            Some(id) => untrack(|| dub_view(DubId(id), |old, new, studio, _| studio.try_instead(old, new))).into_any(),
            None => before(studio),
        });
    el("section", "stage").set("id", STAGE).set("aria-label", "Stage").child(tabs()).child(panel)
}

/// Before anything was sent: the picture with the chosen voice, the picture alone, or how to start.
fn before(studio: Studio) -> AnyView {
    let uploads = given::<Uploads>();
    let address = move |draft: &Draft| match studio.probe(PICTURE) {
        Probe::Closed | Probe::Open { size: None, .. } => String::new(),
        _ => uploads.address(&draft.video),
    };
    let picture = Memo::new(move |_| studio.draft.with(|draft| (!draft.video.is_none()).then(|| address(draft))));
    live(move || match picture.get() {
        None => welcome(studio).into(),
        Some(picture) if picture.is_empty() => blank().into(),
        Some(picture) => {
            let address = picture.clone();
            // The workbench puts the preview in the place of the picture, while there is a voice.
            always(move || studio.tell(Job::Preview, studio.draft.with(|draft| previewed(draft, uploads, &address))));
            on_cleanup(move || studio.tell(Job::Preview, String::new()));
            el("div", "panel")
                .set("id", PREVIEW)
                .child(screen(picture, "Original picture".to_owned()))
                .child(el("p", "hint").text("Your original picture. Lips move to the new voice only in the dub."))
                .into()
        }
    })
}

/// In place of a picture that is not there: its file has gone, or nothing in it can be shown here. Files that were kept take a
/// moment to come back, so the words do too.
fn blank() -> El {
    let words = bare("p").child(bare("b").text("No picture to show")).text("The video's card says why.");
    el("div", "screen welcome late").child(words)
}

/// What the workbench is told; nothing without a voice.
fn previewed(draft: &Draft, uploads: Uploads, picture: &str) -> String {
    draft
        .selected()
        .map_or_else(String::new, |voice| write_previewed(picture, &uploads.address(&voice.audio), &voice.name()))
}

fn welcome(studio: Studio) -> El {
    let session = given::<Session>();
    let words = bare("p")
        .child(bare("b").text("Same picture, another voice"))
        .text("Add a video and a new voice. The lips follow.");
    el("div", "screen welcome").child(words).live(move || match session.with(|config| config?.sample.clone()) {
        Some(sample) => button("btn", "Use the sample", move || studio.take_sample(&sample)).into(),
        None => nothing(),
    })
}

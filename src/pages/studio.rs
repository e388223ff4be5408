//! Where dubs are made: on one side what goes in, on the other the stage.

use contract::DubId;
use leptos::prelude::*;

use crate::components::{
    button::button, dub_view::DubView, screen::Screen, settings_card::SettingsCard, submit_bar::SubmitBar, tabs::Tabs,
    tabs::tab_id, title::title, video_card::VideoCard, voices_card::VoicesCard,
};
use crate::model::{draft::Track, progress};
use crate::state::{Session, Studio, Watcher, always, given};

/// The studio.
#[component]
pub fn StudioPage() -> impl IntoView {
    let (studio, watcher) = (given::<Studio>(), given::<Watcher>());
    always(move || watcher.look_at(&studio.dubs()));
    let chosen = Memo::new(move |_| studio.draft.with(|draft| Some(draft.selected().and_then(Track::dub)?.0.clone())));
    title(move || {
        let seen = chosen.get().and_then(|id| watcher.read(&DubId(id), progress::title));
        seen.unwrap_or_else(|| "Studio".to_owned())
    });
    view! {
        <div class="studio">
            <h1 class="unseen">"Studio"</h1>
            <div class="compose"><VideoCard/><VoicesCard/><SettingsCard/><SubmitBar/></div>
            <Stage chosen/>
        </div>
    }
}

#[component]
fn Stage(chosen: Memo<Option<String>>) -> impl IntoView {
    let studio = given::<Studio>();
    let has_tabs = Memo::new(move |_| !studio.dubs().is_empty());
    let again = Callback::new(move |id| {
        studio.draft.update(|draft| {
            let chosen = draft.selected().map(|track| track.id);
            if let Some(track) = chosen {
                draft.accept(track, id);
            }
        });
    });
    view! {
        <section class="stage" id="stage" aria-label="Stage">
            {move || has_tabs.get().then(|| view! { <Tabs/> }.into_any())}
            <div class="panel" id="stage-panel" role=move || has_tabs.get().then_some("tabpanel")
                aria-labelledby=move || labelled_by(studio, has_tabs.get())>
                {move || match chosen.get() {
                    Some(id) => view! { <DubView id=DubId(id) on_again=again/> }.into_any(),
                    None => view! { <Preview/> }.into_any(),
                }}
            </div>
        </section>
    }
}

fn labelled_by(studio: Studio, has_tabs: bool) -> Option<String> {
    let chosen = studio.draft.with(|draft| draft.selected().map(|track| track.id));
    chosen.filter(|_| has_tabs).map(tab_id)
}

/// Before anything was sent: the original picture, or how to start.
#[component]
fn Preview() -> impl IntoView {
    let studio = given::<Studio>();
    let video = Memo::new(move |_| studio.draft.with(|draft| draft.video.clone()));
    view! { {move || match video.get() {
        src if src.is_empty() => view! { <Welcome/> }.into_any(),
        src => view! {
            <Screen src name="Original picture".to_owned()/>
            <p class="hint">"Your original picture. Lips move to the new voice only in the dub."</p>
        }
        .into_any(),
    }} }
}

#[component]
fn Welcome() -> impl IntoView {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    view! {
        <div class="screen welcome">
            <p><b>"Same picture, another voice"</b>"Add a video and a new voice. The lips follow."</p>
            {move || offer(studio, session)}
        </div>
    }
}

fn offer(studio: Studio, session: Session) -> Option<AnyView> {
    let sample = session.with(|config| config?.sample.clone())?;
    Some(button("btn", "Use the sample", move || studio.take_sample(&sample)))
}

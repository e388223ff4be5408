//! Where dubs are made: on one side what goes in, on the other the stage.

use contract::DubId;
use leptos::prelude::*;

use crate::components::{
    dub_view::DubView, screen::Screen, settings_card::SettingsCard, submit_bar::SubmitBar, tabs::Tabs, tabs::tab_id,
    title::title, video_card::VideoCard, voices_card::VoicesCard,
};
use crate::model::{draft::Track, progress};
use crate::state::{Session, Studio, Watcher, given, watcher::Sight};

/// The studio.
#[component]
pub fn StudioPage() -> impl IntoView {
    let (studio, watcher) = (given::<Studio>(), given::<Watcher>());
    let dubs = Memo::new(move |_| studio.dubs());
    Effect::new(move || watcher.look_at(dubs.get()));
    let chosen = Memo::new(move |_| studio.draft.with(|draft| draft.selected().and_then(Track::dub).cloned()));
    title(move || match chosen.get().map(|id| watcher.sight(&id)) {
        Some(Sight::Here(dub)) => progress::title(&dub),
        _ => "Studio".to_owned(),
    });
    view! {
        <div class="studio">
            <h1 class="unseen">"Studio"</h1>
            <div class="compose"><VideoCard/><VoicesCard/><SettingsCard/><SubmitBar/></div>
            <Stage has_tabs=Signal::derive(move || !dubs.read().is_empty()) chosen/>
        </div>
    }
}

#[component]
fn Stage(has_tabs: Signal<bool>, chosen: Memo<Option<DubId>>) -> impl IntoView {
    let studio = given::<Studio>();
    let has_tabs = Memo::new(move |_| has_tabs.get());
    let again = Callback::new(move |id| {
        studio.draft.update(|draft| {
            let chosen = draft.selected().map(|track| track.id);
            if let Some(track) = chosen {
                draft.accept(track, id);
            }
        });
    });
    let labelled_by = move || {
        has_tabs.get().then(|| studio.draft.with(|draft| draft.selected().map(|track| tab_id(track.id)))).flatten()
    };
    let body = move || match chosen.get() {
        Some(id) => view! { <DubView id on_again=again/> }.into_any(),
        None => view! { <Preview/> }.into_any(),
    };
    view! {
        <section class="stage" id="stage" aria-label="Stage">
            {move || has_tabs.get().then(|| view! { <Tabs/> })}
            <div class="panel" id="stage-panel" role=move || has_tabs.get().then_some("tabpanel") aria-labelledby=labelled_by>{body}</div>
        </section>
    }
}

/// Before anything was sent: the original picture, or how to start.
#[component]
fn Preview() -> impl IntoView {
    let studio = given::<Studio>();
    let video = Memo::new(move |_| studio.draft.with(|draft| draft.video.clone()));
    move || match video.get() {
        src if src.is_empty() => view! { <Welcome/> }.into_any(),
        src => view! {
            <Screen src name="Original picture".to_owned()/>
            <p class="hint">"Your original picture. Lips move to the new voice only in the dub."</p>
        }
        .into_any(),
    }
}

#[component]
fn Welcome() -> impl IntoView {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let sample = Memo::new(move |_| session.with(|config| config.and_then(|config| config.sample.clone())));
    let offer = move || {
        sample.get().map(|sample| view! { <button class="btn" type="button" on:click=move |_| studio.take_sample(&sample)>"Use the sample"</button> })
    };
    view! {
        <div class="screen welcome">
            <p><b>"Same picture, another voice"</b>"Add a video and a new voice. The lips follow."</p>
            {offer}
        </div>
    }
}

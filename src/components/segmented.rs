//! A choice of two, side by side.

use leptos::prelude::*;

/// A row of the settings with a radio group.
#[component]
pub fn Segmented(
    /// The group's name, also shown.
    name: &'static str,
    /// The group's id.
    id: &'static str,
    /// The two answers.
    options: [&'static str; 2],
    /// Whether the second one is chosen.
    is_second: Memo<bool>,
    /// Takes whether the second one is wanted.
    on_choose: Callback<bool>,
) -> impl IntoView {
    let label = [id, "-name"].concat();
    let option = move |nth: usize| {
        let value = nth == 1;
        view! {
            <label>
                <input type="radio" name=id prop:checked=move || is_second.get() == value on:change=move |_| on_choose.run(value)/>
                <span>{options[nth]}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <span class="name" id=label.clone()>{name}</span>
        <div class="seg" role="radiogroup" id=id tabindex="-1" aria-labelledby=label>{option(0)}{option(1)}</div>
    }
}

//! Which words may stand in which files.

use super::SourceFile;

/// A word that belongs to some places alone.
struct Home {
    word: &'static str,
    /// Where the rule holds.
    within: &'static str,
    /// Where the word may stand all the same.
    homes: &'static [&'static str],
    reason: &'static str,
}

const HOMES: [Home; 6] = [
    Home { word: "web_sys", within: "src/", homes: BROWSER, reason: "the page's logic is tested without a browser" },
    Home { word: "js_sys", within: "src/", homes: BROWSER, reason: "the page's logic is tested without a browser" },
    Home { word: "gloo_net", within: "src/", homes: &["src/api.rs"], reason: "there is one HTTP client" },
    Home { word: "leptos", within: "src/model/", homes: &[], reason: "the model is plain Rust" },
    Home {
        word: "sqlx",
        within: "crates/server/src/",
        homes: &["crates/server/src/store/"],
        reason: "SQL stays in the store, so another store can take its place",
    },
    Home {
        word: "wire",
        within: "crates/server/src/",
        homes: &["crates/server/src/provider/"],
        reason: "the provider's types never leave its folder",
    },
];

/// The boundary to the browser.
const BROWSER: &[&str] = &["src/browser/"];

/// The page's layers: each may use those before it, never those after it.
const LAYERS: [&str; 7] = ["model", "browser", "api", "state", "components", "pages", "app"];

/// A program of its own beside the last two layers: it does not know them, and nothing knows it but what starts it.
const WORKBENCH: (&str, [&str; 2]) = ("workbench", ["pages", "app"]);

/// Every broken rule of this file, with its line.
pub(super) fn broken(file: &SourceFile) -> Vec<String> {
    let mut broken = Vec::new();
    let mut is_in_group = false;
    for (number, line) in (1..).zip(file.text.lines()) {
        let code = line.split("//").next().unwrap_or_default();
        let at = format!("{}:{number}", file.path);
        for home in &HOMES {
            let is_ruled =
                file.path.starts_with(home.within) && !home.homes.iter().any(|path| file.path.starts_with(path));
            if is_ruled && has_path(code, home.word) {
                broken.push(format!("{at}: `{}` does not belong here: {}.", home.word, home.reason));
            }
        }
        is_in_group |= code.contains("crate::{");
        let (workbench, its_strangers) = WORKBENCH;
        let strangers: &[&str] = match top_of(&file.path) {
            Some(top) if top == workbench => &its_strangers,
            Some("bin" | "lib") | None => &[],
            Some(_) => &[workbench],
        };
        if let Some(stranger) = strangers.iter().find(|stranger| has_path(code, &format!("crate::{stranger}"))) {
            broken
                .push(format!("{at}: `{stranger}` must not be used here: page and workbench meet in `browser` alone."));
        }
        if let Some(layer) = layer_of(&file.path) {
            let is_used = |above: &str| {
                has_path(code, &format!("crate::{above}")) || (is_in_group && code.contains(&format!("{above}::")))
            };
            if let Some(above) = LAYERS.iter().skip(layer + 1).find(|above| is_used(above)) {
                broken.push(format!("{at}: `{}` must not use `{above}`, which stands on it.", LAYERS[layer]));
            }
        }
        is_in_group &= !code.contains("};");
    }
    broken
}

/// The module of the page's map that a file belongs to.
fn top_of(path: &str) -> Option<&str> {
    path.strip_prefix("src/")?.split(['/', '.']).next()
}

fn layer_of(path: &str) -> Option<usize> {
    let name = top_of(path)?;
    LAYERS.iter().position(|layer| *layer == name)
}

/// Whether `word` stands in `code` as a path's part: `word::`, `::word`, `use word;`, not as a part of a longer name.
fn has_path(code: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        let is_whole = !before.ends_with(is_name) && !after.starts_with(is_name);
        is_whole
            && (after.starts_with("::")
                || before.ends_with("::")
                || word.contains("::")
                || before.trim_end().ends_with("use"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken_by(path: &str, text: &str) -> usize {
        broken(&SourceFile { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn a_word_away_from_home_is_found() {
        assert_eq!(broken_by("src/state/draft.rs", "let w = web_sys::window();"), 1);
        assert_eq!(broken_by("src/browser/time.rs", "let w = web_sys::window();"), 0);
        assert_eq!(broken_by("src/model/draft.rs", "use leptos::prelude::*;"), 1);
        assert_eq!(broken_by("crates/server/src/routes/dubs.rs", "sqlx::query(\"\")"), 1);
        assert_eq!(broken_by("crates/server/src/store/sqlite.rs", "sqlx::query(\"\")"), 0);
    }

    #[test]
    fn nothing_is_allowed_to_a_place_that_is_not_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for place in HOMES.iter().flat_map(|home| [home.within].into_iter().chain(home.homes.iter().copied())) {
            assert!(root.join(place).exists(), "{place}");
        }
    }

    #[test]
    fn a_comment_or_a_longer_name_is_not() {
        assert_eq!(broken_by("src/state/draft.rs", "// web_sys::window would do\nlet my_web_sys = 1;"), 0);
    }

    #[test]
    fn a_layer_knows_only_what_it_stands_on() {
        assert_eq!(broken_by("src/model/route.rs", "use crate::state::Session;"), 1);
        assert_eq!(broken_by("src/components/notice.rs", "use crate::{pages::studio};\nuse crate::pages::Studio;"), 2);
        assert_eq!(
            broken_by("src/state/clock.rs", "use crate::{\n    model::poll,\n    pages::studio,\n};\nlet pages = 1;"),
            1
        );
        assert_eq!(broken_by("src/model/draft.rs", "use crate::browser::link;"), 1);
        assert_eq!(broken_by("src/pages/studio.rs", "use crate::components::Notice;"), 0);
        assert_eq!(broken_by("src/app.rs", "use crate::pages::Studio;"), 0);
    }

    #[test]
    fn page_and_workbench_meet_in_the_browsers_folder_alone() {
        assert_eq!(broken_by("src/workbench/mask.rs", "use crate::pages::Studio;"), 1);
        assert_eq!(broken_by("src/components/voices_card.rs", "crate::workbench::start();"), 1);
        assert_eq!(broken_by("src/components/voices_card.rs", "use crate::browser::workbench;"), 0);
        assert_eq!(
            broken_by("src/workbench.rs", "use crate::components::element::el;\nuse crate::workbench::look;"),
            0
        );
        assert_eq!(broken_by("src/bin/workbench.rs", "fn main() { redub::workbench::start(); }"), 0);
    }
}

//! One element on all of the screen.

/// Puts the element of this id on all of the screen, or takes back what is there. Some browsers refuse; then nothing changes.
pub fn toggle(id: &str) {
    let document = super::document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(element) = document.get_element_by_id(id) {
        let _ = element.request_fullscreen();
    }
}

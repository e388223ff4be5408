//! Starts the workbench, the part of the page that is loaded on demand.

fn main() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    redub::workbench::start();
}

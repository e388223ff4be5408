//! Starts the page.

fn main() {
    // A panic's words would cost every visitor 2 kB.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    redub::start();
}

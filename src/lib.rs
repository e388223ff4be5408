//! Redub: the page.

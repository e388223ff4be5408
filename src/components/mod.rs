//! What the pages are made of: one component a file. They draw the state and call it; none decides anything.
//!
//! A component is a function that gives an element. It runs once; what changes is in its closures.

pub mod bar;
pub mod button;
pub mod connection_notice;
pub mod copy_link;
pub mod drop_zone;
pub mod dub_actions;
pub mod dub_endings;
pub mod dub_view;
pub mod element;
pub mod facts;
pub mod field_error;
pub mod frame;
pub mod icon;
pub mod link_box;
pub mod mask_file;
pub mod moving;
pub mod not_found;
pub mod page_link;
pub mod phase_pill;
pub mod result;
pub mod rows;
pub mod screen;
pub mod segmented;
pub mod settings_card;
pub mod steps;
pub mod submit_bar;
pub mod tabs;
pub mod text_field;
pub mod title;
pub mod track_row;
pub mod unfinished;
pub mod upload_line;
pub mod video_card;
pub mod video_clip;
pub mod voices_card;

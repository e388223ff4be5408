//! Elements, of one type for all.
//!
//! Leptos's `view!` makes a type of its own of every element, attribute and closure, and the wasm carries the code for
//! each: the same page in `view!` weighed 20 to 30 kB more (brotli, measured). So the page is put together with [`el`], a thin
//! layer over Leptos's builder that knows five kinds of children and six of attributes. Reactivity is Leptos's own: what is
//! given as a closure follows the signals it reads.

use std::sync::{Arc, Mutex};

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{Custom, Event, on};
use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::html::{property::prop, style::style};
use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// An element that is being put together.
#[must_use]
pub struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with this tag and this class.
pub fn el(tag: &'static str, class: &'static str) -> El {
    let el = bare(tag);
    el.set("class", class)
}

/// An element with this tag.
pub fn bare(tag: &'static str) -> El {
    El { tag, attributes: Vec::new(), children: Vec::new() }
}

/// A view that is made anew whenever a signal that `view` read has changed.
pub fn live(view: impl FnMut() -> AnyView + Send + 'static) -> AnyView {
    shared(view).into_any()
}

/// Nothing to see.
pub fn nothing() -> AnyView {
    ().into_any()
}

/// One type for all closures with the same output.
fn shared<T>(made: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(made))
}

impl El {
    /// Sets an attribute.
    pub fn set(self, name: &'static str, value: &'static str) -> Self {
        self.with(custom_attribute(name, value).into_any_attr())
    }

    /// Sets an attribute to a text made here.
    pub fn put(self, name: &'static str, value: String) -> Self {
        self.with(custom_attribute(name, value).into_any_attr())
    }

    /// Lets an attribute follow; `None` takes it away.
    pub fn follow<T: Into<String>>(
        self,
        name: &'static str,
        mut value: impl FnMut() -> Option<T> + Send + 'static,
    ) -> Self {
        self.with(custom_attribute(name, shared(move || value().map(Into::<String>::into))).into_any_attr())
    }

    /// Lets what stands in a text box follow.
    pub fn value(self, value: impl FnMut() -> String + Send + 'static) -> Self {
        self.with(prop("value", shared(value)).into_any_attr())
    }

    /// Lets a radio button follow.
    pub fn checked(self, is_checked: impl FnMut() -> bool + Send + 'static) -> Self {
        self.with(prop("checked", shared(is_checked)).into_any_attr())
    }

    /// Lets a custom property follow. Set through the CSSOM, which the page's policy allows.
    pub fn style(self, name: &'static str, value: impl FnMut() -> String + Send + 'static) -> Self {
        self.with(style((name, shared(value))).into_any_attr())
    }

    /// Does something at each such event.
    pub fn on(self, event: &'static str, act: impl FnMut(Event) + 'static) -> Self {
        let act: Box<dyn FnMut(Event)> = Box::new(act);
        self.with(on(Custom::<Event>::new(event), act).into_any_attr())
    }

    /// Does something at each press.
    pub fn press(self, mut act: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| act())
    }

    /// Adds a text.
    pub fn text(self, text: &'static str) -> Self {
        self.child(text.into_any())
    }

    /// Adds a text made here.
    pub fn word(self, text: String) -> Self {
        self.child(text.into_any())
    }

    /// Adds a text that follows.
    pub fn says(self, text: impl FnMut() -> String + Send + 'static) -> Self {
        self.child(shared(text).into_any())
    }

    /// Adds a view that follows.
    pub fn live(self, view: impl FnMut() -> AnyView + Send + 'static) -> Self {
        self.child(live(view))
    }

    /// Adds a child.
    pub fn child(mut self, child: impl Into<AnyView>) -> Self {
        self.children.push(child.into());
        self
    }

    fn with(mut self, attribute: AnyAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }
}

impl From<El> for AnyView {
    fn from(el: El) -> Self {
        custom(el.tag).add_any_attr(el.attributes).child(el.children).into_any()
    }
}

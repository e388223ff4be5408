//! Faults asked for by words in the prompt: parsing only. Each is acted out where it belongs, so `sim:poll-404` in the read.
//!
//! A fault comes from the input and not from a switch, so that it works from a page and from a test alike and two dubs
//! side by side can fail in different ways.

mod reference;

use std::time::Duration;

pub use reference::reference;

/// So many times; [`ALWAYS`] stands for every time.
pub(crate) type Times = u32;

/// Never used up.
pub(crate) const ALWAYS: Times = Times::MAX;

/// Everything a prompt asks for. The default is to behave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// The prediction ends in `error`.
    pub(crate) error: bool,
    /// Replaces the least time a prediction takes.
    pub(crate) slow: Option<Duration>,
    /// How often a create is refused, by status code.
    pub(crate) refuse: Vec<(u16, Times)>,
    /// What happens to the answer of an accepted create, and how often for one input.
    pub(crate) answer: Option<(LostAnswer, Times)>,
    pub(crate) redirect: Option<Redirect>,
    /// The list of executions leaves it out.
    pub(crate) unlisted: bool,
    /// How many reads are answered 404.
    pub(crate) poll_404: Times,
    /// How many reads after those are answered 500.
    pub(crate) poll_500: Times,
    /// Status shown in place of `processing`; a final word is shown at the end instead.
    pub(crate) status: Option<String>,
    pub(crate) output: Option<OutputShape>,
    /// How many downloads of the result are cut short.
    pub(crate) short_download: Times,
    /// Deliveries more or fewer than the usual one.
    pub(crate) webhooks: Option<u8>,
    pub(crate) webhook_early: bool,
}

/// Ways to lose the answer to a create that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LostAnswer {
    Status500,
    Dropped,
    Garbage,
}

/// Where a create is sent on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirect {
    /// The same path but for its final slash.
    Slash,
    /// Another host.
    Elsewhere,
}

/// Forms of `output` other than the card's string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputShape {
    Null,
    Array,
    Object,
    Private,
}

impl Faults {
    /// Reads every `sim:` word of `prompt`.
    ///
    /// # Errors
    ///
    /// Names the word that is unknown or has a bad value, so that a slip of the pen is not taken for a working dub.
    pub(crate) fn parse(prompt: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for word in prompt.split_whitespace().filter_map(|word| word.strip_prefix("sim:")) {
            let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            faults.take(name, value).ok_or_else(|| format!("sim:{word} is not a word of the simulator"))?;
        }
        Ok(faults)
    }

    fn take(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        match (name, value) {
            ("error", None) => self.error = true,
            ("slow", Some(seconds)) => self.slow = Some(Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?),
            ("401" | "402" | "403" | "429", _) => self.refuse.push((name.parse().ok()?, times(value, 1)?)),
            ("500", _) => self.refuse.push((500, times(value, ALWAYS)?)),
            ("500-after-accept", _) => self.answer = Some((LostAnswer::Status500, times(value, ALWAYS)?)),
            ("drop-after-accept", _) => self.answer = Some((LostAnswer::Dropped, times(value, ALWAYS)?)),
            ("garbage-after-accept", _) => self.answer = Some((LostAnswer::Garbage, times(value, ALWAYS)?)),
            ("unlisted", None) => self.unlisted = true,
            ("redirect", None) => self.redirect = Some(Redirect::Slash),
            ("redirect", Some("elsewhere")) => self.redirect = Some(Redirect::Elsewhere),
            ("poll-404", _) => self.poll_404 = times(value, 2)?,
            ("poll-500", _) => self.poll_500 = times(value, 1)?,
            ("status", Some(word)) if !word.is_empty() => self.status = Some(word.to_owned()),
            ("output", Some(shape)) => self.output = Some(output_shape(shape)?),
            ("short-download", _) => self.short_download = times(value, 1)?,
            ("webhook-twice", None) => self.webhooks = Some(2),
            ("no-webhook", None) => self.webhooks = Some(0),
            ("webhook-early", None) => self.webhook_early = true,
            _ => return None,
        }
        Some(())
    }

    /// The status word, when it is one that ends a prediction without a result.
    pub(crate) fn final_word(&self) -> Option<&str> {
        self.status.as_deref().filter(|word| ["failed", "error", "cancelled", "canceled"].contains(word))
    }
}

fn times(value: Option<&str>, default: Times) -> Option<Times> {
    match value {
        None => Some(default),
        Some("always") => Some(ALWAYS),
        Some(number) => number.parse().ok(),
    }
}

fn output_shape(word: &str) -> Option<OutputShape> {
    Some(match word {
        "null" => OutputShape::Null,
        "array" => OutputShape::Array,
        "object" => OutputShape::Object,
        "private" => OutputShape::Private,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_anywhere_in_the_prompt() {
        let faults =
            Faults::parse("calm, sim:429=3 looking\tsim:slow=0.5 up sim:poll-404=always").expect("known words");
        assert_eq!(faults.refuse, [(429, 3)]);
        assert_eq!(faults.slow, Some(Duration::from_millis(500)));
        assert_eq!(faults.poll_404, ALWAYS);
        assert_eq!(Faults::parse("a simple prompt"), Ok(Faults::default()));
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        for prompt in
            ["sim:eror", "sim:slow", "sim:slow=x", "sim:slow=-1", "sim:output=xml", "sim:429=x", "sim:status="]
        {
            assert!(Faults::parse(prompt).is_err_and(|why| why.contains(prompt)), "{prompt}");
        }
    }

    #[test]
    fn every_word_of_the_reference_is_known() {
        for (form, _) in reference::WORDS {
            let word =
                form.split(['[', '|', ' ']).next().unwrap_or(form).replace("SECONDS", "1").replace("WORD", "starting");
            assert!(Faults::parse(&word).is_ok_and(|faults| faults != Faults::default()), "{form}");
        }
    }
}

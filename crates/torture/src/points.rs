//! Where the server is killed.

/// A point of the design's list, or a moment that nobody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Its name.
    pub name: &'static str,
    /// What has just happened when it is passed.
    pub what: &'static str,
    /// Who kills, and when.
    pub way: Way,
    /// How often a round passes it at least, whatever becomes of all dubs but the first.
    pub passes: u64,
}

/// How the server is killed at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It kills itself there: exact to the instruction.
    Itself,
    /// As [`Itself`](Self::Itself), when the provider calls: before it answers, and again when the dub is made.
    Called,
    /// It has sent a create; the proxy has the whole of it and the provider nothing yet.
    Sent,
    /// As [`Itself`](Self::Itself), when what is kept for a moment is over, as soon as it is.
    Expiring,
    /// As [`Expiring`](Self::Expiring), when it starts and finds an upload whose time is over.
    Forgetting,
    /// It kills itself while it puts right what another kill left.
    Recovering,
    /// It kills itself once a create is accepted, and the next one sends that again: a server that must be found out.
    Mistaken,
    /// From outside, at some moment, several times, while the network breaks too.
    Random,
}

impl Way {
    /// How often a round kills the server.
    pub const fn kills(self) -> u64 {
        match self {
            Self::Itself | Self::Called | Self::Sent | Self::Expiring | Self::Mistaken => 1,
            Self::Recovering | Self::Forgetting => 2,
            Self::Random => 3,
        }
    }

    /// Whether nothing is kept for longer than a moment.
    pub const fn keeps_nothing(self) -> bool {
        matches!(self, Self::Expiring | Self::Forgetting)
    }
}

const fn point(name: &'static str, what: &'static str, way: Way, passes: u64) -> Point {
    Point { name, what, way, passes }
}

/// The test of the test.
pub const MISTAKE: Point = point("mistake", "C5, and queued again", Way::Mistaken, 1);

/// All of them: the design's, and those of what is kept for a time (R).
pub const POINTS: [Point; 20] = [
    point("C1", "dub committed, 202 not sent", Way::Itself, 2),
    point("C2", "intent written", Way::Itself, 2),
    point("C3", "connected", Way::Itself, 2),
    point("C4", "bytes sent", Way::Sent, 1),
    point("C5", "accepted, answer unread", Way::Itself, 2),
    point("C6", "answer read, not committed", Way::Itself, 2),
    point("C7", "processing committed", Way::Itself, 2),
    point("C8", "webhook came, not committed", Way::Called, 2),
    point("C9", "webhook committed", Way::Called, 2),
    point("C10", "final status seen", Way::Itself, 1),
    point("C11", "mid-download", Way::Itself, 1),
    point("C12", "before the rename", Way::Itself, 1),
    point("C13", "before succeeded", Way::Itself, 1),
    point("C14", "before the event goes out", Way::Itself, 6),
    point("C15", "during recovery", Way::Recovering, 1),
    point("R1", "result over, file there", Way::Expiring, 1),
    point("R2", "result removed, not booked", Way::Expiring, 1),
    point("R3", "upload over, file there", Way::Forgetting, 1),
    point("R4", "upload removed, not booked", Way::Forgetting, 1),
    point("random", "any moment, a broken network", Way::Random, 1),
];

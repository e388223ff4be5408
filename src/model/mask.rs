//! A mask while it is painted: which pixels of the frame are the speaker. Each is or is not; there is nothing between.

/// How many steps can be undone, and how much memory they may take, in runs of pixels: an intricate one has millions.
const STEPS: usize = 100;
const STEPS_RUNS: usize = 4 << 20;
/// What of a hundred pixels must be left off at least.
const LEFT_OFF_PERCENT: usize = 1;

/// A mask of a frame's size, and the way it came about.
#[derive(Debug, Clone)]
pub struct Mask {
    width: usize,
    height: usize,
    /// 255 for the speaker, 0 for the rest, row by row.
    pixels: Vec<u8>,
    undone: Vec<Runs>,
    done: Vec<Runs>,
}

/// A place in the frame, in pixels; strokes may begin and end outside of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// A part of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// From the left.
    pub x: usize,
    /// From the top.
    pub y: usize,
    /// Not 0.
    pub width: usize,
    /// Not 0.
    pub height: usize,
}

/// What a stroke does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Adds to the speaker.
    Brush,
    /// Takes away.
    Eraser,
}

/// Why a mask is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Useless {
    /// Nobody is chosen.
    Empty,
    /// Everything is.
    Full,
}

impl Useless {
    /// In the visitor's words, with what would do.
    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "Nothing is painted yet. Paint over the head of the person who speaks.",
            Self::Full => "Everything is painted, so nobody stands out. Leave free what is not the person who speaks.",
        }
    }

    /// The same of a file, as the end of a sentence.
    pub fn of_file(self) -> &'static str {
        match self {
            Self::Empty => "nothing in it is white, so nobody is chosen. White where the speaker is would do",
            Self::Full => "all of it is white, so nobody stands out. Black where the speaker is not would do",
        }
    }
}

/// A mask in short: how many pixels follow that are alike, beginning with black ones.
type Runs = Vec<u32>;

impl Mask {
    /// An empty mask.
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, pixels: vec![0; width * height], undone: Vec::new(), done: Vec::new() }
    }

    /// Its pixels, 255 or 0, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All of it.
    pub fn whole(&self) -> Area {
        Area { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// Notes what there is, to come back to. Called before a stroke, and before anything else that changes the mask.
    pub fn begin_step(&mut self) {
        self.undone.clear();
        self.done.push(self.runs());
        let mut runs: usize = self.done.iter().map(Vec::len).sum();
        while self.done.len() > STEPS || (runs > STEPS_RUNS && self.done.len() > 1) {
            runs -= self.done.remove(0).len();
        }
    }

    /// Draws from one point to another, round at the ends; tells what it may have changed.
    pub fn stroke(&mut self, tool: Tool, from: Point, to: Point, radius: f32) -> Option<Area> {
        let area = self.around(from, to, radius)?;
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length_squared = (dx * dx + dy * dy).max(f32::EPSILON);
        let value = if tool == Tool::Brush { 255 } else { 0 };
        for row in area.y..area.y + area.height {
            for column in area.x..area.x + area.width {
                let (x, y) = (middle(column) - from.x, middle(row) - from.y);
                // How far along the way the pixel is nearest to it.
                let along = ((x * dx + y * dy) / length_squared).clamp(0.0, 1.0);
                let (x, y) = (x - along * dx, y - along * dy);
                if x * x + y * y <= radius * radius {
                    self.pixels[row * self.width + column] = value;
                }
            }
        }
        Some(area)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame")]
    fn around(&self, from: Point, to: Point, radius: f32) -> Option<Area> {
        let span = |one: f32, other: f32, limit: usize| {
            let start = ((one.min(other) - radius).floor().max(0.0) as usize).min(limit);
            let end = ((one.max(other) + radius).ceil().max(0.0) as usize).min(limit);
            (end > start).then_some((start, end - start))
        };
        let ((x, width), (y, height)) = (span(from.x, to.x, self.width)?, span(from.y, to.y, self.height)?);
        Some(Area { x, y, width, height })
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        self.pixels.fill(0);
    }

    /// Takes another picture of the same size as the mask: light is the speaker. `rgba` has four bytes a pixel.
    pub fn load(&mut self, rgba: &[u8]) {
        for (pixel, colour) in self.pixels.iter_mut().zip(rgba.chunks_exact(4)) {
            let light: u32 = colour[..3].iter().map(|part| u32::from(*part)).sum();
            // What is see-through counts as black.
            *pixel = if light * u32::from(colour[3]) >= 3 * 128 * 255 { 255 } else { 0 };
        }
    }

    /// Goes a step back.
    pub fn undo(&mut self) {
        if let Some(runs) = self.done.pop() {
            self.undone.push(self.runs());
            self.restore(&runs);
        }
    }

    /// Goes forward again.
    pub fn redo(&mut self) {
        if let Some(runs) = self.undone.pop() {
            self.done.push(self.runs());
            self.restore(&runs);
        }
    }

    /// Whether there is a step to go back, and one to go forward.
    pub fn steps(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    /// Whether anything is painted.
    pub fn is_empty(&self) -> bool {
        self.pixels.iter().all(|pixel| *pixel == 0)
    }

    /// What keeps it from being of use.
    ///
    /// # Errors
    /// Nothing, or all but nothing, is left to tell the speaker from the rest.
    pub fn check(&self) -> Result<(), Useless> {
        let off: usize = self.pixels.iter().map(|pixel| usize::from(*pixel == 0)).sum();
        match off {
            _ if off == self.pixels.len() => Err(Useless::Empty),
            _ if off * 100 < self.pixels.len() * LEFT_OFF_PERCENT => Err(Useless::Full),
            _ => Ok(()),
        }
    }

    /// A part of it as it is shown: `ink` where the speaker is, nothing elsewhere.
    pub fn shown(&self, area: Area, ink: [u8; 3]) -> Vec<u8> {
        let [red, green, blue] = ink;
        let rows = self.pixels.chunks_exact(self.width.max(1)).skip(area.y).take(area.height);
        let pixels = rows.flat_map(|row| &row[area.x..area.x + area.width]);
        pixels.flat_map(|pixel| [red, green, blue, *pixel]).collect()
    }

    fn runs(&self) -> Runs {
        let (mut runs, mut last) = (vec![0], 0);
        for pixel in &self.pixels {
            if *pixel != last {
                runs.push(0);
                last = *pixel;
            }
            if let Some(run) = runs.last_mut() {
                *run += 1;
            }
        }
        runs
    }

    fn restore(&mut self, runs: &[u32]) {
        let mut at = 0;
        for (run, value) in runs.iter().zip([0, 255].into_iter().cycle()) {
            let end = (at + *run as usize).min(self.pixels.len());
            self.pixels[at..end].fill(value);
            at = end;
        }
    }
}

/// The middle of a pixel.
#[expect(clippy::cast_precision_loss, reason = "exact for any frame")]
fn middle(at: usize) -> f32 {
    at as f32 + 0.5
}

/// Whether a mask of this size has no more pixels than are taken.
pub fn is_within((width, height): (u32, u32), most_pixels: u64) -> bool {
    u64::from(width) * u64::from(height) <= most_pixels
}

/// Why nothing can be painted over a frame of this size where a mask may have so many pixels; nothing if it can be.
pub fn oversize(frame: (u32, u32), most_pixels: u64) -> Option<String> {
    let says = || ["The video is ", &text(frame), ", and a mask of that size is too large for this server."].concat();
    (!is_within(frame, most_pixels))
        .then(|| says() + " Choose a smaller one of the same shape, or paste a link to one.")
}

fn text((width, height): (u32, u32)) -> String {
    [width.to_string(), height.to_string()].join(" × ")
}

/// Why a picture of this size is no mask of a frame of that one; nothing if it can be.
pub fn misfit(size: (u32, u32), frame: (u32, u32)) -> Option<String> {
    let says = || ["This picture is ", &text(size), " and the video ", &text(frame)].concat();
    (!is_same_ratio(size, frame)).then(|| says() + ". A mask must have the same shape.")
}

/// Whether a picture of this size can stand for a frame of that one: the same ratio, but for a pixel of rounding.
pub fn is_same_ratio((width, height): (u32, u32), (frame_width, frame_height): (u32, u32)) -> bool {
    let cross = |one: u32, other: u32| u64::from(one) * u64::from(other);
    cross(width, frame_height).abs_diff(cross(height, frame_width)) <= u64::from(frame_width.max(frame_height))
}

#[cfg(test)]
mod tests;

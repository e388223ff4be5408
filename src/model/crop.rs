//! What the model keeps of a picture: it takes the nearest of three shapes and cuts the edges off around the middle.

use contract::Resolution;

/// Width and height in pixels.
pub type Size = (u32, u32);

/// What is kept of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// The size of the dub.
    pub into: Size,
    /// How much is cut off at each side, in thousandths of the frame's width.
    pub sides: u32,
    /// How much is cut off at the top and at the bottom, in thousandths of the frame's height.
    pub ends: u32,
}

/// The size of a dub of a picture of this size: the nearest of 16:9, 9:16 and 1:1. In between counts as wide or tall.
fn shape((width, height): Size, resolution: Resolution) -> Size {
    let [wide, tall, square] = match resolution {
        Resolution::P480 => [(896, 448), (448, 832), (640, 640)],
        Resolution::P720 => [(1280, 704), (704, 1280), (960, 960)],
    };
    let (width, height) = (u64::from(width), u64::from(height));
    match () {
        // Midway between 16:9 and 1:1, as ratios go, is 4:3.
        () if width * 3 >= height * 4 => wide,
        () if width * 4 <= height * 3 => tall,
        () => square,
    }
}

/// What is kept of a picture of this size.
pub fn crop(size: Size, resolution: Resolution) -> Crop {
    let into = shape(size, resolution);
    let [width, height, to_width, to_height] = [size.0, size.1, into.0, into.1].map(|pixels| u64::from(pixels.max(1)));
    // Each side's thousandths that stay when the other side is filled.
    let kept =
        |mine: u64, other: u64, to_mine: u64, to_other: u64| (other * to_mine * 1_000 / (mine * to_other)).min(1_000);
    let cut = |kept: u64| u32::try_from((1_000 - kept) / 2).unwrap_or(0);
    Crop {
        into,
        sides: cut(kept(width, height, to_width, to_height)),
        ends: cut(kept(height, width, to_height, to_width)),
    }
}

impl Crop {
    /// `The dub is 1280 × 704: 2 % of the height is cut off.`
    pub fn words(self) -> String {
        let (part, of) = if self.sides > self.ends { (self.sides, "width") } else { (self.ends, "height") };
        let size = ["The dub is ", &self.into.0.to_string(), " × ", &self.into.1.to_string()].concat();
        // Both edges; up to half a percent is nobody's loss.
        match (part * 2 + 5) / 10 {
            0 => size + ". Nothing is cut off.",
            percent => [&size, ": ", &percent.to_string(), " % of the ", of, " is cut off."].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_shape_is_taken() {
        for (size, p480, p720) in [
            ((640, 360), (896, 448), (1280, 704)),
            ((1920, 800), (896, 448), (1280, 704)),
            ((640, 480), (896, 448), (1280, 704)),
            ((480, 640), (448, 832), (704, 1280)),
            ((1080, 1920), (448, 832), (704, 1280)),
            ((500, 500), (640, 640), (960, 960)),
            ((600, 480), (640, 640), (960, 960)),
            ((720, 1000), (448, 832), (704, 1280)),
        ] {
            assert_eq!(shape(size, Resolution::P480), p480, "{size:?}");
            assert_eq!(shape(size, Resolution::P720), p720, "{size:?}");
        }
    }

    #[test]
    fn what_is_lost_is_told() {
        let words = |size, resolution| crop(size, resolution).words();
        assert_eq!(words((1920, 1080), Resolution::P480), "The dub is 896 × 448: 11 % of the height is cut off.");
        assert_eq!(words((1920, 1080), Resolution::P720), "The dub is 1280 × 704: 2 % of the height is cut off.");
        assert_eq!(words((640, 480), Resolution::P720), "The dub is 1280 × 704: 27 % of the height is cut off.");
        assert_eq!(words((600, 500), Resolution::P720), "The dub is 960 × 960: 17 % of the width is cut off.");
        assert_eq!(words((960, 960), Resolution::P720), "The dub is 960 × 960. Nothing is cut off.");
    }

    #[test]
    fn only_one_pair_of_edges_is_cut_and_no_size_breaks_it() {
        for size in [(1920, 1080), (1, 1), (0, 0), (u32::MAX, 1), (1, u32::MAX), (1080, 1920)] {
            let crop = crop(size, Resolution::P720);
            assert!(crop.sides == 0 || crop.ends == 0, "{size:?}");
            assert!(crop.sides <= 500 && crop.ends <= 500);
        }
    }
}

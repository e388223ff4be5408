//! The size of a result: the nearest of three aspect ratios. 4:3 is as far from 16:9 as from 1:1 and counts as wide.

use crate::input::Resolution;

/// Width and height in pixels for a picture of `aspect` (width by height).
pub(super) fn bucket(aspect: f64, resolution: Resolution) -> (u32, u32) {
    let sizes = match resolution {
        Resolution::P480 => [(896, 448), (448, 832), (640, 640)],
        Resolution::P720 => [(1280, 704), (704, 1280), (960, 960)],
    };
    let ratios = [16.0 / 9.0, 9.0 / 16.0, 1.0_f64];
    // Rounded, so that a tie is one and the first, the wide or tall one, wins it.
    let distance = |index: &usize| ((aspect / ratios[*index]).ln().abs() * 1e9).round();
    let nearest = (0..3).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or_default();
    sizes[nearest]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_aspect_wins() {
        for (width, height, p480, p720) in [
            (640, 360, (896, 448), (1280, 704)),
            (1920, 800, (896, 448), (1280, 704)),
            (640, 480, (896, 448), (1280, 704)),
            (480, 640, (448, 832), (704, 1280)),
            (1080, 1920, (448, 832), (704, 1280)),
            (500, 500, (640, 640), (960, 960)),
            (600, 480, (640, 640), (960, 960)),
            (720, 1000, (448, 832), (704, 1280)),
        ] {
            let aspect = f64::from(width) / f64::from(height);
            assert_eq!(bucket(aspect, Resolution::P480), p480, "{width}x{height}");
            assert_eq!(bucket(aspect, Resolution::P720), p720, "{width}x{height}");
        }
    }
}

//! A voice without its tags: symphonia keeps all that it reads of them, many times as large as they are in the file.
//!
//! Those in front of MP3 and FLAC, where most covers are, are skipped. Of any other file so little is read that tags made
//! to cost memory do not.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

use symphonia::core::io::MediaSource;

use super::{LookError, Refusal};

/// How much of a file is read at most: its index and its first packets. An hour of AAC has an index of 0.6 MiB.
const MAX_READ: u64 = 2 << 20;
/// More tags than stand in front of any real file.
const MAX_TAGS: u32 = 200;
/// How long the start of a FLAC file is, up to the end of the block that tells what it is.
const FLAC_START: usize = 42;

/// A file of which some is left out, and of which no more than so much can be read.
#[derive(Debug)]
pub(super) struct Tagless {
    /// What stands in front of the rest of the file.
    start: Vec<u8>,
    file: File,
    /// Where the rest of the file begins.
    rest: u64,
    size: u64,
    position: u64,
    left: u64,
}

impl Tagless {
    /// Finds the tags in front of the file, which has `size` bytes.
    pub(super) fn open(mut file: File, size: u64) -> Result<Self, LookError> {
        let mut rest = skip_id3(&mut file)?;
        let mut start = vec![0; FLAC_START];
        file.seek(SeekFrom::Start(rest))?;
        if file.read_exact(&mut start).is_ok() && start.starts_with(b"fLaC") {
            rest = skip_flac_blocks(&mut file, &mut start)?;
        } else {
            start.clear();
        }
        file.seek(SeekFrom::Start(rest))?;
        let size = start.len() as u64 + size.saturating_sub(rest);
        Ok(Self { start, file, rest, size, position: 0, left: MAX_READ })
    }
}

/// Where the ID3 tags at the start of a file end (ID3v2.4, section 3.1).
fn skip_id3(file: &mut File) -> Result<u64, LookError> {
    let (mut end, mut header) = (0, [0; 10]);
    for _ in 0..MAX_TAGS {
        file.seek(SeekFrom::Start(end))?;
        if file.read_exact(&mut header).is_err() || !header.starts_with(b"ID3") {
            return Ok(end);
        }
        let has_footer = header[5] & 0x10 != 0;
        let length = header[6..].iter().fold(0, |length, byte| length << 7 | u64::from(byte & 0x7f));
        end += 10 + length + if has_footer { 10 } else { 0 };
    }
    Err(Refusal::damaged().into())
}

/// Where a FLAC file's sound begins (RFC 9639, section 8). Its first block, in `start`, becomes the only one.
fn skip_flac_blocks(file: &mut File, start: &mut [u8]) -> Result<u64, LookError> {
    const LAST: u8 = 0x80;
    let mut header = [start[4], start[5], start[6], start[7]];
    if header[0] & !LAST != 0 || header[1..] != [0, 0, 34] {
        return Err(Refusal::damaged().into());
    }
    start[4] |= LAST;
    for _ in 0..MAX_TAGS {
        if header[0] & LAST != 0 {
            return Ok(file.stream_position()?);
        }
        file.read_exact(&mut header)?;
        file.seek_relative(i64::from(u32::from_be_bytes([0, header[1], header[2], header[3]])))?;
    }
    Err(Refusal::damaged().into())
}

impl Read for Tagless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match usize::try_from(self.position).ok().and_then(|position| self.start.get(position..)) {
            Some(mut start) if !start.is_empty() => start.read(buffer)?,
            _ if self.left == 0 => return Err(io::ErrorKind::FileTooLarge.into()),
            _ => {
                let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
                let read = self.file.read(&mut buffer[..most])?;
                self.left -= read as u64;
                read
            }
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Tagless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        let position = position.ok_or(io::ErrorKind::InvalidInput)?;
        let into_rest = position.saturating_sub(self.start.len() as u64);
        self.file.seek(SeekFrom::Start(self.rest.saturating_add(into_rest)))?;
        self.position = position;
        Ok(position)
    }
}

impl MediaSource for Tagless {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.size)
    }
}

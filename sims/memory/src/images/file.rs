//! The bytes of a plain or gzip file, as far as they are asked for.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;

use crate::images::{ImageError, ImageFormat};

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file that is read from its begin, unpacked if it is gzip.
pub(super) struct Bytes<'a> {
    path: &'a Path,
    format: ImageFormat,
    stream: Stream,
}

impl<'a> Bytes<'a> {
    /// Opens a file, which must be one: a pipe or device would never end.
    pub(super) fn open(path: &'a Path, format: ImageFormat) -> Result<Self, ImageError> {
        let unreadable = |source| ImageError::unreadable(path, format, source);
        let is_file = std::fs::metadata(path).map_err(unreadable)?.is_file();
        if !is_file {
            let message = "is no regular file".to_owned();
            return Err(ImageError::content(path, format, message));
        }
        let file = File::open(path).map_err(unreadable)?;
        Ok(Self {
            path,
            format,
            stream: Stream::new(file).map_err(unreadable)?,
        })
    }

    /// The next `count` bytes, or all there are.
    pub(super) fn next(&mut self, count: u64) -> Result<Vec<u8>, ImageError> {
        let mut bytes = Vec::new();
        let read = self.stream.by_ref().take(count).read_to_end(&mut bytes);
        read.map_err(|error| self.wrong(error))?;
        Ok(bytes)
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&mut self) -> Result<bool, ImageError> {
        Ok(self.next(1)?.is_empty())
    }

    fn wrong(&self, error: io::Error) -> ImageError {
        match self.stream.flaw(&error) {
            Some(message) => ImageError::content(self.path, self.format, message),
            None => ImageError::unreadable(self.path, self.format, error),
        }
    }
}

/// Where the reading of a file stands. gzip files hold one member or several, and zeros may follow
/// the last, as tapes and some tools pad them.
pub(crate) enum Stream {
    Plain(BufReader<File>),
    Member(Box<GzDecoder<BufReader<File>>>),
    End,
    /// What follows the last member is neither another one nor zeros.
    Garbage,
}

impl Stream {
    /// At the begin of a file.
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let mut reader = BufReader::new(file);
        let is_packed = reader.fill_buf()?.starts_with(&GZIP);
        Ok(if is_packed {
            Self::Member(Box::new(GzDecoder::new(reader)))
        } else {
            Self::Plain(reader)
        })
    }

    /// What is wrong with the packed data where reading failed; `None` of a plain file.
    pub(crate) fn flaw(&self, error: &io::Error) -> Option<String> {
        Some(match (self, error.kind()) {
            (Self::Plain(_), _) => return None,
            (Self::Garbage, _) => {
                "is followed by bytes that are no gzip data and not zero: cut them off".to_owned()
            }
            (_, ErrorKind::UnexpectedEof) => "is cut short: its gzip data end too early".to_owned(),
            _ => format!("holds damaged gzip data ({error})"),
        })
    }

    /// What comes after a member.
    fn after(mut reader: BufReader<File>) -> io::Result<Self> {
        loop {
            let buffer = reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(Self::End);
            }
            let zeros = buffer.iter().take_while(|&&byte| byte == 0).count();
            if zeros == 0 {
                let known = buffer.len().min(GZIP.len());
                return Ok(if buffer[..known] == GZIP[..known] {
                    Self::Member(Box::new(GzDecoder::new(reader)))
                } else {
                    Self::Garbage
                });
            }
            reader.consume(zeros);
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let member = match self {
                Self::Plain(reader) => return reader.read(buffer),
                Self::End => return Ok(0),
                Self::Garbage => return Err(ErrorKind::InvalidData.into()),
                Self::Member(member) => member,
            };
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Self::Member(member) = std::mem::replace(self, Self::End) else {
                return Ok(0);
            };
            *self = Self::after(member.into_inner())?;
        }
    }
}

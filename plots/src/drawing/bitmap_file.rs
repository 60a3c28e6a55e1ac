//! Writes pixels as png, with what the figure was made from as text in the file.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use crate::error::PlotError;
use crate::figure::Metadata;

/// Pixels as red, green and blue from the upper left.
pub(crate) struct Bitmap {
    /// Columns and rows.
    pub(crate) size: (u32, u32),
    pub(crate) pixels: Vec<u8>,
}

impl Bitmap {
    /// Writes them; the text stands in iTXt chunks, whose names `file`, ImageMagick and exiftool know.
    pub(crate) fn write(&self, metadata: &Metadata, path: &Path) -> Result<(), PlotError> {
        self.encode(metadata, path).map_err(|source| PlotError::Io {
            action: "write",
            path: path.to_owned(),
            source,
        })
    }

    fn encode(&self, metadata: &Metadata, path: &Path) -> io::Result<()> {
        let (columns, rows) = self.size;
        let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), columns, rows);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Best);
        encoder.set_adaptive_filter(png::AdaptiveFilterType::Adaptive);
        for (name, text) in metadata.entries() {
            encoder.add_itxt_chunk(name.to_owned(), text.to_owned())?;
        }
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        Ok(writer.finish()?)
    }
}

//! Patterns of one's own: read back what was written, and every way in which files can be broken.

use std::io::Write;
use std::path::Path;

use dam_memory::files::{FilePatterns, npy_bytes, npz_bytes, read_npz, read_table};
use dam_memory::images::{Pictures, Preparation, PreparedImages};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::folder::Folder;

/// A `.npy` file of any type, order and shape, as NumPy writes it.
fn npy(code: &str, is_fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if is_fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{code}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn npz(arrays: &[(&str, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(format!("{name}.npy"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn png(
    width: u32,
    height: u32,
    color: png::ColorType,
    depth: png::BitDepth,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(data)
        .unwrap();
    bytes
}

const ROWS: [f64; 6] = [1.0, -2.0, 3.0, 0.5, 4.0, -6.0];

fn rows(path: &Path) -> Vec<f64> {
    let patterns = FilePatterns::read(path, None, false).unwrap();
    PreparedImages::new(patterns, Preparation::default())
        .unwrap()
        .rows()
}

#[test]
fn every_element_type_and_order_gives_the_same_numbers() {
    let folder = Folder::new();
    let whole = [1.0, -2.0, 3.0, 0.0, 4.0, -6.0];
    let bytes =
        |element: fn(f64) -> Vec<u8>| whole.into_iter().flat_map(element).collect::<Vec<u8>>();
    #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
    let cases: [(&str, Vec<u8>); 9] = [
        ("<f8", bytes(|v| v.to_le_bytes().to_vec())),
        (">f8", bytes(|v| v.to_be_bytes().to_vec())),
        ("<f4", bytes(|v| (v as f32).to_le_bytes().to_vec())),
        ("|i1", bytes(|v| (v as i8).to_le_bytes().to_vec())),
        ("<i2", bytes(|v| (v as i16).to_le_bytes().to_vec())),
        (">i4", bytes(|v| (v as i32).to_be_bytes().to_vec())),
        ("<i8", bytes(|v| (v as i64).to_le_bytes().to_vec())),
        // half precision: 1, −2, 3, 0, 4, −6
        (
            "<f2",
            [0x3c00_u16, 0xc000, 0x4200, 0, 0x4400, 0xc600]
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
        ),
        ("=f8", bytes(|v| v.to_le_bytes().to_vec())),
    ];
    for (code, data) in cases {
        let path = folder.write("a", &npy(code, false, "(2, 3)", &data));
        assert_eq!(rows(&path), whole, "{code}");
    }
    let columns = [1.0, 0.0, -2.0, 4.0, 3.0, -6.0_f64];
    let data: Vec<u8> = columns.iter().flat_map(|v| v.to_le_bytes()).collect();
    assert_eq!(
        rows(&folder.write("f", &npy("<f8", true, "(2, 3)", &data))),
        whole
    );
    let data: Vec<u8> = [7_u8, 9, 1, 0].to_vec();
    assert_eq!(
        rows(&folder.write("u", &npy("|u1", false, "(2, 2)", &data))),
        [7.0, 9.0, 1.0, 0.0]
    );
    assert_eq!(
        rows(&folder.write("b", &npy("|b1", false, "(2,2)", &[1, 0, 0, 1]))),
        [1.0, 0.0, 0.0, 1.0]
    );
}

#[test]
fn what_is_written_is_read_back_and_starts_at_a_multiple_of_64() {
    let folder = Folder::new();
    let bytes = npy_bytes(&[2, 3], &ROWS);
    assert_eq!((bytes.len() - 48) % 64, 0);
    let table = read_table(&folder.write("w.npy", &bytes), None).unwrap();
    assert_eq!(
        (table.dimensions, table.values),
        (vec![2, 3], ROWS.to_vec())
    );
}

#[test]
fn archives_texts_and_folders_hold_the_same_patterns() {
    let folder = Folder::new();
    let array = npy_bytes(&[2, 3], &ROWS);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let path = folder.write("a.npz", &npz(&[("x", array.clone())], method));
        assert_eq!(rows(&path), ROWS);
    }
    let two = [("x", npy_bytes(&[1], &[5.0])), ("y", array)];
    let path = folder.write("two.npz", &npz(&two, CompressionMethod::Stored));
    let named = FilePatterns::read(&path, Some("y"), false).unwrap();
    assert_eq!(named.row(1), &ROWS[3..]);
    for text in [
        "1,-2,3\n0.5,4,-6\n",
        "# numbers\n\n1; -2; 3\r\n.5; 4; -6",
        "a,b,c\n1,-2,3\n0.5,4,-6\n",
        "  1  -2 3\n 5e-1   4 -6.0\n",
        "1\t-2\t3\n0.5\t4\t-6\n",
        "\u{feff}\"1\",\"-2\",\"3\"\n\"0.5\",\"4\",\"-6\"\n",
    ] {
        assert_eq!(rows(&folder.write("t", text.as_bytes())), ROWS, "{text:?}");
    }
}

#[test]
fn folders_of_png_are_read_in_the_order_of_their_names() {
    use png::{BitDepth, ColorType};
    let folder = Folder::new();
    folder.write(
        "d/b.png",
        &png(2, 1, ColorType::Grayscale, BitDepth::Eight, &[0, 255]),
    );
    folder.write(
        "d/a.PNG",
        &png(2, 1, ColorType::Grayscale, BitDepth::Eight, &[51, 102]),
    );
    let path = folder.write("d/readme.txt", b"no image");
    let path = path.parent().unwrap();
    assert_eq!(rows(path), [0.2, 0.4, 0.0, 1.0]);
    folder.write(
        "c/1.png",
        &png(1, 2, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6]),
    );
    let opaque = [9, 8, 7, 255, 6, 5, 4, 255];
    folder.write(
        "c/2.png",
        &png(1, 2, ColorType::Rgba, BitDepth::Eight, &opaque),
    );
    let colours = FilePatterns::read(&folder.path().join("c"), None, false).unwrap();
    assert_eq!(
        colours.row(0),
        [1.0, 4.0, 2.0, 5.0, 3.0, 6.0],
        "plane by plane"
    );
    assert_eq!(colours.row(1), [9.0, 6.0, 8.0, 5.0, 7.0, 4.0]);
    let deep = [0, 1, 255, 255];
    folder.write(
        "e/1.png",
        &png(2, 1, ColorType::Grayscale, BitDepth::Sixteen, &deep),
    );
    assert_eq!(rows(&folder.path().join("e")), [1.0 / 65535.0, 1.0]);
    let refused = |text: &str| {
        let error = FilePatterns::read(&folder.path().join("c"), None, false).unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    };
    folder.write(
        "c/3.png",
        &png(1, 1, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3]),
    );
    refused("3.png is 1×1 pixels, coloured, 8 bits, but ");
    folder.write(
        "c/3.png",
        &png(
            1,
            2,
            ColorType::Rgba,
            BitDepth::Eight,
            &[9, 8, 7, 254, 6, 5, 4, 255],
        ),
    );
    refused("transparent");
    let mut vast = png(1, 2, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6]);
    vast.truncate(50);
    folder.write("c/3.png", &vast);
    refused("is no whole PNG file");
}

#[track_caller]
fn refused(bytes: &[u8], text: &str) {
    let folder = Folder::new();
    let path = folder.write("patterns", bytes);
    let error = FilePatterns::read(&path, None, false).unwrap_err();
    assert_eq!(error.path(), path);
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains(text), "{text:?} is missing in: {message}");
}

#[test]
fn broken_arrays_are_refused_by_their_header() {
    let data = [0_u8; 48];
    refused(
        &npy("<f8", false, "(2, 3)", &data[..47]),
        "is cut short: 47 bytes follow, its header announces 2×3 of 8 bytes each",
    );
    refused(
        &npy("<f8", false, "(2, 3)", &[0; 49]),
        "more bytes than it should",
    );
    refused(
        &npy("<f8", false, "(4294967296, 4294967296, 4294967296)", &data),
        "is cut short",
    );
    refused(
        &npy("<c16", false, "(1, 3)", &data),
        "elements of type \"c16\"",
    );
    refused(&npy("|O", false, "(1, 3)", &data), "elements of type \"O\"");
    refused(
        &npy("<f8", false, "(-1, 3)", &data),
        "header that is not NumPy's",
    );
    refused(b"\x93NUMPY\x01\x00", "hold no header");
    refused(
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        "announces a header of 4294967295 bytes",
    );
    refused(b"\x93NUMPY\x09\x00\x01\x00", "version 9");
    refused(&npy("<f8", false, "(0, 3)", &[]), "holds no number");
    refused(&npy("<f8", false, "(6,)", &data), "patterns are the rows");
    refused(&npy("<f8", false, "()", &[0; 8]), "a single number");
    let large = [(1_i64 << 53) + 1, 0].map(i64::to_le_bytes).concat();
    refused(&npy("<i8", false, "(2, 1)", &large), "the same double");
    let nan: Vec<u8> = [1.0, 2.0, f64::NAN, 4.0]
        .iter()
        .flat_map(|v: &f64| v.to_le_bytes())
        .collect();
    refused(
        &npy("<f8", false, "(2, 2)", &nan),
        "NaN in pattern 1, component 0",
    );
    refused(
        &npy_bytes(&[3, 1], &[0.0, 1.0, -0.0]),
        "a pattern twice, 0 and 2",
    );
}

#[test]
fn broken_archives_and_texts_are_refused() {
    let array = npy_bytes(&[2, 3], &ROWS);
    let whole = npz(&[("x", array.clone())], CompressionMethod::Deflated);
    refused(&whole[..whole.len() - 30], "damaged archive");
    let two = npz(
        &[("x", array.clone()), ("y", array)],
        CompressionMethod::Stored,
    );
    refused(&two, "several arrays, name one: it holds x, y");
    let mut flipped = npz(
        &[("x", npy_bytes(&[2, 3], &ROWS))],
        CompressionMethod::Stored,
    );
    let place = flipped
        .windows(8)
        .position(|w| w == 4.0_f64.to_le_bytes())
        .unwrap();
    flipped[place] ^= 1;
    refused(&flipped, "cannot be read");
    refused(
        b"1,2\n3\n",
        "has 1 numbers in line 2 and 2 in the lines before it",
    );
    refused(b"1,2\n3,x\n", "\"x\" in line 2, which is not a number");
    refused(b"0,5;1\n0,25;2\n", "decimal sign is a point");
    refused(b"", "holds no number");
    refused(b"a,b\n", "holds no number");
    refused(b"\x00\xff\xfe\x01", "is no text of numbers");
    refused(b"\x89PNG\r\n\x1a\n", "give the folder");
}

#[test]
fn only_files_and_folders_are_opened() {
    let error = FilePatterns::read(Path::new("/dev/zero"), None, false).unwrap_err();
    assert!(error.to_string().contains("no regular file"), "{error}");
    let error = FilePatterns::read(Path::new("no/such.npy"), None, false).unwrap_err();
    assert!(
        error.to_string().contains("no/such.npy cannot be read"),
        "{error}"
    );
    let empty = Folder::new();
    let error = FilePatterns::read(empty.path(), None, false).unwrap_err();
    assert!(
        error.to_string().contains("no file that ends in .png"),
        "{error}"
    );
    let path = empty.write("a.npy", &npy_bytes(&[2, 3], &ROWS));
    let error = FilePatterns::read(&path, Some("x"), false).unwrap_err();
    assert!(error.to_string().contains("leave \"x\" out"), "{error}");
}

#[test]
fn labels_and_queries_must_fit_the_patterns() {
    let folder = Folder::new();
    let path = folder.write("a.npy", &npy_bytes(&[2, 3], &ROWS));
    let patterns = FilePatterns::read(&path, None, false).unwrap();
    let labelled = |text: &str| {
        patterns
            .clone()
            .with_labels(&folder.write("l.csv", text.as_bytes()))
    };
    assert_eq!(
        labelled("3\n255\n").unwrap().labels(),
        Some([3, 255].as_slice())
    );
    for (text, part) in [
        ("1\n2\n3\n", "2 patterns have 2 labels"),
        ("1\n256\n", "pattern 1 the label 256"),
        ("1\n0.5\n", "the label 0.5"),
    ] {
        let error = labelled(text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let query = |bytes: &[u8]| patterns.read_queries(&folder.write("q", bytes));
    assert_eq!(query(&npy_bytes(&[3], &ROWS[..3])).unwrap().count(), 1);
    assert_eq!(query(b"1 2 3\n4 5 6\n4 5 6\n").unwrap().count(), 3);
    let error = query(b"1,2\n").unwrap_err().to_string();
    assert!(
        error.contains("holds 1×2; a query has 3 numbers"),
        "{error}"
    );
}

#[test]
fn arrays_with_names_come_back_as_they_were_written() {
    let folder = Folder::new();
    let (dimensions, bias): (&[usize], &[usize]) = (&[1, 2, 3], &[2]);
    let bytes = npz_bytes([
        ("map.weight", dimensions, &ROWS[..]),
        ("map.bias", bias, &ROWS[..2]),
    ]);
    let path = folder.write("weights.npz", &bytes);
    let arrays = read_npz(&path).unwrap();
    let names: Vec<&str> = arrays.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["map.weight", "map.bias"]);
    assert_eq!(arrays[0].1.dimensions, dimensions);
    assert_eq!(
        (&arrays[0].1.values[..], &arrays[1].1.values[..]),
        (&ROWS[..], &ROWS[..2])
    );
}

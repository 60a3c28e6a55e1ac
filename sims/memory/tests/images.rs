//! Files of images: read back what was written, and every way in which they can be broken.

use std::io::Write;
use std::path::Path;

use dam_memory::ensembles::{Images, PatternEnsemble};
use dam_memory::images::{
    Centering, ImageFormat, ImageSet, Normalization, Pictures, Preparation, PreparationError,
};
use dam_memory::patterns::Patterns;
use dam_memory::streams::StreamKey;
use flate2::Compression;
use flate2::write::GzEncoder;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::folder::Folder;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An IDX file of unsigned bytes.
fn idx(dimensions: &[u32], elements: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, u8::try_from(dimensions.len()).unwrap()];
    for dimension in dimensions {
        bytes.extend(dimension.to_be_bytes());
    }
    bytes.extend(elements);
    bytes
}

/// `count` images of 2×3, byte k of image i being 10 i + k.
fn small_images(count: u8) -> Vec<u8> {
    let pixels: Vec<u8> = (0..count)
        .flat_map(|image| (0..6).map(move |pixel| 10 * image + pixel))
        .collect();
    idx(&[count.into(), 2, 3], &pixels)
}

/// The message of a file of images that must be refused.
fn refused(bytes: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.write("images", bytes);
    let error = ImageSet::read_idx(&path, None, 10).unwrap_err();
    assert_eq!(error.path(), path);
    named(&path, error.to_string(), "scripts/fetch_images.py")
}

/// The message, which must name the file and where to get the data.
fn named(path: &Path, message: String, mend: &str) -> String {
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains(mend), "{message}");
    message
}

#[track_caller]
fn assert_contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}

#[test]
fn plain_and_gzip_idx_files_give_the_same_images_and_labels() {
    let folder = Folder::new();
    let (images, labels) = (small_images(3), idx(&[3], &[7, 0, 9]));
    let plain = ImageSet::read_idx(
        &folder.write("images", &images),
        Some(&folder.write("labels", &labels)),
        10,
    )
    .unwrap();
    assert_eq!(plain.count(), 3);
    let shape = plain.shape();
    assert_eq!((shape.channels, shape.height, shape.width), (1, 2, 3));
    assert_eq!(plain.image(2), [20, 21, 22, 23, 24, 25]);
    assert_eq!(plain.labels(), Some([7, 0, 9].as_slice()));
    // no ending is needed: gzip shows in the first bytes
    let packed = ImageSet::read_idx(
        &folder.write("images", &gzip(&images)),
        Some(&folder.write("labels", &gzip(&labels))),
        10,
    );
    assert_eq!(packed.unwrap(), plain);
    let unlabelled = ImageSet::read_idx(&folder.write("images", &images), None, 10).unwrap();
    assert_eq!(unlabelled.labels(), None);
    assert_eq!(unlabelled.image(1), plain.image(1));
}

#[test]
fn a_missing_file_is_named_with_where_to_get_the_data() {
    let path = Path::new("no/such/file.gz");
    let error = ImageSet::read_idx(path, None, 10).unwrap_err();
    named(path, error.to_string(), "scripts/fetch_images.py");
    let error = ImageSet::read_cifar(&[path.to_owned()], ImageFormat::Cifar10).unwrap_err();
    named(
        path,
        error.to_string(),
        "https://www.cs.toronto.edu/~kriz/cifar.html",
    );
    let directory = Folder::new();
    ImageSet::read_idx(directory.path(), None, 10).unwrap_err();
}

#[test]
fn idx_files_that_are_cut_short_or_too_long_are_refused() {
    let whole = small_images(3);
    assert_contains(&refused(&[]), &["cut short", "0 bytes", "magic number"]);
    assert_contains(&refused(&whole[..3]), &["cut short", "3 bytes"]);
    assert_contains(&refused(&whole[..4]), &["cut short", "no IDX header"]);
    assert_contains(&refused(&whole[..15]), &["cut short", "no IDX header"]);
    assert_contains(&refused(&whole[..16]), &["cut short", "0 bytes", "3×2×3"]);
    assert_contains(&refused(&whole[..33]), &["cut short", "17 bytes", "3×2×3"]);
    let long = [whole.as_slice(), &[0]].concat();
    assert_contains(&refused(&long), &["more bytes", "than the 3×2×3"]);
    // a product beyond 2⁶⁴
    let vast = idx(&[u32::MAX, u32::MAX, u32::MAX], &[0; 5]);
    assert_contains(&refused(&vast), &["cut short", "4294967295×4294967295"]);
}

/// As `gzip -dc` reads them: several members, and zeros behind the last.
#[test]
fn gzip_files_may_be_padded_with_zeros_and_have_several_members() {
    let folder = Folder::new();
    let whole = small_images(3);
    let plain = ImageSet::read_idx(&folder.write("plain", &whole), None, 10).unwrap();
    let packed = gzip(&whole);
    let halves = [gzip(&whole[..20]), gzip(&whole[20..])].concat();
    for bytes in [packed, halves] {
        for zeros in [0, 1, 511, 10_240, 100_000] {
            let padded = [bytes.as_slice(), &vec![0; zeros]].concat();
            let read = ImageSet::read_idx(&folder.write("padded", &padded), None, 10);
            assert_eq!(read.unwrap(), plain, "{zeros} zeros");
        }
    }
}

/// What a header announces is read and no more: 64 MiB of zeros stay packed.
#[test]
fn no_more_is_unpacked_than_the_header_announces() {
    let bomb = [small_images(3), vec![0; 1 << 26]].concat();
    assert_contains(&refused(&gzip(&bomb)), &["more bytes", "than the 3×2×3"]);
    // zeros announce nothing
    assert_contains(
        &refused(&gzip(&vec![0; 1 << 20])),
        &["not an IDX file of images"],
    );
    let folder = Folder::new();
    let path = folder.write("data.bin", &gzip(&vec![0; 3073 * 100_001]));
    let error = ImageSet::read_cifar(&[path], ImageFormat::Cifar10).unwrap_err();
    assert_contains(&error.to_string(), &["more than 100000 records"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused() {
    let error = ImageSet::read_idx(Path::new("/dev/zero"), None, 10).unwrap_err();
    assert_contains(&error.to_string(), &["/dev/zero", "no regular file"]);
}

#[test]
fn damaged_gzip_data_are_refused() {
    let packed = gzip(&small_images(25));
    assert_contains(
        &refused(&packed[..packed.len() - 20]),
        &["cut short", "gzip"],
    );
    assert_contains(
        &refused(&packed[..packed.len() - 1]),
        &["cut short", "gzip"],
    );
    let mut damaged = packed.clone();
    let crc = damaged.len() - 8;
    damaged[crc] ^= 1;
    assert_contains(&refused(&damaged), &["damaged gzip data"]);
    for rubbish in [b"rubbish".as_slice(), b"\0\0rubbish", b"\x1frubbish"] {
        let trailing = [packed.as_slice(), rubbish].concat();
        assert_contains(&refused(&trailing), &["followed by", "no gzip data"]);
    }
    // whole gzip data around IDX data that are cut short
    let message = refused(&gzip(&small_images(3)[..30]));
    assert_contains(&message, &["cut short", "14 bytes"]);
}

#[test]
fn files_that_are_not_idx_images_are_refused() {
    let page = refused(b"<!DOCTYPE html>");
    assert_contains(&page, &["not an IDX file", "<!DO"]);
    let labels = refused(&idx(&[3], &[7, 0, 9]));
    assert_contains(&labels, &["2049", "2051", "file of labels"]);
    let mut floats = small_images(3);
    floats[2] = 0x0d;
    assert_contains(&refused(&floats), &["0x0d", "unsigned bytes"]);
    let colour = refused(&idx(&[1, 2, 2, 3], &[0; 12]));
    assert_contains(&colour, &["4 dimensions"]);
    assert_contains(&refused(&idx(&[0, 2, 3], &[])), &["no pixel"]);
    assert_contains(&refused(&idx(&[3, 0, 3], &[])), &["no pixel"]);
}

#[test]
fn labels_that_do_not_fit_are_refused() {
    let folder = Folder::new();
    let images = folder.write("images", &small_images(3));
    let error = |labels: &[u8], classes| {
        let path = folder.write("labels", labels);
        let error = ImageSet::read_idx(&images, Some(&path), classes).unwrap_err();
        assert_eq!(error.path(), path);
        error.to_string()
    };
    let few = error(&idx(&[2], &[1, 2]), 10);
    assert_contains(&few, &["2 labels", "3 images", "do not belong together"]);
    let outside = error(&idx(&[3], &[1, 10, 2]), 10);
    assert_contains(&outside, &["image 1", "label 10", "10 classes", "EMNIST"]);
    let swapped = error(&small_images(3), 10);
    assert_contains(&swapped, &["file of images", "2049"]);
    assert_contains(&error(&idx(&[3], &[1, 2]), 10), &["cut short"]);
    // the labels of EMNIST letters
    let path = folder.write("labels", &idx(&[3], &[1, 26, 13]));
    let letters = ImageSet::read_idx(&images, Some(&path), 27).unwrap();
    assert_eq!(letters.labels(), Some([1, 26, 13].as_slice()));
}

/// A CIFAR record whose pixels are all its fine label.
fn record(labels: &[u8]) -> Vec<u8> {
    let mut bytes = labels.to_vec();
    bytes.extend(vec![*labels.last().unwrap(); 3072]);
    bytes
}

#[test]
fn cifar_files_are_read_in_order_with_their_fine_labels() {
    let folder = Folder::new();
    let first = folder.write("a.bin", &[record(&[3]), record(&[9])].concat());
    let second = folder.write("b.bin", &gzip(&record(&[0])));
    let set = ImageSet::read_cifar(&[first, second], ImageFormat::Cifar10).unwrap();
    assert_eq!(set.labels(), Some([3, 9, 0].as_slice()));
    assert_eq!(set.shape().size(), 3072);
    assert_eq!(set.image(1), [9; 3072]);
    let fine = folder.write("c.bin", &[record(&[19, 99]), record(&[0, 4])].concat());
    let set = ImageSet::read_cifar(&[fine], ImageFormat::Cifar100).unwrap();
    assert_eq!(set.labels(), Some([99, 4].as_slice()));
    assert_eq!(set.image(0), [99; 3072]);
}

#[test]
fn broken_cifar_files_are_refused() {
    let folder = Folder::new();
    let error = |bytes: &[u8], format| {
        let path = folder.write("data.bin", bytes);
        let error = ImageSet::read_cifar(std::slice::from_ref(&path), format).unwrap_err();
        named(&path, error.to_string(), "binary version")
    };
    let ten = [record(&[3]), record(&[9])].concat();
    let cut = error(&ten[..6000], ImageFormat::Cifar10);
    assert_contains(&cut, &["6000 bytes", "3073-byte", "cut short"]);
    assert_contains(&error(&[], ImageFormat::Cifar10), &["0 bytes"]);
    let other = error(&ten, ImageFormat::Cifar100);
    assert_contains(&other, &["whole records of CIFAR-10;", "set that format"]);
    let label = error(&record(&[10]), ImageFormat::Cifar10);
    assert_contains(&label, &["record 0", "label 10", "0 … 9"]);
    let coarse = error(&record(&[20, 5]), ImageFormat::Cifar100);
    assert_contains(&coarse, &["label 20", "0 … 19"]);
    let fine = error(&record(&[2, 100]), ImageFormat::Cifar100);
    assert_contains(&fine, &["label 100", "0 … 99"]);
    let pickle = error(b"\x80\x02}q\x01(U\x0bbatch_label", ImageFormat::Cifar10);
    assert_contains(&pickle, &["3073-byte"]);
}

/// The digits in the repository.
fn digits() -> ImageSet {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
    ImageSet::read_idx(
        &data.join("mnist-1500-images-idx3-ubyte.gz"),
        Some(&data.join("mnist-1500-labels-idx1-ubyte.gz")),
        10,
    )
    .unwrap()
}

#[test]
fn the_set_in_the_repository_holds_1500_digits_in_turn() {
    let set = digits();
    assert_eq!(set.count(), 1500);
    assert_eq!((set.shape().height, set.shape().width), (28, 28));
    let in_turn = |(index, &label): (usize, &u8)| usize::from(label) == index % 10;
    assert!(set.labels().unwrap().iter().enumerate().all(in_turn));
    // digits are bright strokes on black
    let mean = |index| set.image(index).iter().map(|&b| f64::from(b)).sum::<f64>() / 784.0;
    assert!((0..1500).all(|index| mean(index) > 5.0 && mean(index) < 120.0));
}

/// All patterns of one sample's law.
fn drawn(images: &Images, is_validation: bool, count: usize, seed: u64) -> Patterns<f64> {
    let size = images.given_size().unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let law = if is_validation {
        images.prepare_validation(size, &mut rng)
    } else {
        images.prepare(size, &mut rng)
    };
    law.draw(size, count, &StreamKey::new(seed).seed("patterns"))
}

/// Which of the images `0 … count` of 2×3 each pattern is: byte k of image i is 10 i + k.
fn identities(patterns: &Patterns<f64>) -> Vec<usize> {
    (0..patterns.count())
        .map(|pattern| {
            let row = patterns.row(pattern);
            let image = (0..25_u8)
                .find(|image| (row[0] * 255.0 - 10.0 * f64::from(*image)).abs() < 1e-9)
                .unwrap();
            let expected = (0..6_u8).map(|k| f64::from(10 * image + k) / 255.0);
            for (value, expected) in row.iter().zip(expected) {
                assert!((value - expected).abs() < 1e-15);
            }
            image.into()
        })
        .collect()
}

fn twenty_five(preparation: Preparation, share: f64, seed: u64) -> Images {
    let folder = Folder::new();
    let path = folder.write("images", &small_images(25));
    let set = ImageSet::read_idx(&path, None, 10).unwrap();
    Images::new(set, preparation, share, seed).unwrap()
}

#[test]
fn samples_draw_distinct_images_that_are_never_those_of_validation() {
    let images = twenty_five(Preparation::default(), 0.2, 1);
    assert_eq!((images.stored_count(), images.validation_count()), (20, 5));
    assert_eq!(images.largest_count(), Some(20));
    let mut validation = identities(&drawn(&images, true, 5, 0));
    validation.sort_unstable();
    for seed in 0..50 {
        let mut stored = identities(&drawn(&images, false, 20, seed));
        let first = stored[0];
        stored.sort_unstable();
        stored.dedup();
        assert_eq!(stored.len(), 20, "each image once");
        assert!(stored.iter().all(|image| !validation.contains(image)));
        let mut again = identities(&drawn(&images, true, 5, seed));
        again.sort_unstable();
        assert_eq!(again, validation, "one split for all samples");
        assert_eq!(identities(&drawn(&images, false, 1, seed))[0], first);
    }
    // another seed of the job splits differently
    let other = twenty_five(Preparation::default(), 0.2, 2);
    let mut split = identities(&drawn(&other, true, 5, 0));
    split.sort_unstable();
    assert_ne!(split, validation);
}

#[test]
fn every_image_is_stored_equally_often() {
    let images = twenty_five(Preparation::default(), 0.0, 1);
    let (draws, per_draw) = (5000_u32, 5);
    let mut counts = [0_u32; 25];
    for seed in 0..draws {
        for image in identities(&drawn(&images, false, per_draw, seed.into())) {
            counts[image] += 1;
        }
    }
    // hypergeometric: each image is in a draw with probability 1/5
    let expected = f64::from(draws) / 5.0;
    let deviation = (f64::from(draws) * 0.2 * 0.8).sqrt();
    for count in counts {
        let z = (f64::from(count) - expected) / deviation;
        assert!(z.abs() < 4.0, "{count}: z = {z}");
    }
}

#[test]
fn patterns_beyond_a_tile_are_distinct_images_too() {
    let images = Images::new(digits(), Preparation::default(), 0.0, 1).unwrap();
    let patterns = drawn(&images, false, 1500, 3);
    let mut rows: Vec<Vec<u64>> = (0..1500)
        .map(|pattern| patterns.row(pattern).iter().map(|x| x.to_bits()).collect())
        .collect();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), 1500);
}

#[test]
fn pooling_centering_and_normalization_do_what_they_say() {
    let mean = |row: &[f64]| row.iter().sum::<f64>() / row.len() as f64;
    let prepared = |preparation| {
        let images = Images::new(digits(), preparation, 0.0, 1).unwrap();
        drawn(&images, false, 1500, 3)
    };
    let plain = prepared(Preparation::default());
    let pooled = prepared(Preparation {
        pooling: 2,
        ..Preparation::default()
    });
    assert_eq!((plain.size(), pooled.size()), (784, 196));
    let (wide, narrow) = (plain.row(7), pooled.row(7));
    for (row, column) in [(0, 0), (6, 5), (13, 13)] {
        let at = |r: usize, c: usize| wide[(2 * row + r) * 28 + 2 * column + c];
        let expected = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0;
        assert!((narrow[row * 14 + column] - expected).abs() < 1e-15);
    }
    let centred = prepared(Preparation {
        centering: Centering::Image,
        ..Preparation::default()
    });
    assert!((centred.row(7)[100] - (wide[100] - mean(wide))).abs() < 1e-15);
    assert!(mean(centred.row(7)).abs() < 1e-14);
    let around_set = prepared(Preparation {
        centering: Centering::Set,
        ..Preparation::default()
    });
    let column: Vec<f64> = (0..1500).map(|pattern| plain.row(pattern)[400]).collect();
    assert!((around_set.row(7)[400] - (wide[400] - mean(&column))).abs() < 1e-14);
    let sphere = prepared(Preparation {
        normalization: Normalization::Sphere,
        ..Preparation::default()
    });
    assert!((sphere.squared_norm(7) - 1.0).abs() < 1e-14);
    let ratio = sphere.row(7)[400] / wide[400];
    assert!((sphere.row(7)[350] - ratio * wide[350]).abs() < 1e-14);
}

#[test]
fn images_that_cannot_be_prepared_are_named() {
    let folder = Folder::new();
    let mut bytes = small_images(3);
    bytes[22..28].fill(77);
    let set = ImageSet::read_idx(&folder.write("images", &bytes), None, 10).unwrap();
    let error = |preparation| Images::new(set.clone(), preparation, 0.0, 1).unwrap_err();
    let pooling = error(Preparation {
        pooling: 2,
        ..Preparation::default()
    });
    assert_contains(&pooling.to_string(), &["2×2", "2×3"]);
    let zero = error(Preparation {
        pooling: 0,
        ..Preparation::default()
    });
    assert!(matches!(zero, PreparationError::Pooling { pooling: 0, .. }));
    let flat = Preparation {
        centering: Centering::Image,
        normalization: Normalization::Sphere,
        ..Preparation::default()
    };
    assert_eq!(error(flat), PreparationError::Blank { index: 1 });
}

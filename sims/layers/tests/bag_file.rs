//! Bags from files, and every way in which these can be wrong.

use std::io::Write;
use std::path::PathBuf;

use dam_layers::BagSet;
use flate2::Compression;
use flate2::write::GzEncoder;

struct Folder(tempfile::TempDir);

impl Folder {
    fn write(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join("bags.csv.gz");
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

const TEXT: &str = "label,bag,a,b\n1,7,0.5,1\n0,3,2,-1\n1,7,3,4\n-1,9,5,6\n";

#[test]
fn rows_of_a_bag_come_together_plain_or_packed() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let plain = BagSet::read(&folder.write(TEXT.as_bytes())).unwrap();
    assert_eq!(plain.labels, [true, false, false]);
    assert_eq!(plain.rows, [0.5, 1.0, 3.0, 4.0, 2.0, -1.0, 5.0, 6.0]);
    assert_eq!((plain.size, plain.bag(0)), (2, &[0.5, 1.0, 3.0, 4.0][..]));
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(TEXT.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(BagSet::read(&folder.write(&packed)).unwrap(), plain);
    let error = BagSet::read(&folder.write(&packed[..packed.len() - 9])).unwrap_err();
    assert!(
        error.to_string().contains("bags.csv.gz is cut short"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_is_named_with_its_row() {
    let folder = Folder(tempfile::tempdir().unwrap());
    for (text, expected) in [
        (
            "1,1,2\n0,1,3\n",
            "another label in row 2 than in the rows of bag 1 before it",
        ),
        ("1,1,2\n0,2,NaN\n", "NaN in row 2, column 3"),
        ("1,1,2\n0.5,2,3\n", "the label 0.5 in row 2"),
        ("1,1,2\n1,2,3\n", "2 bags of one class"),
        (
            "1,1,2\n0,2\n",
            "2 numbers in line 2 and 3 in the lines before",
        ),
        ("1,1\n0,2\n", "holds 2×2; bags are rows of a label"),
        ("", "bags are rows of a label"),
    ] {
        let error = BagSet::read(&folder.write(text.as_bytes()))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("bags.csv.gz") && error.contains(expected),
            "{error}"
        );
    }
}

//! `dam codes`: points on a sphere with the largest least angle.

use std::path::{Path, PathBuf};

use clap::Args;
use dam::plots::figure::Origin;
use dam::plots::special::code_figure;
use dam::runs::whole_file::PendingFile;
use dam::sims::codes::{CodeSearch, SphericalCode, known_optimum, optimise_code};
use dam::theory::bounds::code_angle_bounds;

use super::options::{FormatArguments, create_folder};
use crate::terminal::error::CommandError;
use crate::terminal::note::note;
use crate::terminal::table;

/// Angles in radians within this of the least are contacts.
const CONTACT: f64 = 1e-7;

/// Place points on a sphere with the largest least angle
#[derive(Debug, Args)]
pub struct Arguments {
    /// Dimension d of the space; the points lie on its unit sphere
    #[arg(long, value_name = "d", value_parser = clap::value_parser!(u32).range(2..=1000))]
    dimension: u32,
    /// Number of points M
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u32).range(2..=5000))]
    points: u32,
    /// Random starts
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    restarts: u32,
    /// Root of the random streams
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the coordinates and, for d = 2 and 3, the figure
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArguments,
}

pub fn execute(arguments: &Arguments) -> Result<(), CommandError> {
    let search = CodeSearch {
        dimension: arguments.dimension as usize,
        count: arguments.points as usize,
        restarts: arguments.restarts as usize,
        seed: arguments.seed,
    };
    if let Some(directory) = &arguments.output {
        create_folder(directory)?;
    }
    let (lower, upper) = code_angle_bounds(search.dimension, search.count)?;
    let known = known_optimum(search.dimension, search.count);
    let code = optimise_code(&search);
    let contacts = code.contacts(CONTACT);
    let known_angle = known.map(|known| known.angle.to_degrees());
    let status = known.map_or("not in the tables", |known| known.status.description());
    let row = vec![
        ("dimension", search.dimension.into()),
        ("points", search.count.into()),
        (
            "least_angle_degrees",
            code.least_angle().to_degrees().into(),
        ),
        ("contacts", contacts.len().into()),
        ("bound_lower_degrees", lower.to_degrees().into()),
        ("bound_upper_degrees", upper.to_degrees().into()),
        ("known_degrees", known_angle.into()),
        ("known_status", status.into()),
    ];
    table::print(arguments.format.format, [Ok(row)])?;
    if let Some(directory) = &arguments.output {
        write(&code, &contacts, directory)?;
    }
    Ok(())
}

/// The coordinates as csv and, in the plane and in space, the figure.
fn write(
    code: &SphericalCode,
    contacts: &[(usize, usize)],
    directory: &Path,
) -> Result<(), CommandError> {
    let (dimension, count) = (code.dimension(), code.count());
    let stem = format!("code.d{dimension}.m{count}");
    let path = directory.join(format!("{stem}.csv"));
    write_coordinates(code, &path).map_err(|error| CommandError::not_writable(&path, &error))?;
    note(format_args!("wrote {}", path.display()));
    if dimension <= 3 {
        let points: Vec<Vec<f64>> = (0..count).map(|index| code.point(index).to_vec()).collect();
        let title = format!(
            "{count} points, d = {dimension}: {:.5}°",
            code.least_angle().to_degrees()
        );
        let figure = code_figure(&title, &points, contacts)?.made_from(Origin::theory("dam codes"));
        for path in figure.write(directory, &format!("{stem}.figure"))? {
            note(format_args!("wrote {}", path.display()));
        }
    }
    Ok(())
}

fn write_coordinates(code: &SphericalCode, path: &Path) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(PendingFile::new(path)?);
    writer.write_record((1..=code.dimension()).map(|axis| format!("x{axis}")))?;
    for index in 0..code.count() {
        writer.write_record(code.point(index).iter().map(f64::to_string))?;
    }
    let file = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    file.finish().map(drop)
}

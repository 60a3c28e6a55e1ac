//! Numbers of networks as `.npz` files, by the names of their blocks.

use std::path::Path;

use dam_memory::files::{FileError, npz_bytes, read_npz};

use crate::parameters::{Parameters, named};

impl Parameters {
    /// The bytes of a `.npz` with an array for each block: NumPy reads it, and PyTorch loads it as
    /// the `state_dict` of the module that the blocks are named after.
    pub fn npz(&self) -> Vec<u8> {
        npz_bytes(self.blocks().iter().map(|block| {
            let values = block.span.of(self.values());
            (block.name.as_str(), block.dimensions.as_slice(), values)
        }))
    }

    /// Reads the blocks of a module from the arrays of a module in a `.npz`, such as a `state_dict`
    /// that PyTorch has saved with `numpy.savez`: arrays `{there}.x` are the blocks `{here}.x`, all
    /// of them where the name is empty.
    ///
    /// # Errors
    /// [`FileError`] naming the file: it cannot be read, lacks a block, holds an array that is none,
    /// or one of other dimensions or with numbers that are not finite; nothing is changed then.
    pub fn load(&mut self, path: &Path, [there, here]: [&str; 2]) -> Result<(), FileError> {
        let error = |message: String| Err(FileError::new(path, message));
        let mut values = self.values().to_vec();
        let mut is_missing: Vec<&str> = self.parts(here).collect();
        for (name, table) in read_npz(path)? {
            let Some(part) = part(&name, there) else {
                continue;
            };
            let Some(block) = self.block(&named(here, part)) else {
                let known: Vec<&str> = self.parts(here).collect();
                return error(format!(
                    "holds {name:?}, which is no block of this network: leave it out, or build the \
                     network with it; its blocks are {}",
                    known.join(", ")
                ));
            };
            if table.dimensions != block.dimensions {
                let expected: Vec<String> = block.dimensions.iter().map(usize::to_string).collect();
                return error(format!(
                    "holds {} in {name:?}, where the network has {}",
                    table.shape(),
                    expected.join("×")
                ));
            }
            if let Some(value) = table.values.iter().find(|value| !value.is_finite()) {
                return error(format!("holds {value} in {name:?}; weights are finite"));
            }
            is_missing.retain(|missing| *missing != part);
            block
                .span
                .of_mut(&mut values)
                .copy_from_slice(&table.values);
        }
        if !is_missing.is_empty() {
            let missing: Vec<String> = is_missing.iter().map(|part| named(there, part)).collect();
            return error(format!("lacks {}", missing.join(", ")));
        }
        self.values_mut().copy_from_slice(&values);
        Ok(())
    }

    /// The names of the blocks of a module, within it.
    fn parts<'a>(&'a self, module: &'a str) -> impl Iterator<Item = &'a str> {
        let blocks = self.blocks().iter();
        blocks.filter_map(move |block| part(&block.name, module))
    }
}

/// The name within a module of what belongs to it.
fn part<'a>(name: &'a str, module: &str) -> Option<&'a str> {
    if module.is_empty() {
        return Some(name);
    }
    name.strip_prefix(module)?.strip_prefix('.')
}

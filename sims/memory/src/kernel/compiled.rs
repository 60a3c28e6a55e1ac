//! The text of the kernel compiled for the instruction sets of x86-64: entry points that enable them.

use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

use crate::kernel::batch::InstructionSet;
use crate::kernel::scratch::{Plan, Scratch};
use crate::kernel::simd::Simd;
use crate::kernel::spans::Paths;
use crate::kernel::{flush, large, small};

/// The entry points of one instruction set for one element type.
macro_rules! entry_points {
    ($module:ident, $features:literal, $vector:ty, $element:ty, $r2:literal, $c2:literal, $r1:literal, $c1:literal, $narrow:expr) => {
        mod $module {
            use super::*;

            #[target_feature(enable = $features)]
            fn add_states(
                plan: &Plan<$element>,
                scratch: &mut Scratch<$element>,
                rows: &[$element],
                first: usize,
            ) {
                // SAFETY: this function enables the instruction set.
                unsafe {
                    large::add_rows::<$vector, $r2, $c2, $r1, $c1>(plan, scratch, rows, first)
                }
            }

            #[target_feature(enable = $features)]
            fn add_components(
                plan: &Plan<$element>,
                scratch: &mut Scratch<$element>,
                rows: &[$element],
                first: usize,
            ) {
                // SAFETY: this function enables the instruction set.
                unsafe { small::add_rows::<$vector, $element>(plan, scratch, rows, first) }
            }

            #[target_feature(enable = $features)]
            fn flush(plan: &Plan<$element>, scratch: &mut Scratch<$element>) {
                flush::flush(plan, scratch);
            }

            #[target_feature(enable = $features)]
            fn merge(plan: &Plan<$element>, total: &mut [f64], slot: &[f64]) {
                flush::merge(plan, total, slot);
            }

            pub(super) fn paths() -> Paths<$element, $element> {
                Paths {
                    lanes: <$vector as Simd>::LANES,
                    add_states,
                    add_components,
                    flush,
                    merge,
                    narrow: $narrow,
                }
            }
        }
    };
}

/// The entry points of one instruction set for patterns in single precision that are computed with in double.
macro_rules! mixed_entry_points {
    ($module:ident, $features:literal, $vector:ty, $same:ident, $narrow:expr) => {
        mod $module {
            use super::*;

            #[target_feature(enable = $features)]
            fn add_states(
                plan: &Plan<f64>,
                scratch: &mut Scratch<f64>,
                rows: &[f32],
                first: usize,
            ) {
                // Each number meets many states: widened once, it is loaded as any other.
                let mut wide = std::mem::take(&mut scratch.widened);
                wide.clear();
                wide.extend(rows.iter().map(|&value| f64::from(value)));
                // SAFETY: this function enables the instruction set.
                unsafe { (super::$same::paths().add_states)(plan, scratch, &wide, first) }
                scratch.widened = wide;
            }

            #[target_feature(enable = $features)]
            fn add_components(
                plan: &Plan<f64>,
                scratch: &mut Scratch<f64>,
                rows: &[f32],
                first: usize,
            ) {
                // SAFETY: this function enables the instruction set.
                unsafe { small::add_rows::<$vector, f32>(plan, scratch, rows, first) }
            }

            pub(super) fn paths() -> Paths<f64, f32> {
                let same = super::$same::paths();
                Paths {
                    lanes: same.lanes,
                    add_states,
                    add_components,
                    flush: same.flush,
                    merge: same.merge,
                    narrow: $narrow,
                }
            }
        }
    };
}

entry_points! { wide_single, "avx512f,avx2,fma", __m512, f32, 8, 12, 12, 20, Some(narrow_single::paths) }
entry_points! { wide_double, "avx512f,avx2,fma", __m512d, f64, 8, 12, 12, 20, Some(narrow_double::paths) }
entry_points! { narrow_single, "avx2,fma", __m256, f32, 6, 6, 9, 12, None }
entry_points! { narrow_double, "avx2,fma", __m256d, f64, 6, 6, 9, 12, None }

mixed_entry_points! { wide_mixed, "avx512f,avx2,fma", __m512d, wide_double, Some(narrow_mixed::paths) }
mixed_entry_points! { narrow_mixed, "avx2,fma", __m256d, narrow_double, None }

/// The instruction sets of this machine that the kernel knows, best first.
pub(super) fn available() -> &'static [InstructionSet] {
    let narrow = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    if narrow && is_x86_feature_detected!("avx512f") {
        &[InstructionSet::Avx512, InstructionSet::Avx2]
    } else if narrow {
        &[InstructionSet::Avx2]
    } else {
        &[]
    }
}

pub(super) fn single(set: InstructionSet) -> Option<Paths<f32, f32>> {
    match set {
        InstructionSet::Portable => None,
        InstructionSet::Avx2 => Some(narrow_single::paths()),
        InstructionSet::Avx512 => Some(wide_single::paths()),
    }
}

pub(super) fn double(set: InstructionSet) -> Option<Paths<f64, f64>> {
    match set {
        InstructionSet::Portable => None,
        InstructionSet::Avx2 => Some(narrow_double::paths()),
        InstructionSet::Avx512 => Some(wide_double::paths()),
    }
}

pub(super) fn mixed(set: InstructionSet) -> Option<Paths<f64, f32>> {
    match set {
        InstructionSet::Portable => None,
        InstructionSet::Avx2 => Some(narrow_mixed::paths()),
        InstructionSet::Avx512 => Some(wide_mixed::paths()),
    }
}

//! How much memory this process may still use.

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Bytes that can be allocated without swapping, within the limits of a container or batch job.
pub fn available_memory() -> u64 {
    let refresh = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(refresh);
    let machine = system.available_memory();
    match system.cgroup_limits() {
        Some(limits) => machine.min(limits.free_memory),
        None => machine,
    }
}

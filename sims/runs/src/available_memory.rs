//! How much memory this process may still use.

use std::path::Path;

use sysinfo::{MemoryRefreshKind, RefreshKind, System};

/// Bytes that can be allocated without swapping, within the limits of a container or batch job.
pub fn available_memory() -> u64 {
    let refresh = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let machine = System::new_with_specifics(refresh).available_memory();
    let groups = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let room = groups_room(&groups, Path::new("/sys/fs/cgroup"));
    room.map_or(machine, |room| machine.min(room))
}

/// Files of a control group: its limit, its usage, and the prefix of its statistics.
type Names = (&'static str, &'static str, &'static str);
const VERSION_1: Names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
const VERSION_2: Names = ("memory.max", "memory.current", "");

/// The least room that the control groups named in `/proc/self/cgroup` leave, from each on the way
/// up: the smallest limit counts.
fn groups_room(groups: &str, root: &Path) -> Option<u64> {
    let of_line = |line: &str| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let (top, names) = if controllers.is_empty() {
            (root.to_owned(), VERSION_2)
        } else if controllers.split(',').any(|name| name == "memory") {
            (root.join("memory"), VERSION_1)
        } else {
            return None;
        };
        let ancestors = Path::new(path.trim_start_matches('/')).ancestors();
        ancestors
            .filter_map(|group| room(&top.join(group), names))
            .min()
    };
    groups.lines().filter_map(of_line).min()
}

/// What a group may still use: files in its cache give way and count as free.
fn room(folder: &Path, (limit, usage, prefix): Names) -> Option<u64> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let number = |name: &str| read(name)?.trim().parse::<u64>().ok();
    let statistics = read("memory.stat").unwrap_or_default();
    let files = statistics.lines().filter_map(|line| {
        let (name, value) = line.split_once(' ')?;
        let name = name.strip_prefix(prefix)?;
        ["inactive_file", "active_file"]
            .contains(&name)
            .then(|| value.parse::<u64>().ok())?
    });
    let used = number(usage)?.saturating_sub(files.sum());
    Some(number(limit)?.saturating_sub(used))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use super::*;

    fn group(folder: &Path, (limit, usage, prefix): Names, numbers: [&str; 3]) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(limit), numbers[0]).unwrap();
        fs::write(folder.join(usage), numbers[1]).unwrap();
        let statistics = format!("rss 5\n{prefix}inactive_file {}\n", numbers[2]);
        fs::write(folder.join("memory.stat"), statistics).unwrap();
    }

    #[test]
    fn the_smallest_limit_on_the_way_up_counts_and_cached_files_are_free() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        group(&root.join("job/step"), VERSION_2, ["max\n", "70\n", "0"]);
        group(&root.join("job"), VERSION_2, ["100\n", "90\n", "60"]);
        assert_eq!(groups_room("0::/job/step\n", root), Some(70));
        group(&root.join("job/step"), VERSION_2, ["75\n", "70\n", "5"]);
        assert_eq!(groups_room("0::/job/step\n", root), Some(10));
        assert_eq!(groups_room("0::/elsewhere\n", root), None);
        group(&root.join("memory/a"), VERSION_1, ["50\n", "20\n", "10"]);
        let groups = "8:pids:/\n4:cpu,memory:/a/b\n0::/\n";
        assert_eq!(groups_room(groups, root), Some(40));
    }
}

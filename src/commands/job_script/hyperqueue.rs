//! An array of HyperQueue tasks.

use super::{Engine, Units};

pub(super) const ENGINE: Engine = Engine {
    name: "hyperqueue",
    about: "an array of tasks, for hq submit",
    script,
};

fn script(units: &Units) -> String {
    let Units {
        name,
        count,
        threads,
        minutes,
        mebibytes,
        ..
    } = units;
    let remarks = units.remarks();
    let run = units.run("auto");
    format!(
        r"#!/bin/sh
{remarks}
#HQ --name={name}
#HQ --array=1-{count}
#HQ --cpus={threads}
#HQ --resource=mem={mebibytes}
#HQ --time-request={minutes}m
exec {run}
"
    )
}

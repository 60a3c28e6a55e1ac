//! An array of HyperQueue tasks.

use super::Engine;

pub(super) const ENGINE: Engine = Engine {
    name: "hyperqueue",
    about: "an array of tasks, for hq submit",
    script: r"#!/bin/sh
<<remarks>>
#HQ --name=<<name>>
#HQ --array=1-<<count>>
#HQ --cpus=<<threads>>
#HQ --resource=mem=<<mebibytes>>
#HQ --time-request=<<minutes>>m
exec <<run>> --shard auto/<<count>>
",
};

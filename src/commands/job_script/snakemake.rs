//! A Snakefile: one rule for the units, one that merges them.

use super::Engine;

/// A unit that is stopped early ends with 75, which is an error to Snakemake: it is tried again.
pub(super) const ENGINE: Engine = Engine {
    name: "snakemake",
    about: "a Snakefile",
    script: r#"<<remarks>>
JOB = <<job>>
OUTPUT = <<output>>
UNITS = <<count>>

localrules: merge

rule merge:
    input: expand(OUTPUT + "/<<name>>.units/{unit}-of-" + str(UNITS), unit=range(1, UNITS + 1))
    params: job=JOB, output=OUTPUT
    shell: "dam merge {params.job:q} --output {params.output:q} && dam plot {params.job:q} --output {params.output:q}"

rule unit:
    output: touch(OUTPUT + "/<<name>>.units/{unit}-of-" + str(UNITS))
    params: job=JOB, output=OUTPUT
    threads: <<threads>>
    resources: mem_mb=<<mebibytes>>, runtime=<<minutes>>
    retries: 3
    shell: "dam run {params.job:q} --output {params.output:q} --threads {threads} --memory {resources.mem_mb} --shard {wildcards.unit}/" + str(UNITS)
"#,
};

//! A Slurm array whose elements queue themselves again when they are stopped early.

use super::Engine;

/// `srun` gives the signal at once, and does not take over the cores of the batch job by itself; the number of units stands in
/// the script, so that `sbatch --array=3,7` repeats two of them.
pub(super) const ENGINE: Engine = Engine {
    name: "slurm",
    about: "a job array, for sbatch",
    script: r#"#!/bin/sh
<<remarks>>
#SBATCH --job-name=<<name>>
#SBATCH --array=1-<<count>>
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=<<threads>>
#SBATCH --mem=<<mebibytes>>M
#SBATCH --time=<<minutes>>
#SBATCH --signal=TERM@60
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x.%a.log
srun --cpus-per-task=<<threads>> <<run>> --shard "$SLURM_ARRAY_TASK_ID/<<count>>"
status=$?
if [ "$status" = 75 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
"#,
};

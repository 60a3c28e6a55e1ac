#!/usr/bin/env bash
# Runs the recipes of docs/cluster as they stand there, on the engines that are installed here, and compares the csv of
# each byte for byte with that of one run. Starts a Slurm of its own on this machine, in a temporary folder.
#
#   scripts/cluster.sh [slurm|hyperqueue|parallel|mpirun|snakemake …]    default: all that are installed
#
# DAM is the binary (default: target/debug/dam), PYTHON one that has the package hyperqueue.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dam=$(realpath "${DAM:-$root/target/debug/dam}")
python=${PYTHON:-python3}
work=$(mktemp -d)
started=()

stop() {
    local file process
    for file in "${started[@]}"; do
        if [ -s "$file" ]; then
            process=$(cat "$file")
            # what still writes keeps the folder from being removed
            kill "$process" && timeout 20 tail --pid="$process" -f /dev/null || true
        fi
    done
    rm -rf "$work"
}
trap stop EXIT

mkdir "$work/bin"
ln -s "$dam" "$work/bin/dam"
export PATH="$work/bin:$PATH"
# as root, on fewer cores than ranks
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# What the units and the scheduler said, where something went wrong.
fail() {
    echo "$1" >&2
    tail -n 40 ./*.log "$work"/slurmd/*.log >&2 || true
    exit 1
}

# Tries a command again and again, for so many seconds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        if [ "$SECONDS" -ge "$end" ]; then fail "waited in vain for: $*"; fi
        sleep 0.2
    done
}

# A job of seconds with one task that is most of the work.
job() {
    sed -e 's/^size = .*/size = [16, 20, 24, 28]/' -e 's/^samples = .*/samples = '"$1"'/' "$root/sims/jobs/quick.toml"
}

# The commands of a recipe: the first block of shell on its page.
recipe() {
    sed -n '/^```sh$/,/^```$/{/^```/d;p};' "$root/docs/cluster/$1.md"
}

# Runs what standard input says in a folder of its own, then compares.
compared() {
    local engine=$1 begun=$SECONDS
    mkdir "$work/$engine"
    job 60 > "$work/$engine/quick.toml"
    cat > "$work/$engine/recipe.sh"
    cd "$work/$engine"
    bash -euo pipefail recipe.sh > recipe.log 2>&1 || fail "the recipe of $engine failed"
    cmp "$work/whole/results/quick.csv" results/quick.csv || fail "the recipe of $engine ends with another csv"
    cd "$root"
    echo "$engine: the csv of one run, in $((SECONDS - begun)) s"
}

# A Slurm of one node, with its own ports and its own munge.
start_slurm() {
    local folder=$work/slurmd
    mkdir -m 755 "$folder" "$folder/state" "$folder/spool"
    chmod 755 "$work"
    dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
    chmod 400 "$folder/munge.key"
    cat > "$folder/slurm.conf" <<CONF
ClusterName=dam
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=bf_interval=2,sched_interval=2
ReturnToService=2
MpiDefault=none
NodeName=$(hostname) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    started+=("$folder/slurmd.pid" "$folder/slurmctld.pid" "$folder/munged.pid")
    munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munged.seed"
    export SLURM_CONF=$folder/slurm.conf
    slurmctld -f "$SLURM_CONF"
    slurmd -f "$SLURM_CONF" -N "$(hostname)"
    await 60 is_idle
}

is_idle() { [[ $(sinfo --noheader --format=%T 2>/dev/null) == *idle* ]]; }

# Whether no job is queued or running; a controller too busy to answer does not say so.
is_queue_empty() {
    local jobs
    jobs=$(squeue --noheader --array) && [ -z "$jobs" ]
}

# Whether a unit was queued again.
is_requeued() { [[ $(scontrol show job "$1") == *Restarts=1* ]]; }

# A unit that gets SIGTERM saves, queues itself again, and the array ends as if nothing had happened.
requeued() {
    local begun=$SECONDS folder=$work/requeued unit
    mkdir "$folder"
    cd "$folder"
    job 400 > quick.toml
    dam job-script slurm quick.toml --units 2 > quick.sh
    unit=$(sbatch --parsable quick.sh)_1
    await 60 grep -qs 'samples to simulate' quick.1.log
    sleep 2
    scancel --signal=TERM "$unit"
    await 60 is_requeued "$unit"
    grep -q '^stopped' quick.1.log || fail "the unit did not say that it stopped"
    compgen -G 'results/quick.data/*partial*' > /dev/null || fail "the unit saved nothing"
    # Slurm waits two minutes before it starts such a job again; in the second in which a job ended, it refuses to
    scontrol update jobid="$unit" StartTime=now+2
    await 600 is_queue_empty
    dam merge quick.toml > /dev/null
    dam run quick.toml --output whole > /dev/null 2>&1
    cmp whole/quick.csv results/quick.csv || fail "a unit that queued itself again ends with another csv"
    cd "$root"
    echo "slurm: a unit stopped by SIGTERM queued itself again and went on; the csv of one run, in $((SECONDS - begun)) s"
}

run_slurm() {
    start_slurm
    recipe slurm | compared slurm
    requeued
}

# The package of Python has no command hq: its tasks run the script that hq would submit.
run_hyperqueue() {
    compared hyperqueue <<'RECIPE'
dam job-script hyperqueue quick.toml --units 6 > quick.sh
CI= "$PYTHON" - 6 <<'PYTHON'
import sys
from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

with LocalCluster() as cluster:
    for _ in range(2):
        cluster.start_worker(WorkerConfig(cores=1))
    client = cluster.client()
    job = Job()
    for _ in range(int(sys.argv[1])):
        job.program(["sh", "quick.sh"])
    client.wait_for_jobs([client.submit(job)])
PYTHON
dam merge quick.toml && dam plot quick.toml
RECIPE
}

run_parallel() { recipe parallel | compared parallel; }
run_mpirun() { recipe mpirun | compared mpirun; }
run_snakemake() { recipe snakemake | compared snakemake; }

is_installed() {
    case $1 in
        slurm) command -v slurmctld > /dev/null && command -v munged > /dev/null ;;
        hyperqueue) "$python" -c 'import hyperqueue' 2> /dev/null ;;
        *) command -v "$1" > /dev/null ;;
    esac
}

mkdir "$work/whole"
job 60 > "$work/whole/quick.toml"
(cd "$work/whole" && dam run quick.toml > /dev/null 2>&1)
export PYTHON=$python
for engine in "${@:-slurm hyperqueue parallel mpirun snakemake}"; do
    for one in $engine; do
        if is_installed "$one"; then
            "run_$one"
        else
            echo "$one: not installed here, not run"
            # whoever names an engine wants it run
            [ $# = 0 ]
        fi
    done
done

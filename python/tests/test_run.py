"""Jobs from Python: values, progress, interruption, tables, figures."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas
import pytest

import dense_associative_memory as dam

JOB = {
    "job": {"name": "crossovers", "experiment": "crossover", "seed": 1},
    "patterns": {"ensemble": "spherical"},
    "sweep": {"alpha": np.array([0.2, 0.3]), "size": [np.int64(24), 28]},
    "sampling": {"samples": 20},
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    seen = []
    folder = tmp_path_factory.mktemp("results")
    result = dam.run(JOB, folder, threads=2, progress=lambda done, total: seen.append((done, total)))
    return result, folder, seen


def with_key(section, key, value):
    return {**JOB, section: {**JOB[section], key: value}}


def test_a_dict_is_the_job_of_a_file(finished, tmp_path):
    result, folder, seen = finished
    assert seen and seen[-1] == (80, 80)
    assert repr(result) == "<Result 'crossovers': crossover, 4 tasks>" and result.missing_tasks == 0
    job = tmp_path / "job.toml"
    job.write_text(
        '[job]\nname = "crossovers"\nexperiment = "crossover"\nseed = 1\n'
        '[patterns]\nensemble = "spherical"\n'
        "[sweep]\nalpha = [0.2, 0.3]\nsize = [24, 28]\n[sampling]\nsamples = 20\n"
    )
    other = dam.run(job, tmp_path, threads=1, progress=False)
    pandas.testing.assert_frame_equal(other.to_pandas(), result.to_pandas())
    assert (tmp_path / "crossovers.csv").read_bytes() == (folder / "crossovers.csv").read_bytes()
    # again: nothing is left to do
    calls = []
    dam.run(job, tmp_path, progress=lambda done, total: calls.append(total))
    assert set(calls) == {0}
    pandas.testing.assert_frame_equal(dam.results(JOB, folder).to_pandas(), result.to_pandas())


def test_tables_have_every_digit_and_theory(finished):
    result, folder, _ = finished
    frame = result.to_pandas()
    crossovers = frame[frame["quantity"] == "lambda_crossover"]
    assert len(crossovers) == 4
    spherical = dam.Ensemble("spherical")
    alpha, size = crossovers["alpha"].to_numpy(), crossovers["size"].to_numpy()
    # theory of this quantity is what the ensemble says
    law = spherical.crossover_law(alpha, size)
    np.testing.assert_array_equal(crossovers["theory_finite_size"], law.mean)
    np.testing.assert_array_equal(crossovers["theory_infinite_size"], spherical.typical_inverse_temperature(alpha))
    assert (abs(crossovers["mean"] - law.mean) < 5 * crossovers["standard_error"]).all()
    # samples: their mean and standard error are those of the table
    samples = result.samples()
    assert len(samples) == 80
    grouped = samples.groupby(["alpha", "size"])["lambda_crossover"]
    np.testing.assert_allclose(grouped.mean().to_numpy(), crossovers["mean"].to_numpy(), rtol=1e-13)
    np.testing.assert_allclose(grouped.sem().to_numpy(), crossovers["standard_error"].to_numpy(), rtol=1e-12)
    compared = result.compare()
    row = compared[compared["quantity"] == "lambda_crossover"].iloc[0]
    errors = np.hypot(row["standard_error"], row["theory_error"])
    assert row["deviation"] == pytest.approx((row["measured"] - row["theory_finite_size"]) / errors)
    assert json.loads((folder / "crossovers.results.json").read_text())["name"] == "crossovers"


def test_a_quantity_over_its_dimensions(finished):
    result, _, _ = finished
    data = result.to_xarray("lambda_crossover")
    assert dict(data.sizes) == {"alpha": 2, "size": 2} and data.attrs["ensemble"] == "spherical"
    frame = result.to_pandas().set_index(["quantity", "alpha", "size"])
    assert data["mean"].sel(alpha=0.3, size=28).item() == frame.loc[("lambda_crossover", 0.3, 28), "mean"]
    with pytest.raises(dam.DomainError, match="measured .*lambda_crossover"):
        result.to_xarray("lambda")


def test_coordinates_of_the_experiment_are_dimensions(tmp_path):
    job = {
        "job": {"name": "curve", "experiment": "retrieval", "seed": 1},
        "patterns": {"ensemble": "spherical"},
        "sweep": {"alpha": 0.2, "size": [16, 20], "lambda": np.linspace(0.2, 0.6, 5)},
        "sampling": {"samples": 10},
    }
    data = dam.run(job, tmp_path, progress=False).to_xarray("retrieval_probability")
    assert dict(data.sizes) == {"size": 2, "lambda": 5}
    assert (data["mean"].diff("lambda") >= 0).all() and data["lambda"].values.tolist() == [0.2, 0.3, 0.4, 0.5, 0.6]


def test_figures_show_themselves(finished, tmp_path):
    result, _, _ = finished
    figure, other = result.figures()
    assert figure.name.startswith("crossovers.") and other.name != figure.name
    assert figure._repr_svg_() == figure.svg() == result._repr_svg_() and "<svg" in figure.svg()[:300]
    assert figure._repr_png_().startswith(b"\x89PNG") and figure.pdf().startswith(b"%PDF")
    assert figure.csv().startswith("panel,")
    written = result.save_figures(tmp_path / "new")
    assert sorted({path.suffix for path in written}) == [".csv", ".png", ".svg"] and len(written) == 6
    assert all(path.exists() for path in written)
    foreign = tmp_path / f"{figure.name}.svg"
    foreign.write_text("mine")
    with pytest.raises(dam.StoreError, match="crossovers"):
        figure.save(str(tmp_path))
    assert foreign.read_text() == "mine"


def test_shards_are_merged(finished, tmp_path):
    result, _, _ = finished
    for shard in ("1/2", "2/2"):
        part = dam.run(JOB, tmp_path, shard=shard, progress=False)
    assert not (tmp_path / "crossovers.csv").exists()
    merged = dam.run(JOB, tmp_path, progress=False)
    pandas.testing.assert_frame_equal(merged.to_pandas(), result.to_pandas())
    assert part.missing_tasks < 4
    for wrong in ("0/2", "3/2", "half"):
        with pytest.raises(dam.JobError, match="shard"):
            dam.run(JOB, tmp_path, shard=wrong)


def test_wrong_jobs_are_refused_before_any_work(finished, tmp_path):
    for job, match in (
        (with_key("sampling", "sample", 3), "sample"),
        (with_key("sweep", "size", [16, -1]), r"sweep\.size"),
        (with_key("job", "experiment", "crosover"), 'did you mean "crossover"'),
        ({"job": JOB["job"]}, "is missing; add it"),
        (with_key("sweep", "alpha", None), "job"),
    ):
        with pytest.raises(dam.JobError, match=match) as caught:
            dam.run(job, tmp_path)
        assert "line" not in str(caught.value)
    with pytest.raises(ValueError, match="[Oo]ut of range|JSON"):
        dam.run(with_key("sweep", "alpha", float("nan")), tmp_path)
    with pytest.raises(TypeError, match="no value of a job"):
        dam.run(with_key("sweep", "alpha", object()), tmp_path)
    with pytest.raises(dam.JobError, match="cannot read the job file"):
        dam.run(tmp_path / "absent.toml", tmp_path)
    with pytest.raises(TypeError, match="progress"):
        dam.run(JOB, tmp_path, progress="bar")
    assert list(tmp_path.iterdir()) == []
    _, folder, _ = finished
    with pytest.raises(dam.StoreError, match="seed"):
        dam.run(with_key("job", "seed", 2), folder)
    assert isinstance(dam.StoreError("x"), OSError) and isinstance(dam.JobError("x"), dam.DamError)


def test_an_error_of_the_callable_ends_the_run(tmp_path):
    def fail(done, total):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        dam.run(with_key("sampling", "samples", 100_000), tmp_path, progress=fail)


def test_the_bar_is_that_of_tqdm(tmp_path, capsys):
    dam.run(JOB, tmp_path)
    assert "80/80" in capsys.readouterr().err


def test_ctrl_c_keeps_the_checkpoint(tmp_path):
    job = {**JOB, "sweep": {"alpha": [0.3], "size": [30]}, "sampling": {"samples": 1000}}
    script = tmp_path / "script.py"
    script.write_text(
        "import json, signal, sys, dense_associative_memory as dam\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "job, folder, samples = json.loads(sys.argv[1]), sys.argv[2], []\n"
        "def report(done, total):\n"
        "    samples.append((done, total))\n"
        "    if done: print('begun', flush=True)\n"
        "try: dam.run(job, folder, threads=1, progress=report)\n"
        "except KeyboardInterrupt: print('interrupted', *samples[-1], flush=True)\n"
    )
    plain = {**job, "sweep": {"alpha": [0.3], "size": [30]}}
    arguments = [sys.executable, str(script), json.dumps(plain), str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        told = process.stdout.read().splitlines()[-1]
    word, done, total = told.split()
    assert word == "interrupted" and 0 < int(done) < int(total) == 1000
    checkpoints = list((tmp_path / "crossovers.data").glob("*.partial.json"))
    assert len(checkpoints) == 1
    saved = len(json.loads(checkpoints[0].read_text())["samples"])
    assert saved >= int(done)
    # the rest: what was saved is not computed again
    totals = []

    def stop(done, total):
        totals.append(total)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dam.run(job, tmp_path, progress=stop)
    assert totals == [1000 - saved]

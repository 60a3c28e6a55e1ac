"""Jobs: simulations with error bars, from a job file or a dict."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

import numpy as np

from ._errors import DamError, DomainError
from ._native import Figure, JobResult, open_job, run_job

if TYPE_CHECKING:
    import pandas
    import xarray

Job = str | os.PathLike[str] | Mapping[str, Any]
Progress = bool | Callable[[int, int], object]

#: Columns that hold what was measured and what theory says.
_VALUES = [
    "mean",
    "median",
    "standard_error",
    "lower",
    "upper",
    "count",
    "theory_finite_size",
    "theory_error",
    "theory_infinite_size",
]


def run(
    job: Job,
    output: str | os.PathLike[str] = "results",
    *,
    threads: int | None = None,
    shard: str | None = None,
    progress: Progress = True,
) -> Result:
    """Runs what is missing of a job, and gives what is then finished.

    Parameters
    ----------
    job : str, path or mapping
        A job file, or a dict of its sections, {"job": {...}, "patterns": {...}, ...}, whose values may be NumPy
        arrays and scalars. The keys are those of docs/jobs.md; paths in a dict start from the working folder.
    output : str or path
        Folder of the results. What is there of the same job is not computed again.
    threads : int, optional
        By default all cores; results do not depend on it.
    shard : str, optional
        "i/k": part i of k of the samples. The result then holds the tasks that are finished so far; when all parts
        are, `run` without shard merges them.
    progress : bool or callable
        True shows a bar of tqdm where that is installed; a callable gets (finished samples, all samples) ten times
        a second.

    Returns
    -------
    Result

    Raises
    ------
    JobError
        A job that cannot be run: the key and the mend.
    StoreError
        Results of another job in the folder, or files that cannot be read or written.
    KeyboardInterrupt
        Ctrl-C ends the run within half a second; finished samples are saved, and the same call goes on from there.
        Where the samples in hand take longer, the job stays locked until they end.
    """
    with _reporter(progress) as report:
        return Result(run_job(*_source(job), os.fspath(output), threads, shard, report))


def results(job: Job, output: str | os.PathLike[str] = "results") -> Result:
    """What is there of a job, without running or writing anything.

    Arguments and errors as of `run`.

    Returns
    -------
    Result
    """
    return Result(open_job(*_source(job), os.fspath(output)))


def _source(job: Job) -> tuple[str | None, str | None]:
    """The path of a job, or its text in JSON."""
    if isinstance(job, Mapping):
        return None, json.dumps(job, default=_plain, allow_nan=False)
    return os.fspath(job), None


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays, mappings and paths, as JSON has them."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"job: a {type(value).__name__} is no value of a job; give numbers, texts, lists or arrays")


@contextmanager
def _reporter(progress: Progress) -> Iterator[Callable[[int, int], object] | None]:
    if progress is not True:
        if progress not in (False, None) and not callable(progress):
            raise TypeError("progress: True, False or a callable of (finished samples, all samples)")
        yield progress if callable(progress) else None
        return
    try:
        # the bar of notebooks warns where ipywidgets is missing
        has_widgets = importlib.util.find_spec("ipywidgets") is not None
        tqdm = importlib.import_module("tqdm.auto" if has_widgets else "tqdm").tqdm
    except ImportError:
        yield None
        return
    with tqdm(unit="sample", mininterval=0.2) as bar:

        def report(finished: int, samples: int) -> None:
            bar.total = samples
            bar.update(finished - bar.n)

        yield report


class Result:
    """The finished tasks of a job: what was measured, beside theory. In a notebook it shows its first figure."""

    def __init__(self, native: JobResult) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """The name of the job."""
        return self._native.name

    @property
    def finished_tasks(self) -> int:
        """Parameter points that are finished."""
        return self._native.finished_tasks

    @property
    def missing_tasks(self) -> int:
        """Parameter points that are not."""
        return self._native.missing_tasks

    @property
    def warnings(self) -> list[str]:
        """Samples that did not meet a criterion of their own, in sentences."""
        return self._native.warnings

    @property
    def findings(self) -> list[str]:
        """What the numbers say, in sentences, where the experiment draws conclusions."""
        return self._native.findings

    def __repr__(self) -> str:
        tasks = f"{self.finished_tasks} tasks"
        if self.missing_tasks:
            tasks += f", {self.missing_tasks} missing"
        return f"<Result {self.name!r}: {self._native.experiment}, {tasks}>"

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each task and quantity, as in `<name>.csv`: where, mean, median, standard error, 95 % interval,
        count, theory at N with what it may be off by, theory at N = ∞, settings and provenance.

        Returns
        -------
        pandas.DataFrame
        """
        rows = list(csv.reader(io.StringIO(self._native.table())))
        columns = zip(*rows[1:]) if len(rows) > 1 else [()] * len(rows[0])
        # pandas' own readers are off in the last digit, in some versions
        return _optional("pandas").DataFrame({name: _column(cells) for name, cells in zip(rows[0], columns)})

    def to_xarray(self, quantity: str) -> xarray.Dataset:
        """One quantity as a Dataset: mean, median, standard_error, theory_finite_size, … over the dimensions that
        vary in the sweep (alpha or pattern_count, coordinates of the experiment such as lambda) and size.

        Parameters
        ----------
        quantity : str
            One of the column `quantity` of `to_pandas`.

        Returns
        -------
        xarray.Dataset
            nan at points of the grid that the sweep does not have.

        Raises
        ------
        DomainError
            A quantity that was not measured; the message lists those that were.
        """
        datasets = _optional("xarray").Dataset
        frame = self.to_pandas()
        known = list(dict.fromkeys(frame["quantity"]))
        if quantity not in known:
            raise DomainError(f"quantity = {quantity!r}: {self.name!r} measured {', '.join(known)}")
        frame = frame[frame["quantity"] == quantity]
        columns = list(frame.columns)
        # coordinates and labels of the quantity stand between the count and theory
        own = columns[columns.index("count") + 1 : columns.index("theory_finite_size")]
        # α and P tell the same: at each N one follows from the other
        load = "alpha" if frame["alpha"].nunique() <= frame["pattern_count"].nunique() else "pattern_count"
        varying = [name for name in [load, *own] if frame[name].notna().all() and frame[name].nunique() > 1]
        table = frame.set_index([*varying, "size"])
        if not table.index.is_unique:
            raise DamError(f"{quantity!r} is not told apart by {', '.join(varying)} and size; take to_pandas()")
        data: xarray.Dataset = datasets.from_dataframe(table[_VALUES])
        first = frame.iloc[0]
        data.attrs = {"job": self.name, "quantity": quantity, **{key: first[key] for key in ("experiment", "ensemble")}}
        return data

    def compare(self) -> pandas.DataFrame:
        """Every quantity of which theory speaks: measured value, its standard error, theory at N with its error,
        the deviation in units of both errors, theory at N = ∞.

        Returns
        -------
        pandas.DataFrame
        """
        rows = []
        for compared in json.loads(self._native.comparisons()):
            quantity = compared["quantity"]
            measured = quantity["mean"] if quantity["mean"] is not None else quantity["median"]
            if compared["finite_size"] is None and compared["infinite_size"] is None:
                continue
            place = {key: compared["task"].get(key) for key in ("ensemble", "alpha", "size", "pattern_count")}
            rows.append(
                {
                    **place,
                    "quantity": quantity["name"],
                    **quantity.get("coordinates", {}),
                    **quantity.get("labels", {}),
                    "measured": measured,
                    "standard_error": quantity["standard_error"],
                    "theory_finite_size": compared["finite_size"],
                    "theory_error": compared["finite_size_error"],
                    "deviation": compared["deviation"],
                    "theory_infinite_size": compared["infinite_size"],
                }
            )
        return _optional("pandas").DataFrame(rows)

    def samples(self) -> pandas.DataFrame:
        """A row for each disorder sample of each task: what it measured, arrays where that is a list.

        Returns
        -------
        pandas.DataFrame
        """
        rows = []
        for task in json.loads(self._native.samples()):
            place = {key: task["task"].get(key) for key in ("alpha", "size", "pattern_count")}
            for number, record in enumerate(task["samples"]):
                numbers = {
                    name: np.array(value, dtype=float) if isinstance(value, list) else value
                    for name, value in record.items()
                }
                rows.append({**place, "sample": number, **numbers})
        return _optional("pandas").DataFrame(rows)

    def figures(self) -> list[Figure]:
        """The figures that the job has something to show in.

        Returns
        -------
        list of Figure
        """
        return self._native.figures()

    def save_figures(self, directory: str | os.PathLike[str] | None = None) -> list[Path]:
        """Writes every figure as svg, png and csv, by default beside the results.

        Returns
        -------
        list of pathlib.Path
        """
        place = self._native.directory if directory is None else directory
        return [path for figure in self.figures() for path in figure.save(os.fspath(place))]

    def _repr_svg_(self) -> str | None:
        figures = self.figures()
        return figures[0].svg() if figures else None


def _column(cells: Sequence[str]) -> list[Any]:
    """Whole numbers, else numbers with nan for empty cells, else texts."""
    for kind in (int, lambda cell: float(cell) if cell else np.nan):
        try:
            return [kind(cell) for cell in cells]
        except ValueError:
            pass
    return [cell or None for cell in cells]


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install {name}") from error

"""The notebook of examples/ runs, in few lines, and shows the README's figure."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "examples" / "readme_figure.ipynb"


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebook_redraws_the_figure_and_compares_with_theory(tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    lines = [line for cell in code(notebook) for line in cell.source.splitlines() if line.strip()]
    assert len(lines) <= 25
    # fewer samples take a second or two: their errors are larger, theory is the same
    first = code(notebook)[0]
    assert "samples = 200\n" in first.source
    first.source = first.source.replace("samples = 200\n", "samples = 8\n")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    (shown,) = [output for output in first.outputs if output.output_type == "execute_result"]
    assert "λ" in shown.data["image/svg+xml"]
    (text,) = code(notebook)[-1].outputs
    within, points = (int(word) for word in text.text.split() if word.isdigit() and word != "3")
    assert within == points > 10

"""docs/tutorials/python.md, word for word: its blocks run one after another and print what stands below them."""

import contextlib
import io
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorials" / "python.md"


def blocks(text):
    """(number of the first line, kind, text) of each fenced block."""
    found, kind, lines = [], None, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("```"):
            lines.append(line)
        elif kind is None:
            kind, lines = line[3:], []
        else:
            found.append((number - len(lines), kind, "\n".join(lines)))
            kind = None
    assert kind is None, "a block is not closed"
    return found


def test_the_tutorial_prints_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names, printed = {}, None
    code = 0
    for line, kind, text in blocks(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "python":
            assert not printed, f"what the block before line {line} prints does not stand in the text: {printed}"
            # lines of errors are those of the page
            program = compile("\n" * (line - 1) + text, str(TUTORIAL), "exec")
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(program, names)
            printed = output.getvalue().rstrip("\n")
            code += 1
        else:
            assert kind == "text" and printed is not None, f"line {line}: a block {kind} after no code"
            assert text == printed, f"line {line} of {TUTORIAL.name}"
            printed = None
    assert code >= 8 and not printed
    # what the text says of files
    assert {path.name for path in (tmp_path / "figures").iterdir()} >= {"python.crossover.png", "python.crossover.csv"}

#!/usr/bin/env python3
"""Writes the tables of docs/performance.md from the csv files of compare.py.

    python scripts/benches/tables.py            every block between <!-- times FILE.csv --> and <!-- end --> anew
    python scripts/benches/tables.py --check    exit status 1 where one would change

Rows are shapes; ratios are times of other libraries over dam's on all threads, quiet rounds before busy ones.
"""

import csv
import re
import sys
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BLOCK = re.compile(r"(<!-- times (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
# Layouts of torch's public function; the other one calls the operator behind it.
PUBLIC = ("SDPA, 1 head", "SDPA, states on 2 heads")


def digits(value):
    """Three digits."""
    return f"{value:#.3g}".rstrip(".") if value < 1000 else f"{value:.0f}"


def table(path):
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    place = lambda row: (row["precision"], row["pattern_count"], row["size"], row["batch"])
    most = max(int(row["threads"]) for row in rows)
    lines = ["| precision P, N, B | state | dam, ms: 1 thread | {} threads | NumPy | torch | SDPA, public | SDPA, any | "
             "of peak, 1 / {} | of reading, 1 / {} | difference |".format(most, most, most)]
    lines.append("|" + "---|" * 11)
    for shape in dict.fromkeys(map(place, rows)):
        own = [row for row in rows if place(row) == shape]
        for state in sorted({row.get("state") or "quiet" for row in own}, reverse=True):
            at = {(int(row["threads"]), row["library"]): row for row in own if (row.get("state") or "quiet") == state}
            ours = {threads: at.get((threads, "dam")) for threads in (1, most)}
            number = lambda row, name: float(row[name]) if row and row[name] not in ("", "nan") else None
            ratio = lambda names: min((float(at[most, name]["time_over_ours"]) for name in names if (most, name) in at), default=None)
            sdpa = sorted({name for threads, name in at if name.startswith("SDPA")})
            shown = lambda value, form: "–" if value is None else form(value)
            percent = lambda name: " / ".join(shown(number(ours[threads], name), "{:.0%}".format) for threads in (1, most))
            times = [shown(number(ours[threads], "milliseconds"), digits) for threads in (1, most)]
            ratios = [shown(ratio(names), "{:.2f}".format) for names in (["NumPy"], ["torch"], PUBLIC, sdpa)]
            single = int(shape[3]) <= 4
            limits = ["", percent("share_of_bandwidth")] if single else [percent("share_of_peak") if state == "quiet" else "", ""]
            worst = max(float(row["relative_difference"]) for row in ours.values() if row)
            lines.append("| " + " | ".join([f"{shape[0]} {', '.join(shape[1:])}", state, *times, *ratios, *limits, f"{worst:.0e}"]) + " |")
    return "\n".join(lines) + "\n"


def main():
    text = DOCUMENT.read_text()
    made = BLOCK.sub(lambda block: block[1] + "\n" + table(DOCUMENT.parent / block[2]) + "\n" + block[3], text)
    if "--check" in sys.argv:
        sys.exit(made != text)
    DOCUMENT.write_text(made)


if __name__ == "__main__":
    main()

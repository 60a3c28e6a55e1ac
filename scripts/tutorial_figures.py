#!/usr/bin/env python3
"""Take the figures that the tutorials show from folders in which their commands ran, with 64 colours: a fifth of the size.

    DAM_KEEP_TUTORIALS=/tmp/kept cargo test --test tests tutorials
    scripts/tutorial_figures.py /tmp/kept

Needs Pillow. Look at them before you commit them.
"""

import sys
from pathlib import Path

from PIL import Image

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
#: Where a tutorial's commands write what docs/figures has under another name.
TAKEN = {
    "tutorial-phase-diagram.png": "phase-diagram/results/spherical.phase-diagram.png",
    "tutorial-crossover-sizes.png": "finite-size-scaling/results/study.crossover-sizes.png",
    "tutorial-letters.png": "own-patterns/results/curve.retrieval.png",
}


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, path in TAKEN.items():
        picture = Image.open(Path(sys.argv[1]) / path).convert("RGB")
        picture = picture.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        picture.save(FIGURES / name, optimize=True)
        print(name, (FIGURES / name).stat().st_size, "bytes")


if __name__ == "__main__":
    main()

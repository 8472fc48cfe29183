"""`python -m tests.benchmarks [--quick]`: the speed bars, each as a ratio to a named baseline of the same run.

Prints one table and ends with 1 when a bar is missed. `--quick` leaves out the run of 1,000 units and reads fewer
files, with a little slack for their noise. Times are CPU
seconds of this process (or of the child) and everything compared runs in turn, so that other work on the machine
weighs little.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import checking, commands, reading
from tests.benchmarks.table import Line, show

#: A short run may miss the bar against calamine by this much and still pass; the full run may not.
QUICK_SLACK = 1.15


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the run of 1,000 units")
    quick = parser.parse_args().quick
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        lines.append(commands.help_line())
        lines.append(commands.province_line(place))
        lines += reading.lines(place, files=60 if quick else 200, slack=QUICK_SLACK if quick else 1.0)
        # A tenth of the units in the quick run: what does not grow with them is given the same room again.
        lines.append(checking.line(place, 100, 2 * checking.BAR / 10) if quick else checking.line(place, 1000))
        if not quick:
            lines += commands.thousand_lines(place)
    show(lines)
    return 0 if all(line.reached for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())

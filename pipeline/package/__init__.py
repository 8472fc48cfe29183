"""The package step: a few milliseconds on the raw bytes that decide what a reader may open.

Contract: `examine(content, name)` says by content, never by suffix, which kind of workbook the bytes are, and
refuses with a finding (V-11 not a workbook, V-12 password, V-14 safety) whatever a reader must not touch. For
a workbook it also gives the facts that the fast reader loses: error cells, formulas without a value, hidden
rows, columns and sheets, text constants among the defined names, and the last cell that really holds
something. It never raises, and a refused package always carries at least one finding.
"""

from __future__ import annotations

from pipeline.package.examination import examine
from pipeline.package.facts import ORDINARY, Kind, Limits, Package, SheetFacts, Visibility
from pipeline.package.sheet_xml import UNNAMED_ERROR
from pipeline.package.suspicion import suspicious

__all__ = [
    "ORDINARY",
    "UNNAMED_ERROR",
    "Kind",
    "Limits",
    "Package",
    "SheetFacts",
    "Visibility",
    "examine",
    "suspicious",
]

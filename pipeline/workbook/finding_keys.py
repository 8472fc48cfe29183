"""Identity of a line of findings from run to run: what is said of whom in which column, not where it stands.

Rows move when a unit sends again, files get other names, figures in a sentence change: none of that makes a finding
a new one. Lines that would be named alike are told apart by what was typed and by the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2s

from pipeline.findings import Group
from pipeline.results import Results
from pipeline.workbook.keys import distinct
from pipeline.workbook.rows import Rows

_BYTES = 8


def finding_keys(groups: Sequence[Group], rows: Rows) -> list[str]:
    """Keys of lines, 16 hex digits each, in the order of the lines; every key is another."""
    keys = distinct([_key(group, rows) for group in groups], [_more(group) for group in groups])
    return [blake2s(key.encode("utf-8", "replace"), digest_size=_BYTES).hexdigest() for key in keys]


def _key(group: Group, rows: Rows) -> str:
    first = group.first
    whom = rows.subject(group) if group.size == 1 else ""  # of several rows the first may be another next time
    file = "" if first.unit else first.file
    return "\x1f".join((first.code, first.variant, first.unit, first.subject, whom, first.sheet, first.column, file))


def _more(group: Group) -> str:
    first = group.first
    return "\x1f".join((first.value, *(f"{k}={v}" for k, v in sorted(first.params.items()))))


def keys_by_finding(results: Results) -> dict[int, str]:
    """Key of the line of every finding, by the `id` of the finding."""
    groups = results.groups
    keys = finding_keys(groups, Rows(results))
    return {id(finding): key for group, key in zip(groups, keys, strict=True) for finding in group.members}

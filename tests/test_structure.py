"""Floors of the house: an import that runs the other way is a design fault."""

from __future__ import annotations

import ast
from pathlib import Path

from pipeline.checks import CHECKS
from schemas.rules import register

ROOT = Path(__file__).parents[1]
#: Lowest first; a module may import from its own floor and from those below.
FLOORS = (
    {"schemas"},
    {"pipeline.vietnamese", "pipeline.speech", "pipeline.refusals", "pipeline.findings", "pipeline.paper",
     "pipeline.rule_pages", "pipeline.proportions", "pipeline.plain_csv", "pipeline.passwords", "pipeline.seal",
     "pipeline.progress_bar"},
    {"pipeline.intake", "pipeline.package", "pipeline.reading", "pipeline.layout", "pipeline.parsing",
     "pipeline.people", "pipeline.validation", "pipeline.references", "pipeline.template", "pipeline.outputs",
     "pipeline.staging", "pipeline.raw_table"},
    {"pipeline.province", "pipeline.senders", "pipeline.submissions", "pipeline.dataset", "pipeline.issuing",
     "pipeline.versions", "pipeline.rulebook", "pipeline.evidence", "pipeline.open_ballots",
     "pipeline.batches"},
    {"pipeline.checks", "pipeline.rotation", "pipeline.ranking"},
    {"pipeline.results", "pipeline.last_run"},
    {"pipeline.workbook", "pipeline.documents", "pipeline.run_record", "pipeline.sample",
     "pipeline.replies"},
    {"pipeline.writing", "pipeline.consolidate", "pipeline.anonymous_copy", "pipeline.decisions", "pipeline.check_file",
     "pipeline.table_rotation", "pipeline.collection"},
    {"pipeline.cli", "pipeline.mail_commands", "pipeline.desk_options"},
)  # fmt: skip


def _floor(module: str) -> int | None:
    for number, names in enumerate(FLOORS):
        if any(module == name or module.startswith(name + ".") for name in names):
            return number
    return None


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _modules() -> list[tuple[str, Path]]:
    files = [p for folder in ("schemas", "pipeline") for p in (ROOT / folder).rglob("*.py")]
    return [(".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), p) for p in files]


def test_every_module_stands_on_a_floor() -> None:
    assert [name for name, _ in _modules() if name != "pipeline" and _floor(name) is None] == []


def test_imports_run_downwards() -> None:
    wrong = []
    for name, path in _modules():
        own = _floor(name)
        for target in _imports(path):
            level = _floor(target)
            if own is not None and level is not None and level > own:
                wrong.append(f"{name} → {target}")
    assert wrong == []


def test_top_level_is_as_agreed() -> None:
    agreed = {"pipeline", "schemas", "input_samples", "output", "tests", "pyproject.toml", "README.md", "LICENSE",
              "CHANGELOG.md", "constraints.txt"}  # fmt: skip
    ours = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and not p.name.endswith(".egg-info")}
    assert ours - {"build", "__pycache__"} <= agreed


def test_every_check_has_a_rule() -> None:
    assert {check.code for check in CHECKS} <= set(register())

"""A record of the register as a page that an official can read: `tdkt rules`, `tdkt rules QT-03`.

Imports no pandas: the pages answer at once.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from schemas.rules import Parameter, Rule, editions, register, shown

WIDTH = 100
_INDENT = "  "
_DAY = "%d/%m/%Y"


def rule_list() -> Iterator[str]:
    """Yield one line a rule: code, title, gravest severity, source status."""
    widest = max(len(rule.title) for rule in register().values())
    for code, rule in sorted(register().items()):
        yield f"{code:<6} {rule.title:<{widest}}  {_gravest(rule):<10}  {rule.source_status}"
    yield ""
    yield "Xem một quy tắc: tdkt rules MÃ (ví dụ: tdkt rules QT-03)."


def _gravest(rule: Rule) -> str:
    if rule.read_by:
        return f"→ {', '.join(rule.read_by)}"
    return min((s.severity for s in rule.variants.values()), key=lambda severity: severity.rank).value


def rule_page(code: str) -> Iterator[str]:
    """Yield the page of one rule: meaning, method, worked example, sentences, exclusions, sources by date.

    Raises:
        KeyError: no such rule.
    """
    found = editions()[code]
    rule = found[-1]
    yield f"{code} · {rule.title}"
    yield "=" * len(f"{code} · {rule.title}")
    yield from _part("Ý nghĩa", rule.meaning)
    if rule.read_by:
        yield from _part("Được nói ở", f"{', '.join(rule.read_by)}; quy tắc này không có phát hiện riêng.")
    yield from _part("Cách xét", rule.method)
    yield from _part("Ví dụ", rule.worked)
    yield from _part("Không xét", rule.exclusions)
    yield from _part("Giả định", rule.assumptions)
    if rule.covers:
        yield from _part("Danh mục kiểm tra pháp lý", ", ".join(rule.covers))
    for edition in reversed(found):
        yield from _edition(edition)
    if rule.variants:
        yield ""
        yield "Các câu phát hiện"
        for name, words in rule.variants.items():
            if name == "not_judged":
                yield from _lines(f"? Không đánh giá được: {words.why}. {words.fix}")
                continue
            later = f"; khi tỉnh xác nhận: {words.confirmed.value}" if words.confirmed is not words.severity else ""
            yield from _lines(f"• {words.severity.value}{later}: {words.why}. {words.fix}")
            if words.source != rule.source:
                yield from _lines(f"Căn cứ riêng: {words.source} [{words.source_status}]", deeper=True)
    yield ""
    yield from _lines(
        "Tỉnh đổi tham số hoặc xác nhận quy tắc ở trang THAM_SO, miễn áp dụng ở trang MIEN_AP_DUNG của cau-hinh.xlsx."
    )


def _edition(rule: Rule) -> Iterator[str]:
    yield ""
    yield f"Căn cứ ({span(rule)})"
    yield from _lines(f"{rule.source} [{rule.source_status}]")
    for name, parameter in rule.parameters.items():
        yield from _lines(f"{name} = {shown(parameter)}: {parameter.meaning}")


def span(rule: Rule) -> str:
    """Say for which award years an edition is in force."""
    if rule.valid_from is None and rule.valid_to is None:
        return "mọi năm xét"
    first = f"từ {rule.valid_from:{_DAY}}" if rule.valid_from else "từ trước"
    last = f" đến {rule.valid_to:{_DAY}}" if rule.valid_to else ""
    return f"năm xét kết thúc {first}{last}"


def parameters_text(parameters: Mapping[str, Parameter]) -> str:
    """Write all parameters of a rule on one line."""
    return "; ".join(f"{name} = {shown(parameter)}" for name, parameter in parameters.items())


def _part(title: str, text: str) -> Iterator[str]:
    if text:
        yield ""
        yield title
        yield from _lines(text)


def _lines(text: str, deeper: bool = False) -> Iterator[str]:
    """Wrap a text; the named fields of a sentence are shown as ‹field›."""
    text = text.replace("{", "‹").replace("}", "›")
    indent = _INDENT * (2 if deeper else 1)
    further = indent + (_INDENT if text[:1] in "•?" else "")
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False)

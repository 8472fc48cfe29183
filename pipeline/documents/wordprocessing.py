"""A Word document from few parts: paragraphs in named styles, tables, sections, as WordprocessingML.

Sizes are twentieths of a point unless said otherwise. Styles bear Vietnamese names, so that an office restyles a
template by changing its styles. Margins, sizes and numbering follow Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FONT = "Times New Roman"
_STAMP = (1980, 1, 1, 0, 0, 0)
_A4 = (11906, 16838)
_TOP, _LEFT, _RIGHT = 1134, 1701, 850  #: 20, 30 and 15 mm
#: Width of the text, upright and across.
UPRIGHT, ACROSS = _A4[0] - _LEFT - _RIGHT, _A4[1] - _LEFT - _RIGHT
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style."""

    key: str
    name: str
    size: int = 26  #: half points
    bold: bool = False
    italic: bool = False
    align: str = "left"
    before: int = 0
    after: int = 0
    first_line: int = 0
    keep: bool = False  #: stays with the next paragraph


STYLES = (
    Style("Normal", "Normal", after=0),
    Style("QuocHieu", "TĐKT Quốc hiệu", 24, bold=True, align="center"),
    Style("TieuNgu", "TĐKT Tiêu ngữ", 26, bold=True, align="center"),
    Style("CapTren", "TĐKT Cơ quan chủ quản", 24, align="center"),
    Style("CoQuan", "TĐKT Cơ quan ban hành", 24, bold=True, align="center"),
    Style("SoKyHieu", "TĐKT Số ký hiệu", 26, align="center", before=60),
    Style("DiaDanh", "TĐKT Địa danh ngày tháng", 26, italic=True, align="center", before=60),
    Style("DuThao", "TĐKT Dự thảo", 26, bold=True, align="center", before=60),
    Style("TenLoai", "TĐKT Tên loại", 28, bold=True, align="center", before=240, keep=True),
    Style("TrichYeu", "TĐKT Trích yếu", 28, bold=True, align="center", keep=True),
    Style("KinhGui", "TĐKT Kính gửi", 28, align="center", before=120, after=120),
    Style("CanCu", "TĐKT Căn cứ", 28, italic=True, align="both", after=120, first_line=567),
    Style("NoiDung", "TĐKT Nội dung", 28, align="both", before=60, after=100, first_line=567),
    Style("DeMuc", "TĐKT Đề mục", 28, bold=True, before=60, after=120, first_line=567, keep=True),
    Style("BangDau", "TĐKT Bảng, dòng đầu", 24, bold=True, align="center", before=20, after=20),
    Style("Bang", "TĐKT Bảng", 24, before=20, after=20),
    Style("BangGiua", "TĐKT Bảng, giữa", 24, align="center", before=20, after=20),
    Style("BangNhoDau", "TĐKT Bảng nhỏ, dòng đầu", 20, bold=True, align="center", before=20, after=20),
    Style("BangNho", "TĐKT Bảng nhỏ", 22, before=20, after=20),
    Style("BangNhoGiua", "TĐKT Bảng nhỏ, giữa", 22, align="center", before=20, after=20),
    Style("PhuLuc", "TĐKT Phụ lục", 28, bold=True, align="center", keep=True),
    Style("KemTheo", "TĐKT Kèm theo", 28, italic=True, align="center", after=120, keep=True),
    Style("NoiNhan", "TĐKT Nơi nhận", 24, bold=True, italic=True),
    Style("NoiNhanDong", "TĐKT Nơi nhận, dòng", 22),
    Style("QuyenHan", "TĐKT Quyền hạn, chức vụ ký", 28, bold=True, align="center", keep=True),
    Style("KyGhiRo", "TĐKT Ký, ghi rõ họ tên", 24, italic=True, align="center", keep=True),
    Style("KeDong", "TĐKT Kẻ dòng", 2, align="center", before=50, keep=True),
    Style("SoTrang", "TĐKT Số trang", 26, align="center"),
)


def paragraph(style: str, text: str = "", extra: str = "") -> str:
    """One paragraph; a text may hold tags of the template."""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{run}</w:p>'


def rule(width: int, share: float, size: int) -> str:
    """A line of a share of a column's width, centred below a text."""
    indent = round(width * (1 - share) / 2)
    border = f'<w:pBdr><w:top w:val="single" w:sz="{size}" w:space="1" w:color="000000"/></w:pBdr>'
    return paragraph("KeDong", "", f'{border}<w:ind w:left="{indent}" w:right="{indent}" w:firstLine="0"/>')


def boxed(style: str, text: str, indent: int) -> str:
    """A text in a frame."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="2" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return paragraph(style, text, f'<w:pBdr>{sides}</w:pBdr><w:ind w:left="{indent}" w:right="{indent}"/>')


def cell(width: int, content: str, span: int = 1) -> str:
    """One cell of a table."""
    merged = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{merged}</w:tcPr>{content}</w:tc>'


def row(cells: str, heading: bool = False) -> str:
    """One row, never broken over pages; a heading is repeated on each page."""
    repeated = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def table(widths: Sequence[int], rows: str, bordered: bool = True) -> str:
    """A table of fixed widths."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    borders = f"<w:tblBorders>{line}</w:tblBorders>" if bordered else ""
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    whole = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    look = f'<w:tblPr>{whole}{borders}<w:tblLayout w:type="fixed"/>{margins}</w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def section(across: bool = False) -> str:
    """Page of a section: A4, margins, number centred on top from the second page on, counted from 1."""
    width, height = reversed(_A4) if across else _A4
    orientation = ' w:orient="landscape"' if across else ""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{orientation}/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_RIGHT}" w:bottom="{_TOP}" w:left="{_LEFT}" w:header="567" w:footer="567" '
        'w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>'
    )


def new_section(across: bool = False) -> str:
    """End a section that has this page."""
    return f'<w:p><w:pPr><w:pStyle w:val="KeDong"/>{section(across)}</w:pPr></w:p>'


def _styles() -> str:
    fonts = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    found = [
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="26"/><w:szCs w:val="26"/>'
        '<w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    ]
    for style in STYLES:
        default = ' w:default="1"' if style.key == "Normal" else ' w:customStyle="1"'
        based = "" if style.key == "Normal" else '<w:basedOn w:val="Normal"/>'
        keep = "<w:keepNext/>" if style.keep else ""
        indent = f'<w:ind w:firstLine="{style.first_line}"/>' if style.first_line else ""
        weight = ("<w:b/>" if style.bold else "") + ("<w:i/>" if style.italic else "")
        found.append(
            f'<w:style w:type="paragraph"{default} w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
            f"{based}<w:qFormat/>"
            f'<w:pPr>{keep}<w:spacing w:before="{style.before}" w:after="{style.after}"/>{indent}'
            f'<w:jc w:val="{style.align}"/></w:pPr>'
            f'<w:rPr>{fonts}{weight}<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/></w:rPr></w:style>'
        )
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{"".join(found)}</w:styles>'


def _page_number() -> str:
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return f'{_HEAD}<w:hdr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="SoTrang"/></w:pPr>{field}</w:p></w:hdr>'


_TYPES = {
    "/word/document.xml": "wordprocessingml.document.main",
    "/word/styles.xml": "wordprocessingml.styles",
    "/word/header1.xml": "wordprocessingml.header",
}
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for part, kind in _TYPES.items()
    )
    + '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_R}/officeDocument" '
    'Target="word/document.xml"/><Relationship Id="rId2" '
    'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_OF_DOCUMENT = (
    f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/header" Target="header1.xml"/></Relationships>'
)


def package(title: str, body: Sequence[str], across: bool = False) -> bytes:
    """Put a document together; the last section has this page. Equal parts give equal bytes."""
    content = "".join(body) + section(across)
    document = f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{content}</w:body></w:document>'
    core = (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    )
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT,
        "docProps/core.xml": core,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _OF_DOCUMENT,
        "word/styles.xml": _styles(),
        "word/header1.xml": _page_number(),
    }
    return packed((name, text.encode()) for name, text in parts.items())


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Zip named parts with a fixed time stamp."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name, content in parts:
            part = ZipInfo(name, _STAMP)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            target.writestr(part, content)
    return stream.getvalue()

"""From bytes to a `Package`: which kind, and the one place where errors of any kind become a refusal."""

from __future__ import annotations

from collections.abc import Container

from pipeline.package.compound import examine_compound
from pipeline.package.facts import ORDINARY, Limits, Package, Refusal, megabytes
from pipeline.package.opendocument import MIMETYPE, examine_ods
from pipeline.package.parts import Parts
from pipeline.package.signature import Signature, archive_suffix, signature, suffix_of
from pipeline.package.spreadsheetml import WORKBOOK, examine_xlsx

_VARIANTS = {
    Signature.EMPTY: "empty",
    Signature.PDF: "pdf",
    Signature.IMAGE: "image",
    Signature.HTML: "html",
    Signature.MAIL: "mail",
    Signature.TNEF: "tnef",
    Signature.BROKEN: "broken",
    Signature.UNKNOWN: "unknown",
}


def examine(content: bytes, name: str, limits: Limits = ORDINARY, without: Container[str] = ()) -> Package:
    """Say what the bytes are and whether a reader may open them; never raises for what is in the file.

    `name` only gives the suffix that a sentence mentions. File and unit of the findings are left blank. Sheets of
    an .xlsx named in `without` are not opened; the reader must leave them out too.
    """
    try:
        return _examine(content, name, limits, without)
    except Refusal as refusal:
        finding = refusal.finding
    except (NameError, AttributeError, TypeError):
        raise  # a fault of ours and not of the file; the caller sets the file aside and says so
    except Exception:  # what hostile bytes make the standard library raise has no closed list
        finding = Refusal("V-11", "broken").finding
    return Package(None, (finding,))


def _examine(content: bytes, name: str, limits: Limits, without: Container[str]) -> Package:
    kind = signature(content)
    if kind in _VARIANTS:
        raise Refusal("V-11", _VARIANTS[kind])
    if kind is Signature.TEXT:
        raise Refusal("V-11", "text", duoi=suffix_of(name))
    if kind is Signature.ARCHIVE:
        raise Refusal("V-11", "archive", duoi=archive_suffix(content))
    if len(content) > limits.packed_bytes:
        raise Refusal("V-14", "too_large", co=megabytes(len(content)), gioi_han=megabytes(limits.packed_bytes))
    return examine_compound(content, limits) if kind is Signature.OLE else _examine_zip(content, limits, without)


def _examine_zip(content: bytes, limits: Limits, without: Container[str]) -> Package:
    parts = Parts(content, limits)
    if WORKBOOK in parts:
        return examine_xlsx(parts, limits, without)
    if MIMETYPE in parts.read("mimetype") and "content.xml" in parts:
        return examine_ods(parts, limits)
    if "xl/workbook.bin" in parts:
        raise Refusal("V-11", "xlsb")
    if "word/document.xml" in parts:
        raise Refusal("V-11", "word")
    raise Refusal("V-11", "unknown")

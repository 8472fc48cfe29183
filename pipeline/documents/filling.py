"""Fill a Word template in a sandbox; equal template and tags give equal bytes.

The templates run as Jinja in a sandbox: values are escaped, a tag that is not known is an error and never a blank.
Everything that can be wrong with an office's template comes out as one `TemplateError`.
"""

from __future__ import annotations

import datetime as dt
import re
import traceback
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipeline.documents.wordprocessing import packed

#: Bytes of a template as packed and as unpacked that nobody needs.
_MOST_PACKED, _MOST_UNPACKED = 20_000_000, 100_000_000
_MAIN_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WHOLE_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BRACES = re.compile(r"\{[{%#]|[}%#]\}")
_UNCLOSED = "thiếu {% endif %} hoặc {% endfor %}"
_MARKUP = re.compile(r"<[^>]+>")
_BREAKS = re.compile("[\t\a\f\n]")
_LONGEST_TAG = 80


class TemplateError(Exception):
    """A template cannot be used: `variant` of the finding, and the tag where one is to blame."""

    def __init__(self, variant: str, tag: str = "") -> None:
        """Say what is wrong."""
        super().__init__(variant)
        self.variant, self.tag = variant, tag


def fill(template: bytes, tags: Mapping[str, Any], now: dt.datetime, *, ours: bool = False) -> bytes:
    """Fill a template; `ours` needs none of the mending that docxtpl does for tables and properties.

    Raises:
        TemplateError: it is no Word document, or one of its tags cannot be used.
    """
    from jinja2.exceptions import TemplateSyntaxError, UndefinedError  # noqa: PLC0415 (only documents need it)

    _examine(template)
    sources: list[str] = []
    document = _open(template, ours, sources)
    try:
        document.render(dict(tags), _environment())
        properties = document.docx.core_properties
        properties.created = properties.modified = now.replace(tzinfo=None)
        properties.last_modified_by, properties.revision = "", 1
        stream = BytesIO()
        document.save(stream)
    except TemplateSyntaxError as error:
        raise TemplateError("tag", _tag_at(sources, error.lineno) or _UNCLOSED) from None
    except UndefinedError as error:
        raise TemplateError("unknown_tag", _quoted(error.message)) from None
    except Exception as error:  # whatever a template makes of Jinja or of Word's XML
        raise TemplateError("tag", _tag_at(sources, _line_of(error)) or type(error).__name__) from error
    with ZipFile(stream) as made:
        return packed((name, made.read(name)) for name in made.namelist())


@cache
def _environment() -> Any:
    """The sandbox; a source is compiled once."""
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.from_string = lru_cache(maxsize=32)(environment.from_string)  # type: ignore[assignment, method-assign]
    return environment


def _examine(template: bytes) -> None:
    try:
        with ZipFile(BytesIO(template)) as package:
            large = sum(part.file_size for part in package.infolist()) > _MOST_UNPACKED
            known = _MAIN_PART in package.namelist()
    except (BadZipFile, OSError, ValueError):
        raise TemplateError("not_word") from None
    if large or len(template) > _MOST_PACKED:
        raise TemplateError("too_large")
    if not known:
        raise TemplateError("not_word")


def _open(template: bytes, ours: bool, sources: list[str]) -> Any:
    """Open a template; the XML that its tags make must be whole, where docxtpl alone would mend it in silence.

    `sources` takes the text of each part as Jinja gets it.
    """
    from docxtpl import DocxTemplate  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    document = DocxTemplate(BytesIO(template))
    mend, break_lines, patch = document.fix_tables, document.resolve_listing, document.patch_xml

    def patched(xml: str) -> str:
        sources.append(patch(xml))
        return sources[-1]

    def strict(xml: str) -> Any:
        tree = etree.fromstring(xml)
        return tree if ours else mend(xml)

    document.fix_tables, document.patch_xml = strict, patched
    # Costly, and for texts of several lines only.
    document.resolve_listing = lambda xml: break_lines(xml) if _BREAKS.search(xml) else xml
    if ours:
        document.render_properties = document.render_footnotes = lambda *_: None
    try:
        document.init_docx()
    except Exception:  # python-docx has no error of its own for most broken packages
        raise TemplateError("not_word") from None
    if not ours:
        _check_braces(document.docx.element.body)
    return document


def _check_braces(body: Any) -> None:
    """A tag that is opened or closed in one paragraph only would swallow all up to the next one."""
    for paragraph in body.iter(f"{_W}p"):
        text = "".join(part.text or "" for part in paragraph.iter(f"{_W}t"))
        if _BRACES.search(_WHOLE_TAG.sub("", text)):
            raise TemplateError("tag", text.strip()[:_LONGEST_TAG])


def _tag_at(sources: list[str], line: int | None) -> str:
    """The tag on a line of the part that was filled last; empty where none is seen."""
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", sources[-1]).splitlines() if sources else []
    text = _MARKUP.sub("", lines[line - 1]) if line and line <= len(lines) else ""
    found = _WHOLE_TAG.search(text)
    return found[0][:_LONGEST_TAG] if found else ""


def _line_of(error: BaseException) -> int | None:
    """Line of the template at which an error rose; Jinja puts it into the traceback."""
    steps = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in steps if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else None


def _quoted(message: str | None) -> str:
    """The name that a message of Jinja quotes last."""
    names = re.findall(r"'([^']+)'", message or "")
    return names[-1][:_LONGEST_TAG] if names else ""

"""Which documents there are, from which template each is made, and what to do about a template that is broken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.documents.facts import DocumentFacts
from pipeline.documents.filling import TemplateError, fill
from pipeline.documents.house_templates import LETTER, MINUTES, NAMES, TALLY, house_template
from pipeline.documents.tags import TAGS, letter_tags, minutes_tags
from pipeline.findings import Finding
from pipeline.outputs import prepare, write_whole

#: Folder of the province that holds the office's own templates.
TEMPLATE_FOLDER = "mau-van-ban"
GUIDE = "huong-dan.txt"
_CODE = "V-MAU"
_LOCK = "~$"  #: with which Word begins the name of a file that marks an open document

#: File name → template, tags.
_MADE_OF: Mapping[str, tuple[str, Callable[[DocumentFacts], dict[str, Any]]]] = {
    "to-trinh-cong-nhan.docx": (LETTER, lambda facts: letter_tags(facts, upwards=False)),
    "to-trinh-cap-tren.docx": (LETTER, lambda facts: letter_tags(facts, upwards=True)),
    "bien-ban-hop.docx": (MINUTES, lambda facts: minutes_tags(facts, "Họp Hội đồng Thi đua - Khen thưởng")),
    "bien-ban-kiem-phieu.docx": (
        TALLY,
        lambda facts: minutes_tags(facts, "Xét đề nghị danh hiệu thi đua, hình thức khen thưởng"),
    ),
}
#: Names of the documents, in order.
DOCUMENTS = tuple(_MADE_OF)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one of the office's templates; ours was used in its place."""

    file: str  #: below the province folder
    variant: str  #: of the rule's record
    tag: str = ""

    @property
    def finding(self) -> Finding:
        """The same as a finding of the run."""
        return Finding(_CODE, self.variant, file=self.file, params={"the": self.tag, "cac_ten": ", ".join(NAMES)})


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """The office's templates by name, and what cannot be used."""

    contents: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Tells one set of templates from another; empty when there are none."""
        parts = (f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in sorted(self.contents.items()))
        return "\n".join(parts)


def read_own_templates(province: Path) -> OwnTemplates:
    """Read the office's templates; a Word file of a name that no document has is a problem, as is one unreadable."""
    folder = province / TEMPLATE_FOLDER
    contents: dict[str, bytes] = {}
    problems = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        place = f"{TEMPLATE_FOLDER}/{path.name}"
        if path.name.startswith((".", _LOCK)) or path.name == GUIDE:
            continue
        if path.name not in NAMES:
            problems.append(Problem(place, "unknown_name"))
            continue
        try:
            contents[path.name] = path.read_bytes()
        except OSError:
            problems.append(Problem(place, "not_word"))
    return OwnTemplates(contents, tuple(problems))


def make_documents(
    facts: DocumentFacts, own: OwnTemplates | None = None
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Fill every document; returns their bytes by name, and what is wrong with the office's templates, each once."""
    own = own or OwnTemplates()
    made: dict[str, bytes] = {}
    problems = dict.fromkeys(own.problems)
    for name, (template, tags_of) in _MADE_OF.items():
        tags, given = tags_of(facts), own.contents.get(template)
        if given is not None:
            try:
                made[name] = fill(given, tags, facts.now)
                continue
            except TemplateError as error:
                problems[Problem(f"{TEMPLATE_FOLDER}/{template}", error.variant, error.tag)] = None
        made[name] = fill(house_template(template), tags, facts.now, ours=True)
    return made, tuple(problems)


def write_documents(
    folder: Path, facts: DocumentFacts, own: OwnTemplates | None = None
) -> tuple[list[Path], tuple[Problem, ...]]:
    """Write every document into a folder, each whole; returns where they stand and what is wrong with templates.

    A document that stands there is replaced.

    Raises:
        CannotRun: the folder or a document cannot be written.
    """
    made, problems = make_documents(facts, own)
    prepare(folder)
    for name, content in made.items():
        write_whole(folder / name, lambda file, content=content: file.write(content))  # type: ignore[misc]
    return [folder / name for name in made], problems


def write_templates(province: Path) -> list[Path]:
    """Write our templates for the office to restyle, and what each tag means; what stands there is left alone."""
    folder = province / TEMPLATE_FOLDER
    prepare(folder)
    texts = {name: house_template(name) for name in NAMES} | {GUIDE: _guide().encode("utf-8-sig")}
    written = []
    for name, content in texts.items():
        path = folder / name
        if not path.exists():
            write_whole(path, lambda file, content=content: file.write(content))  # type: ignore[misc]
            written.append(path)
    return written


def _guide() -> str:
    lines = [
        "MẪU VĂN BẢN",
        "",
        "Sửa chữ, kiểu chữ, bố cục của các tệp .docx trong thư mục này bằng Word; giữ nguyên tên tệp.",
        "Chỗ chương trình điền nằm trong {{ }}; dòng lặp nằm giữa {%tr for d in … %} và {%tr endfor %}.",
        "Xóa một tệp thì chương trình dùng mẫu có sẵn. Mẫu hỏng thì chương trình báo ở PHAT_HIEN và dùng mẫu có sẵn.",
        "",
        "Các tên dùng được:",
        *(f"  {name}: {meaning}" for name, meaning in TAGS.items()),
    ]
    return "\r\n".join(lines) + "\r\n"

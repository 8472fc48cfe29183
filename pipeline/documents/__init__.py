"""The letters and minutes of the council as Word documents, from templates that an office can restyle.

Contract: `make_documents(facts, own)` fills four documents and returns their bytes by file name, with what was wrong
with the office's templates; `write_documents` also puts them into a folder. `DocumentFacts` is plain data: a run
before the meeting (`facts_of_run`) and the decisions after it fill the same form. A template of the office (folder
`mau-van-ban/`, known by its file name) takes the place of ours; one that cannot be used is named in a problem, and ours
is used: nothing stops. Equal facts and templates give equal bytes; nobody's name gets into a problem. The libraries
that fill documents are imported when the first document is filled.
"""

from pipeline.documents.facts import DocumentFacts, Letterhead, Meeting, Member, Nominee, Votes
from pipeline.documents.making import (
    DOCUMENTS,
    TEMPLATE_FOLDER,
    OwnTemplates,
    Problem,
    make_documents,
    read_own_templates,
    write_documents,
    write_templates,
)
from pipeline.documents.of_results import facts_of_run

__all__ = [
    "DOCUMENTS",
    "TEMPLATE_FOLDER",
    "DocumentFacts",
    "Letterhead",
    "Meeting",
    "Member",
    "Nominee",
    "OwnTemplates",
    "Problem",
    "Votes",
    "facts_of_run",
    "make_documents",
    "read_own_templates",
    "write_documents",
    "write_templates",
]

"""V-LAW: documents that a letter cites, titles in use, and the rule set of the period."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.vietnamese import clean
from schemas.rules.sets import DOCUMENTS, Document, rule_set_on
from schemas.sheets import UNIT_TEMPLATE

_BY_NAME = {document.name: document for document in DOCUMENTS}


@lru_cache(maxsize=4096)
def citation_key(text: str) -> str:
    """Write a citation as `Document.cited_in` reads it: small letters without marks, digits, `/`, `-`, `;`, blanks.

    A line break parts documents as `;` does; blanks around `/` and `-` and long dashes are slips of typing.
    """
    small = clean(text, single_line=False).text.casefold().replace("đ", "d").replace("\n", ";")
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", small) if not unicodedata.combining(sign))
    bare = re.sub("[\u2010-\u2015\u2212]", "-", bare)
    bare = re.sub(r"[^a-z0-9/;\- ]+", " ", bare)
    return re.sub(r" *([/-]) *", r"\1", re.sub(" +", " ", bare)).strip()


def in_force_after(document: Document, day: dt.date) -> str:
    """Name of the document that stood in its place on a day; the last one known where none reaches that far."""
    name = document.successor
    while (after := _BY_NAME.get(name)) and after.valid_to and after.valid_to < day and after.successor:
        name = after.successor
    return name


def cited_documents(case: Evidence) -> Checked:
    """Every document named on DON_VI was in force on the day of the unit's letter."""
    ledger = Ledger(case, "V-LAW", "DON_VI")
    form = case.frame("DON_VI")
    headings = UNIT_TEMPLATE.by_code["DON_VI"].by_name
    for name in ("can_cu_phap_ly", "ngay_to_trinh"):
        ledger.unjudged(ledger.look(form[form[name].isna()]), name, cot=headings[name].heading)
    rows = ledger.look(form[form["can_cu_phap_ly"].notna() & form["ngay_to_trinh"].notna()])
    text = rows["can_cu_phap_ly"].map(citation_key)
    letter = rows["ngay_to_trinh"]
    for document in DOCUMENTS:
        cited = text.map(document.cited_in).astype(bool)
        if not cited.any():
            continue
        if document.valid_to:
            old = rows[cited & (letter > pd.Timestamp(document.valid_to))]
            now = old["ngay_to_trinh"].map(lambda day, cited=document: in_force_after(cited, day.date()))
            ledger.say("expired", old, "can_cu_phap_ly", van_ban=document.name, ngay=document.valid_to, thay_the=now)
        if document.valid_from:
            early = rows[cited & (letter < pd.Timestamp(document.valid_from))]
            ledger.say("not_yet", early, "can_cu_phap_ly", van_ban=document.name, ngay=document.valid_from)
    return ledger.close()


def titles_in_use(case: Evidence) -> Checked:
    """What is proposed is in use on the last day of the period, as the province's catalogue says."""
    ledger = Ledger(case, "V-LAW")
    proposed = case.proposed
    known = ledger.look(proposed[proposed["award"].isin(case.titles.index)])
    first, last = known["award"].map(case.titles["first"]), known["award"].map(case.titles["last"])
    unused = (first > case.last) | (last < case.last)
    words = {
        "danh_hieu": known["award_name"],
        "tu": first.astype(object).where(first.notna(), "trước"),
        "den": last.astype(object).where(last.notna(), "nay"),
    }
    ledger.say("title_not_in_use", known[unused & known["is_title"]], "danh_hieu", **words)
    ledger.say("title_not_in_use", known[unused & ~known["is_title"]], "hinh_thuc", **words)
    return ledger.close()


def rule_set(case: Evidence) -> Checked:
    """The period has a rule set, and where it straddles a change of law the council is told which one judges it."""
    ledger = Ledger(case, "V-LAW", "")
    chosen = case.rules.rule_set
    if chosen is None:
        ledger.of_unit("no_rule_set", "", ngay=case.rules.day)
        return ledger.close()
    at_start, at_end = rule_set_on(case.first.date()), rule_set_on(case.last.date())
    if at_end is not None and at_start != at_end:
        ledger.of_unit("straddles", "", ngay=at_end.valid_from, bo=chosen.code, van_ban=chosen.texts)
    return ledger.close()


CHECKS = (
    Check("V-LAW", cited_documents),
    Check("V-LAW", titles_in_use, province=True),
    Check("V-LAW", rule_set, province=True),
)

"""The formulas of KIEM_TRA that hold one sheet against another, or against what the file was issued for.

Where the pipeline says `not_judged` (the other side is missing or unusable) nothing is counted. Sums by code
(shares of authors, rounds of a vote) are made by SUMIFS and COUNTIFS, which ignore capitals and do not see
that a code with a blank at its end is the same code.
"""

from __future__ import annotations

from pipeline.template.places import targets
from pipeline.template.self_check_formulas import Formulas
from pipeline.template.self_check_terms import (
    Term,
    filled,
    found,
    is_key,
    looked_up,
    name_key,
    numbering,
    quoted,
    text,
)
from pipeline.template.self_check_values import (
    COLLECTIVE,
    NAMED,
    PERSON_KIND,
    SEVERAL,
    SHARE_ROUNDING,
    UNIT_LEVEL,
    Count,
    bounds_of,
    capitals,
)
from pipeline.template.self_check_values import ROUNDING as TOLERANCE
from schemas.columns import Column

Keys = dict[tuple[str, str], str]


def unknown(own: Formulas, keys: Keys) -> list[Term]:
    """Cells that refer to a code that its sheet does not hold; `keys` gives the range of each key."""
    columns = [c for c in own.sheet if targets(c) and keys.keys() >= set(targets(c))]
    terms = [Term(_unknown(own, column, keys), own.place(column.name)) for column in columns]
    return terms + [_foreign(own, c) for c in columns if c.subject_kind and own.edition.identity.unit]


def _unknown(own: Formulas, column: Column, keys: Keys) -> str:
    cells = own.field(column.name)
    parts = [filled(cells)]
    if column.many:
        parts.append(f'ISERROR(FIND("{SEVERAL}",{cells}))')
    if any(field == "ma_cc" for _, field in targets(column)):
        parts.append(f'ISERROR(FIND("{NAMED}",{cells}))')
    if column.subject_kind:
        parts.append(own.is_in(column.subject_kind, (PERSON_KIND,)))
    if prefix := column.outside_prefix:
        parts.append(f"(1-EXACT(LEFT({text(cells)},{len(prefix)}),{quoted(prefix)}))")
    parts += [f"(1-{is_key(cells, keys[target])})" for target in targets(column)]
    return "*".join(parts)


def _foreign(own: Formulas, column: Column) -> Term:
    """Collectives other than the unit itself."""
    cells, unit = own.field(column.name), quoted(own.edition.identity.unit)
    kind = own.is_in(column.subject_kind or "", (COLLECTIVE,))
    return Term(f"{kind}*{filled(cells)}*(1-EXACT({text(cells)},{unit}))", own.place(column.name))


def differing(own: Formulas, issued: dict[str, str]) -> list[Term]:
    """Cells that do not say what the file was issued for."""
    return [
        Term(f"{filled(own.field(name))}*(1-EXACT({text(own.field(name))},{quoted(right)}))", own.place(name))
        for name, right in issued.items()
    ]


def miscounted(form: Formulas, count: Count, table: Formulas) -> list[Term]:
    """The number of a form that is not the counted one; nothing without rows, or where a choice is wrong."""
    cell = form.field(count.field)
    judged, actual = f"({table.rows}>0)", table.rows
    if count.choice:
        field, code = count.choice
        judged += f"*(SUMPRODUCT({table.row_filled}*(1-{table.chosen(field)}))=0)"
        actual = f"SUMPRODUCT(--{table.is_in(field, (code,))})"
    return [Term(f"{form.sound(count.field)}*{judged}*({cell}<>{actual})", form.place(count.field))]


def missummed(form: Formulas, field: str, table: Formulas, summed: str) -> list[Term]:
    """The total of a form that is not the sum of a column; nothing where the column holds text or nothing."""
    cell, cells = form.field(field), table.field(summed)
    bounds = bounds_of(table.sheet.by_name[summed])
    inside = f'{cells},">={bounds.low:.15g}",{cells},"<={bounds.high:.15g}"'
    judged = f"(COUNTIFS({inside})>0)*(SUMPRODUCT(--ISTEXT({cells}))=0)"
    wrong = f"(ABS(N({cell})-SUMIFS({cells},{inside}))>{TOLERANCE})"
    return [Term(f"{form.sound(field)}*{judged}*{wrong}", form.place(field))]


def misshared(own: Formulas, code: str, share: str) -> list[Term]:
    """The first share of each code whose shares are all there and do not add up to 100."""
    codes, shares = own.field(code), own.field(share)
    bounds = bounds_of(own.sheet.by_name[share])
    inside = f'{shares},">={bounds.low:.15g}",{shares},"<={bounds.high:.15g}"'
    first = f"({found(codes, codes)}={numbering(codes)})"
    whole = f"(COUNTIFS({codes},{codes},{inside})=COUNTIF({codes},{codes}))"
    authors = f"COUNTIF({codes},{codes})"
    wrong = f"(ABS(SUMIF({codes},{codes},{shares})-100)>{SHARE_ROUNDING}*{authors})"
    return [Term(f"{filled(codes)}*{first}*{whole}*{wrong}", own.place(share))]


def misnamed(own: Formulas, staff: Formulas) -> list[Term]:
    """Names of persons that NHAN_SU spells otherwise, of the unit that its template spells otherwise."""
    kind, code, name = "doi_tuong", own.field("ma_doi_tuong"), own.field("ten_doi_tuong")
    keys, names = staff.field("ma_cc"), staff.field("ho_ten")
    person = looked_up(code, keys, names)
    # The look-up is an error for an unknown code: that is V-06, not a wrong name.
    other = f"ISNUMBER(1/((LEN({person})>0)*(1-EXACT({name_key(text(name))},{name_key(person)}))))"
    who, place = own.edition.identity, own.place("ten_doi_tuong")
    terms = [Term(f"{own.is_in(kind, (PERSON_KIND,))}*{filled(name)}*{is_key(code, keys)}*{other}", place)]
    if who.unit and who.unit_name:
        right = f"EXACT({name_key(text(name))},{quoted(capitals(who.unit_name))})"
        own_code = f"EXACT({text(code)},{quoted(who.unit)})"
        bad = f"{own.is_in(kind, (COLLECTIVE,))}*{own_code}*{filled(name)}*(1-{right})"
        terms.append(Term(bad, place))
    return terms


def misconcluded(votes: Formulas, nominations: Formulas) -> list[Term]:
    """Conclusions of the unit's last vote on a nomination that DE_NGHI says otherwise."""
    code, level, vote, said = (votes.field(n) for n in ("ma_dn", "cap_hop", "vong", "ket_luan"))
    keys, results = nominations.field("ma_dn"), nominations.field("ket_qua")
    labels = (*votes.edition.labels(votes.sheet.by_name["cap_hop"], (UNIT_LEVEL,)), UNIT_LEVEL)
    later = "+".join(
        f'COUNTIFS({code},{code},{level},{quoted(label)},{said},"?*",{vote},">"&{vote})' for label in labels
    )
    result = looked_up(code, keys, results)
    listed = f'ISNUMBER(FIND("|"&{result}&"|",{nominations.lists["KET_QUA_XET"]}))'
    parts = [
        votes.is_in("cap_hop", (UNIT_LEVEL,)), votes.chosen("ket_luan"), votes.sound("vong"), f"({later}=0)",
        is_key(code, keys), listed, f"ISNUMBER(1/(1-EXACT({text(said)},{result})))",
    ]  # fmt: skip
    return [Term("*".join(parts), votes.place("ket_luan"))]

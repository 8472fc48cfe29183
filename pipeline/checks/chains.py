"""DK-04, DK-14, DK-20, DK-21, DK-22: titles and forms that rest on the awards and ratings of several years.

A chain follows the person through every unit. What breaks one is said by one code only: missing years by the code of
the title, awards of movements and on the spot by DK-14. DK-20 names the withdrawn awards.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks.ledger import Check, Checked, Ledger
from pipeline.evidence import Evidence
from pipeline.evidence.once import once
from pipeline.evidence.paths import after_diploma, given, nominated, of_merit, rated_excellent, steps
from pipeline.evidence.runs import chain

SECTOR, NATIONAL, BASE = "CSTD_NGANH", "CSTD_TQ", "CSTDCS"
DIPLOMA, DIPLOMA_PM, ORDER = "BK", "BK_TTG", "HCLD3"
YES, OTHER_PATH = "CO", "KHAC"


@once
def sector_chains(case: Evidence) -> pd.DataFrame:
    """Nominations for CSTĐ ngành with how their chain of CSTĐCS stands (`pipeline.evidence.runs.chain`)."""
    return _chained(case, "DK-04", nominated(case, SECTOR))


@once
def diploma_chains(case: Evidence) -> pd.DataFrame:
    """Nominations of persons for Bằng khen, likewise, with the other path: `rated`, `may_be_rated`, `ratings`."""
    rows = _chained(case, "DK-21", of_merit(nominated(case, DIPLOMA)))
    rated = rated_excellent(
        case, rows, int(case.rules.number("DK-21", "so_nam_xep_loai")), case.rules.codes("DK-21", "xep_loai"),
        case.rules.number("DK-21", "so_sang_kien"),
    )  # fmt: skip
    return rows.assign(rated=rated["sure"], may_be_rated=rated["possible"], ratings=rated["found"])


def _chained(case: Evidence, code: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.join(
        chain(
            case, rows, BASE, int(case.rules.number(code, "so_nam")),
            present=case.rules.word(code, "tinh_nam_nay") == YES,
            end_year_counts=case.rules.word(code, "tinh_nam_het_ky_luat") == YES,
        )
    )  # fmt: skip


def consecutive(case: Evidence) -> Checked:
    """CSTĐ ngành on CSTĐCS of consecutive years; CSTĐ toàn quốc on CSTĐ ngành times in a row."""
    ledger = Ledger(case, "DK-04")
    rows = ledger.look(sector_chains(case))
    told = _told(case, rows, BASE, rows["found"]) | {"can": case.rules.number("DK-04", "so_nam")}
    _open_discipline(ledger, rows[rows["whole"] & rows["open"]])
    restarted = ~rows["whole"] & rows["undisciplined"]
    ledger.say("restart", rows[restarted], "danh_hieu", ky_luat=rows["told"], **told)
    left = ~rows["undisciplined"] & ~(rows["with_side"] & case.rules.has("DK-14"))
    _dark_years(case, ledger, rows[left & rows["possible"]], BASE, rows["unknown"])
    ledger.say("gap", rows[left & ~rows["possible"]], "danh_hieu", thieu=rows["missing"], **told)
    _national(case, ledger)
    return ledger.close()


def _national(case: Evidence, ledger: Ledger) -> None:
    rows = nominated(case, NATIONAL)
    least, span = int(case.rules.number("DK-04", "so_lan_tq")), case.rules.number("DK-04", "cach_nam_tq")
    rows = ledger.look(rows.join(steps(case, rows, SECTOR, least)))
    told = _told(case, rows, SECTOR, rows["years"]) | {"can": least}
    few = rows["times"] < least
    side = few & (steps(case, rows, SECTOR, least, side=True)["times"] >= least) & case.rules.has("DK-14")
    needed = range(int(case.year - least * span), case.year)
    dark = ", ".join(str(year) for year in needed if year not in case.awards.known_years)
    if dark:
        _dark_years(case, ledger, rows[few & ~side], SECTOR, dark)
    else:
        ledger.say("few", rows[few & ~side], "danh_hieu", **told)
    ledger.say("spread", rows[~few & (rows["widest"] > span)], "danh_hieu", cach=span, **told)


def _told(case: Evidence, rows: pd.DataFrame, base: str, held: pd.Series) -> dict[str, object]:
    return {
        "ten": rows["name"], "danh_hieu": rows["award_name"], "nen": case.titles["name"].get(base, base),
        "co": held.where(held != "", "chưa có"),
    }  # fmt: skip


def _open_discipline(ledger: Ledger, rows: pd.DataFrame) -> None:
    ledger.unjudged(
        rows, "danh_hieu", ten=rows["name"], danh_hieu=rows["award_name"],
        con_thieu="trang BIEN_DONG có kỷ luật nhưng chưa có ngày hết hiệu lực",
        viec="Điền ngày hết hiệu lực kỷ luật ở trang BIEN_DONG",
    )  # fmt: skip


def _dark_years(case: Evidence, ledger: Ledger, rows: pd.DataFrame, base: str, years: pd.Series | str) -> None:
    """Say that nothing is known of years of the chain."""
    name = case.titles["name"].get(base, base)
    ledger.unjudged(
        rows, "danh_hieu", ten=rows["name"], danh_hieu=rows["award_name"],
        con_thieu="không có dữ liệu khen thưởng của tỉnh các năm " + years,
        viec=f"Bổ sung «{name}» các năm " + years + " vào lich-su.xlsx",
    )  # fmt: skip


def diploma(case: Evidence) -> Checked:
    """Bằng khen of a person: CSTĐCS of consecutive years, or rated excellent with initiatives."""
    ledger = Ledger(case, "DK-21")
    rows = ledger.look(diploma_chains(case))
    told = _told(case, rows, BASE, rows["found"]) | {"thieu": rows["missing"], "xep_loai": rows["ratings"]}
    rows = rows[~rows["rated"]]
    met = rows["undisciplined"]
    _open_discipline(ledger, rows[rows["whole"] & rows["open"]])
    ledger.say("restart", rows[met & ~rows["whole"]], "hinh_thuc", ky_luat=rows["told"], **told)
    rows = rows[~met & ~(rows["with_side"] & case.rules.has("DK-14"))]
    possible = rows["possible"] | rows["may_be_rated"]
    _by_path(
        ledger, rows, possible,
        "lịch sử khen thưởng, xếp loại hoặc số sáng kiến các năm gần đây chưa đủ (" + rows["ratings"] + ")", told,
    )  # fmt: skip
    return ledger.close()


def _by_path(
    ledger: Ledger, rows: pd.DataFrame, possible: pd.Series, lacking: pd.Series, told: dict[str, object]
) -> None:
    """Nominations that do not meet the path named by the law: another is declared, or not, or that is not known."""
    other, blank = rows["path"] == OTHER_PATH, rows["path"].isna()
    ledger.say("other_path", rows[other], "duong_tieu_chuan", **told)
    reason = lacking.where(possible, "ô «Đường tiêu chuẩn» còn trống")
    work = pd.Series("Bổ sung lich-su.xlsx (khen thưởng, xếp loại các năm)", index=rows.index)
    ledger.unjudged(
        rows[~other & (possible | blank)], "duong_tieu_chuan", ten=rows["name"], danh_hieu=rows["award_name"],
        con_thieu=reason, viec=work.where(possible, "Chọn «Đường tiêu chuẩn»"),
    )  # fmt: skip
    ledger.say("none", rows[~other & ~possible & ~blank], "hinh_thuc", **told)


@once
def order_paths(case: Evidence, *, side: bool = False, withdrawn: bool = False) -> pd.DataFrame:
    """Nominations of persons for Huân chương with how they stand (`pipeline.evidence.paths.after_diploma`)."""
    rows = of_merit(nominated(case, ORDER))
    number, codes = case.rules.number, case.rules.codes
    least = {"years": number("DK-22", "so_nam"), "excellent": number("DK-22", "so_nam_xuat_sac"),
             "titles": number("DK-22", "so_cstdcs")}  # fmt: skip
    ratings = {"good": codes("DK-22", "xep_loai"), "excellent": codes("DK-22", "xep_loai_xuat_sac")}
    return rows.join(after_diploma(case, rows, least, ratings, side=side, withdrawn=withdrawn))


def order(case: Evidence) -> Checked:
    """Huân chương Lao động hạng Ba of a person: the path after a diploma of the Prime Minister."""
    ledger = Ledger(case, "DK-22")
    rows = ledger.look(order_paths(case))
    told: dict[str, object] = {
        "ten": rows["name"], "danh_hieu": rows["award_name"], "so_nam": rows["years"], "so_xuat_sac": rows["excellent"],
        "so_cstdcs": rows["titles"], "can_nam": case.rules.number("DK-22", "so_nam"),
        "can_xuat_sac": case.rules.number("DK-22", "so_nam_xuat_sac"),
        "can_cstdcs": case.rules.number("DK-22", "so_cstdcs"),
        "nam_bk": pd.Series([f"{y:.0f}" if y == y else "chưa thấy" for y in rows["since"]], rows.index, dtype="str"),
    }  # fmt: skip
    side = order_paths(case, side=True)["sure"] & case.rules.has("DK-14")
    rows = rows[~rows["sure"] & ~side]
    lacking = pd.Series("xếp loại hoặc danh hiệu của một số năm chưa có trong lịch sử", index=rows.index)
    lacking = lacking.where(rows["since"].notna(), "chưa thấy Bằng khen của Thủ tướng trong lịch sử có được")
    _by_path(ledger, rows, rows["possible"], lacking, told)
    return ledger.close()


def side_channels(case: Evidence) -> Checked:
    """A chain that is complete only with awards of movements or on the spot."""
    ledger = Ledger(case, "DK-14")
    for rows, fails, column, bases in _chains_of(case, side=True):
        ledger.look(rows[bool(case.awards.known_years) & rows["holder"].notna()])  # nothing known: nothing judged
        text = _listed(case, rows, bases, withdrawn=False)
        ledger.say("side", rows[fails & text.notna()], column, ten=rows["name"], danh_hieu=rows["award_name"],
                   cac_qd=text)  # fmt: skip
    return ledger.close()


def withdrawn_awards(case: Evidence) -> Checked:
    """Withdrawn awards of the kind that a chain rests on, and whether it would need them."""
    ledger = Ledger(case, "DK-20")
    for rows, fails, column, bases in _chains_of(case, withdrawn=True):
        ledger.look(rows[bool(case.awards.known_years) & rows["holder"].notna()])  # nothing known: nothing judged
        text = _listed(case, rows, bases, withdrawn=True)
        told = {"ten": rows["name"], "danh_hieu": rows["award_name"], "cac_qd": text}
        ledger.say("needed", rows[fails & text.notna()], column, **told)
        ledger.say("aside", rows[~fails & text.notna()], column, **told)
    return ledger.close()


def _chains_of(
    case: Evidence, *, side: bool = False, withdrawn: bool = False
) -> list[tuple[pd.DataFrame, pd.Series, str, dict[str, float]]]:
    """Each kind of chain: nominations, which of them are complete only with the awards allowed here, where that is
    said, and the awards that the chain is made of with the first year in which they could have helped."""
    name = "with_side" if side else "with_withdrawn"
    parts: list[tuple[pd.DataFrame, pd.Series, str, dict[str, float]]] = []
    if case.rules.has("DK-04"):
        rows = sector_chains(case)
        first = case.year - case.rules.number("DK-04", "so_nam")
        parts.append((rows, ~rows["undisciplined"] & rows[name], "danh_hieu", {BASE: first}))
        rows, least = nominated(case, NATIONAL), int(case.rules.number("DK-04", "so_lan_tq"))
        more = steps(case, rows, SECTOR, least, side=side, withdrawn=withdrawn)["times"] >= least
        few = steps(case, rows, SECTOR, least)["times"] < least
        parts.append((rows, few & more, "danh_hieu", {SECTOR: 0}))
    if case.rules.has("DK-21"):
        rows = diploma_chains(case)
        first = case.year - case.rules.number("DK-21", "so_nam")
        parts.append((rows, ~rows["undisciplined"] & ~rows["rated"] & rows[name], "hinh_thuc", {BASE: first}))
    if case.rules.has("DK-22"):
        rows = order_paths(case)
        if len(rows):  # rare: the path need not be walked again for nobody
            more = order_paths(case, side=side, withdrawn=withdrawn)["sure"]
            parts.append((rows, ~rows["sure"] & more, "hinh_thuc", {DIPLOMA_PM: 0, BASE: 0}))
    return parts


def _listed(case: Evidence, rows: pd.DataFrame, bases: dict[str, float], *, withdrawn: bool) -> pd.Series:
    """Write down the withdrawn awards (or those of movements and on the spot) of each nomination; null: none."""
    texts: dict[str, list[str]] = {}
    for base, first in bases.items():
        every = given(case, base, rows["holder"], side=True, withdrawn=withdrawn)
        own = every[~every["valid"]] if withdrawn else every.drop(given(case, base, rows["holder"]).index)
        own = own[own["year"] >= first]
        name = case.titles["name"].get(base, base)
        for holder, year, number in zip(own["holder"], own["year"], own["number"].fillna("không số"), strict=True):
            texts.setdefault(holder, []).append(f"«{name}» năm {year:.0f} (QĐ {number})")
    return rows["holder"].map({holder: "; ".join(sorted(words)) for holder, words in texts.items()})


CHECKS = (
    Check("DK-04", consecutive, province=True),
    Check("DK-14", side_channels, province=True),
    Check("DK-20", withdrawn_awards, province=True),
    Check("DK-21", diploma, province=True),
    Check("DK-22", order, province=True),
)

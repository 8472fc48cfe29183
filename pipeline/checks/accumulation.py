"""Much at once: CC-08 several awards for one person, CC-09 more proposals in a year of jubilee."""

from __future__ import annotations

import pandas as pd

from pipeline.checks.heads import joined
from pipeline.checks.ledger import Check, Checked, Ledger, listed
from pipeline.evidence import Evidence


def several_awards(case: Evidence) -> Checked:
    """One person with several awards or channels in one period, in whatever units; said once, at his last nomination.

    All titles together count as one award, because the higher ones rest on the lower.
    """
    ledger = Ledger(case, "CC-08")
    rows = case.proposed
    rows = rows[(rows["kind"] == "CN") & rows["person"].notna() & rows["award"].notna()]
    rows = rows[~rows["channel"].isin(case.rules.codes("CC-08", "kenh_khong_tinh"))]
    kinds = rows["award"].where(~rows["is_title"], "")
    awards = rows.assign(what=kinds).drop_duplicates(["person", "what"])["person"].value_counts()
    beyond = rows[rows["channel"].notna() & ~rows["award"].isin(case.rules.codes("CC-08", "danh_hieu_nen"))]
    used = beyond.drop_duplicates(["person", "channel"])
    channels = used["person"].value_counts()
    last = ledger.look(rows.drop_duplicates("person", keep="last"))
    many = last["person"].map(awards) >= case.rules.number("CC-08", "so_khen")
    mixed = last["person"].map(channels).fillna(0) >= case.rules.number("CC-08", "so_kenh")
    named = rows[rows["person"].isin(last.loc[many | mixed, "person"])]
    named = named.drop_duplicates(["person", "award"])
    texts = joined(named["award_name"], named["person"])
    used = used[used["person"].isin(last.loc[mixed, "person"])]
    ways = joined(case.labels("LOAI_HINH", used["channel"]), used["person"], "; ")
    said = {"ten": last["name"], "cac_khen": last["person"].map(texts)}
    ledger.say(
        "channels", last[mixed], "ten_doi_tuong", **said, so=last["person"].map(channels),
        loai_hinh=last["person"].map(ways),
    )  # fmt: skip
    ledger.say("awards", last[many & ~mixed], "ten_doi_tuong", **said, so=last["person"].map(awards))
    return ledger.close()


def jubilee_table(case: Evidence) -> pd.DataFrame:
    """Counted units whose founding has a round anniversary in the award year or the next, by code.

    Columns: `founded` (year), `age` (at the anniversary), `now` (proposals for more than the base titles), `most`
    (highest number of such awards in one of the past years, those of the units it took over included).
    """
    number = case.rules.number
    units = case.units[case.units["counted"]]
    founded = pd.to_datetime(units["founded"]).dt.year
    step = number("CC-09", "chu_ky")
    age = (case.year - founded).where((case.year - founded) % step == 0, case.year + 1 - founded)
    table = pd.DataFrame({"founded": founded, "age": age})[(age > 0) & (age % step == 0)]
    rung = number("CC-09", "bac")
    rows = case.proposed[case.proposed["rung"] > rung].drop_duplicates(["unit", "holder", "award"])
    table["now"] = rows["unit"].value_counts().reindex(table.index).fillna(0)
    past = case.awards.table
    first = case.year - int(number("CC-09", "so_nam"))
    past = past[past["valid"] & past["year"].between(first, case.year - 1)]
    past = past[past["award"].map(case.titles["rung"]) > rung]
    homes = case.lineage.heirs(past["unit_then"])
    most = pd.Series(1, index=past.index).groupby([homes, past["year"]]).sum().groupby(level=0).max()
    return table.assign(most=most.reindex(table.index).fillna(0))


def jubilee(case: Evidence) -> Checked:
    """More proposals than in each of the past years, just when the unit has a round anniversary."""
    ledger = Ledger(case, "CC-09", "")
    years = int(case.rules.number("CC-09", "so_nam"))
    counted = case.units[case.units["counted"]]
    undated = counted.index[counted["founded"].isna()]
    if len(undated):
        ledger.of_unit(
            "not_judged", "", con_thieu=f"chưa biết ngày thành lập của {listed(undated)}",
            bo_sung="Ghi ngày thành lập ở trang DON_VI của cau-hinh.xlsx",
        )  # fmt: skip
    table = jubilee_table(case)
    if table.empty:
        return ledger.close()
    if not case.awards.reaches(case.year - years):
        ledger.of_unit(
            "not_judged", "", con_thieu=f"lịch sử khen thưởng chưa đủ {years} năm để so cho {listed(table.index)}",
            bo_sung="Bổ sung khen thưởng các năm trước vào KHEN_THUONG của lich-su.xlsx",
        )  # fmt: skip
        return ledger.close()
    ledger.look(table)
    for unit, row in table[table["now"] > table["most"]].iterrows():  # over the findings themselves
        ledger.of_unit(
            "more", str(unit), tuoi=row["age"], nam_lap=f"{row['founded']:.0f}", nay=row["now"], cao_nhat=row["most"],
            so_nam=years,
        )  # fmt: skip
    return ledger.close()


CHECKS = (
    Check("CC-08", several_awards, province=True),
    Check("CC-09", jubilee, province=True),
)

"""What units declared of each nominee, as numbers for the chain and as words for people.

One row a nomination, index = row id of DE_NGHI. Null means not declared; nothing is guessed and nothing is added up.
"""

from __future__ import annotations

import pandas as pd

from pipeline.checks.tallies import UNIT_LEVEL, block_ballots, tallies
from pipeline.dataset import UNIT
from pipeline.evidence import Evidence
from pipeline.evidence.nominations import cited_bases
from pipeline.evidence.runs import award_year
from pipeline.people import reference_key
from pipeline.ranking.components import CODE, COLLECTIVE
from pipeline.ranking.points import points_of
from pipeline.rotation.merit import RANK

#: Level of recognition of an initiative → column of the table.
INITIATIVES = {"TOAN_QUOC": "national", "NGANH": "sector", "CO_SO": "base"}
COLUMNS = (
    "unit_order", "rating", "score", *INITIATIVES.values(), "results", "reached", "targets", "open_targets",
    "own_order", "votes", "direct", "women",
)  # fmt: skip
_WOMAN, _SEXES = "NU", ("NU", "NAM")


def declared_of(case: Evidence, rows: pd.DataFrame, unit_rank: pd.Series | None = None) -> pd.DataFrame:
    """Values of the components of `pipeline.ranking.components`, floats, more is better.

    Args:
        case: evidence of the run.
        rows: nominations, persons and collectives.
        unit_rank: rank of each unit in its block (1 is best), by unit code; None while units are not ranked.

    Returns:
        `COLUMNS`: `rating` 0 to 3; `score` of the person (0 to 100) or the unit's own total; shares of recognised
        initiatives of the year by level (1.5: one alone and half of another); `results`: share reached of the targets
        that the person answers for (`reached` of `targets`, `open_targets` not computable), of a collective the share
        of its people proposed for Lao động tiên tiến; `own_order` and `unit_order` negative (−1 is first); `votes` of
        all who may vote; `direct`, `women` 1 or 0.
    """
    whole = rows["kind"] == COLLECTIVE
    people, units = rows[~whole], rows[whole]
    parts = [_of_persons(case, people), _of_collectives(case, units, unit_rank)]
    parts = [part.reindex(columns=list(COLUMNS)).astype("float64") for part in parts]
    return pd.concat([part for part in parts if len(part)] or parts[:1]).reindex(rows.index)


def _of_persons(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    direct = case.rules.codes("CC-01", "truc_tiep")
    table = pd.DataFrame(
        {
            "rating": rows["rating"].map(RANK),
            "score": rows["score"],
            "own_order": -rows["order"].astype("float64"),
            "votes": _unit_votes(case).reindex(_nomination_keys(rows)).to_numpy(),
            "direct": rows["group"].isin(direct).where(rows["group"].notna()),
            "women": (rows["sex"] == _WOMAN).where(rows["sex"].isin(_SEXES)),
        },
        index=rows.index,
    )
    return pd.concat([table, _initiatives(case, rows), _targets(case, rows)], axis=1)


def _nomination_keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["unit", "code"]])


def _unit_votes(case: Evidence) -> pd.Series:
    """Votes for of all who may vote, last round in the unit, by unit and nomination."""
    votes = tallies(case)
    votes = votes[(votes["level"] == UNIT_LEVEL) & votes["balanced"]]
    share = (votes["votes"] / votes["members"]).astype("float64")
    found = share.set_axis(_nomination_keys(votes))
    return found[~found.index.duplicated(keep=False)]


def _initiatives(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Shares in recognised initiatives of the award year by level; 0 where the file has the sheet and no such row."""
    made = case.initiatives
    made = made[made["recognised"] & made["person"].notna() & made["ty_le"].notna()]
    made = made[award_year(case, made["ngay_qd"]) == case.year].drop_duplicates(["unit", "ma_sk", "person"])
    made = made[made["ty_le"] >= 100 * case.rules.number(CODE, "ty_le_tac_gia")]
    told = case.sheet_at_hand(rows["unit"], "SANG_KIEN") & rows["person"].notna()
    keys = pd.MultiIndex.from_frame(rows[["unit", "person"]])
    found = {}
    for level, column in INITIATIVES.items():
        own = made[made["cap_cong_nhan"] == level]
        shares = own.groupby(["unit", "person"])["ty_le"].sum() / 100
        found[column] = shares.reindex(keys).fillna(0.0).set_axis(rows.index).where(told)
    return pd.DataFrame(found, index=rows.index)


def _targets(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Targets that the nomination cites or of which the person is in charge: how many, how many reached."""
    pairs = pd.concat([_cited_targets(rows), _in_charge(case, rows)]).drop_duplicates()
    targets = case.frame("CHI_TIEU")
    points = points_of(case)
    points = points[points["applicable"] & targets["ma_ct"].notna()]
    keyed = points[["unit", "reached"]].assign(target=targets["ma_ct"].reindex(points.index))
    keyed = keyed.drop_duplicates(["unit", "target"], keep=False)
    joined = pairs.merge(keyed, on=["unit", "target"], how="inner")
    joined = joined.assign(done=joined["reached"] >= 1, open=joined["reached"].isna())
    found = joined.groupby("row").agg(reached=("done", "sum"), targets=("done", "size"), open_targets=("open", "sum"))
    found = found.reindex(rows.index).astype("float64")
    judged = found["targets"] - found["open_targets"]
    return found.assign(results=found["reached"] / judged.where(judged > 0))


def _cited_targets(rows: pd.DataFrame) -> pd.DataFrame:
    cited = cited_bases(rows)
    return pd.DataFrame({"row": cited.index, "unit": cited["unit"].to_numpy(), "target": cited["cited"].to_numpy()})


def _in_charge(case: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    targets = case.frame("CHI_TIEU")
    targets = targets[targets["nguoi_phu_trach"].notna() & targets["ma_ct"].notna()]
    named = pd.DataFrame(
        {
            "unit": targets[UNIT],
            "target": targets["ma_ct"],
            "person": targets["nguoi_phu_trach"].str.split(";"),
        }
    ).explode("person")
    named["person"] = named["person"].astype("str").str.strip().map(reference_key).astype("str")
    own = pd.DataFrame({"row": rows.index, "unit": rows["unit"].to_numpy(), "person": rows["person"].to_numpy()})
    return own[own["person"].notna()].merge(named, on=["unit", "person"])[["row", "unit", "target"]]


def _of_collectives(case: Evidence, rows: pd.DataFrame, unit_rank: pd.Series | None) -> pd.DataFrame:
    forms, units = case.forms, rows["unit"]
    order = pd.Series(float("nan"), index=rows.index) if unit_rank is None else -units.map(unit_rank)
    base = case.proposed
    base = base[(base["award"] == "LDTT") & base["person"].notna()].drop_duplicates(["unit", "person"])
    size = case.units["staff"].where(case.units["staff"] > 0)
    ballots = block_ballots(case)
    share = (ballots["votes"] / ballots["members"]).astype("float64")
    return pd.DataFrame(
        {
            "unit_order": order,
            "rating": units.map(forms["xep_loai_don_vi"].map(RANK)),
            "score": units.map(forms["tong_diem_tu_cham"]),
            "results": units.map(base["unit"].value_counts().reindex(size.index).fillna(0) / size),
            "votes": share.reindex(rows.index),
            "women": _many_women(case, units),
        },
        index=rows.index,
    )


def _many_women(case: Evidence, units: pd.Series) -> pd.Series:
    """Whether the share of women among the staff reaches the parameter; null where sex is not known of anybody."""
    staff = case.staff[case.staff["gioi_tinh"].isin(_SEXES)]
    share = (staff["gioi_tinh"] == _WOMAN).groupby(staff["unit"]).mean()
    found = units.map(share).astype("float64")
    return (found >= case.rules.number(CODE, "ty_le_nu")).where(found.notna())

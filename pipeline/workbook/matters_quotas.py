"""Matters about quotas: what must come off when the quota is held, by how much it is passed when it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.checks import quotas
from pipeline.ranking.of_province import ranking_of
from pipeline.results import Results
from pipeline.vietnamese import decimal
from pipeline.workbook.awards import Awards
from pipeline.workbook.matters import Kind, Matter, Option, basis_of, listed
from pipeline.workbook.nominated import Nomination

_SHEET = ("sheet", "HAN_MUC")


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a quota is."""

    base: int
    allowed: int
    used: int

    @property
    def words(self) -> str:
        """`đã có 19 trên 18`."""
        return f"{self.used} trên mức {self.allowed}"


class QuotaMatters:
    """Quotas that are passed, and what nominations coming or going do to those that decide."""

    def __init__(self, results: Results) -> None:
        """Read the tables of the quota checks."""
        self.results, self.case = results, results.evidence
        self.awards = Awards(results)
        self.table = quotas.quota_table(self.case)
        self._deciding = self.table[self.table["decides"].astype(bool)].to_dict("records")

    def all(self) -> Iterator[Matter]:
        """Every matter."""
        for row in self._deciding:
            if row["state"] in (quotas.OVER, quotas.UNSURE):
                yield self._passed(row)
        if self.results.rules.has("HM-03"):
            yield from self._ratings()
        if self.results.rules.has("HM-04"):
            yield from self._flags()

    def _passed(self, row: dict[Any, Any]) -> Matter:
        quota = next(q for q in quotas.QUOTAS if q.code == row["code"])
        over, place = int(row["used"] - row["allowed"]), quotas.place_name(row["scope"], row["key"])
        title = self.awards.short(quota.title)
        waiting = (
            f" Còn {row['missing']} đơn vị chưa nộp: đủ hồ sơ thì mức tới {decimal(row['most'])}."
            if row["missing"] and row["most"] == row["most"]
            else ""
        )
        return Matter(
            Kind.QUOTA, f"{row['code']} {row['key']}", row["key"] if row["scope"] == quotas.UNIT else "",
            f"{title}, {place}", _SHEET,
            f"Đề nghị {row['used']} {title}, mức tính trên {row['base']} là {decimal(row['allowed'])}: vượt {over}."
            + waiting,
            basis_of(self.results, (row["code"],), ("over",)),
            Option("Giữ hạn mức", self._held(row, quota.title, over)),
            Option(
                "Đồng ý vượt",
                f"{row['used']} {title}, {_share(row['used'], row['base'])} của {row['base']}; vượt {over}, ghi lý do.",
            ),
            float(over),
        )  # fmt: skip

    def _held(self, row: dict[Any, Any], title: str, over: int) -> str:
        """Collectives come off from the lowest percentage; persons where a unit has more than its share."""
        if title == "TTLDXS":
            units = self._inside(row, title)
            last = self._lowest(units, over)
            return f"Bớt {over}: theo điểm là {listed(last)}; còn {listed(u for u in units if u not in last)}."
        per_unit = self.table[(self.table["code"] == row["code"]) & (self.table["scope"] == quotas.UNIT)]
        beyond = [
            (str(key), int(used - share))
            for key, used, share in zip(per_unit["key"], per_unit["used"], per_unit["largest"], strict=True)
            if used > share and (row["scope"] != quotas.BLOCK or self.case.units["block"].get(key) == row["key"])
        ]
        beyond.sort(key=lambda pair: -pair[1])
        return f"Bớt {over}. Nhiều hơn phần chia theo nền: {listed(f'{unit} +{n}' for unit, n in beyond)}."

    def _inside(self, row: dict[Any, Any], title: str) -> list[str]:
        own = self.case.proposed[self.case.proposed["award"] == title]["unit"]
        if row["scope"] == quotas.BLOCK:
            own = own[own.map(self.case.units["block"]) == row["key"]]
        elif row["scope"] == quotas.UNIT:
            own = own[own == row["key"]]
        return list(dict.fromkeys(map(str, own)))

    def _lowest(self, units: Iterable[str], number: int) -> list[str]:
        """The last by percentage; those without a score come off first."""
        percent = ranking_of(self.case).units["percent"]
        by_points = sorted(units, key=lambda unit: (_or_less(percent.get(unit)), unit))
        return by_points[:number]

    def _ratings(self) -> Iterator[Matter]:
        table = quotas.rating_table(self.case)
        over = table[table["used"] > table["most"]]
        if over.empty:
            return
        whole = over[over["group"] == ""]
        units = list(dict.fromkeys(over["unit"]))
        columns = zip(over["unit"], over["group"], over["used"], over["allowed"], strict=True)
        told = [f"{unit}{self._group(group)} {used}/{decimal(allowed)}" for unit, group, used, allowed in columns]
        off = (
            int((whole["used"] - whole["allowed"]).sum()) if len(whole) else int((over["used"] - over["allowed"]).sum())
        )
        yield Matter(
            Kind.QUOTA, "HM-03", units[0] if len(units) == 1 else "", f"Xếp loại xuất sắc: {listed(units)}", _SHEET,
            f"Xếp loại hoàn thành xuất sắc vượt mức ở {len(units)} đơn vị: {listed(told, 4)}.",
            basis_of(self.results, ("HM-03",), ("over",)),
            Option(
                "Đề nghị xếp loại lại",
                f"Bớt {off} người xếp loại xuất sắc ở {listed(units)}; danh hiệu dựa vào xếp loại này xét lại.",
            ),
            Option("Chấp nhận", f"Giữ như đơn vị xếp loại, vượt {off} người; ghi lý do."), float(off),
        )  # fmt: skip

    def _group(self, group: str) -> str:
        return f" ({self.case.label('NHOM_DOI_TUONG', group).lower()})" if group else ""

    def _flags(self) -> Iterator[Matter]:
        table = quotas.flag_table(self.case)
        for row in table[table["used"] > table["allowed"]].to_dict("records"):  # a row a block
            own = self.case.proposed
            own = own[
                (own["award"] == row["award"]) & (own["unit"].map(self.case.units["block"]).fillna("") == row["block"])
            ]
            units, over = list(dict.fromkeys(own["unit"])), int(row["used"] - row["allowed"])
            last = self._lowest(units, over)
            name = self.awards.short(str(row["award"]))
            yield Matter(
                Kind.QUOTA, f"HM-04 {row['award']} {row['block']}", "",
                f"{name}, {row['block'] or 'chưa ghi khối'}", _SHEET,
                f"{row['used']} đề nghị {name}, khối được {decimal(row['allowed'])}: vượt {over}.",
                basis_of(self.results, ("HM-04",), ("over",)),
                Option("Giữ số cờ", f"Theo điểm: giữ {listed(u for u in units if u not in last)}, bớt {listed(last)}."),
                Option("Trình cả", f"Trình {row['used']}, vượt {over}; ghi lý do."), float(over),
            )  # fmt: skip

    def effect(self, items: Iterable[Nomination], sign: int) -> str:
        """What nominations coming in (+1) or going out (−1) do to the quotas that decide; only those that change."""
        taken = list(items)
        texts = []
        for row in self._deciding:
            mine = [item for item in taken if self._counts(row, item.unit)]
            titles = Counter(item.title for item in mine)
            quota = next(q for q in quotas.QUOTAS if q.code == row["code"])
            based, used = titles[quota.base], titles[quota.title]
            if not based and not used:
                continue
            now = Fill(int(row["base"]), int(row["allowed"]), int(row["used"]))
            base = now.base + sign * based
            then = Fill(base, quotas.seats(self.case, quota.code, base), now.used + sign * used)
            if (then.allowed, then.used) != (now.allowed, now.used):
                place = quotas.place_name(row["scope"], row["key"])
                texts.append(f"{self.awards.short(quota.title)} ({place}): {now.words} → {then.words}")
        return "; ".join(texts) + "." if texts else ""

    def _counts(self, row: dict[Any, Any], unit: str) -> bool:
        if row["scope"] == quotas.PROVINCE:
            return True
        return bool((unit if row["scope"] == quotas.UNIT else self.case.units["block"].get(unit, "")) == row["key"])


def _or_less(value: Any) -> float:
    return float("-inf") if value is None or pd.isna(value) else float(value)


def _share(part: float, whole: float) -> str:
    return quotas.percent(part / whole) if whole else "–"

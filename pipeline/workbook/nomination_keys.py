"""Keys of nominations, the same from run to run, and the facts that reading decisions back needs of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.workbook.keys import distinct
from pipeline.workbook.nominated import Nomination, Nominations

PERSON, COLLECTIVE = "CN", "TT"


class NominationKeys:
    """Key of every nomination by its row."""

    def __init__(self, nominations: Nominations) -> None:
        """Name all of them: `CN|P1|CC0001|LDTT`; nominations that would be named alike take their own code too."""
        collectives, persons = nominations.everything
        self._names = nominations.results.dataset.province.units["ten_don_vi"].to_dict()
        self._kinds = {item.row_id: COLLECTIVE for item in collectives} | {item.row_id: PERSON for item in persons}
        everybody = [*collectives, *persons]
        keys = distinct([self._key(item) for item in everybody], [item.code for item in everybody])
        self._keys = {item.row_id: key for item, key in zip(everybody, keys, strict=True)}

    def _key(self, item: Nomination) -> str:
        whom = item.person or item.subject
        whom = item.code if whom.startswith("dòng ") else whom  # a row number is not the same in the next run
        award = "+".join(code for code in (item.title, item.form) if code)
        return "|".join((self._kinds[item.row_id], item.unit, whom, award))

    def of(self, items: Sequence[Nomination]) -> list[str]:
        """Keys of some nominations, in their order."""
        return [self._keys[item.row_id] for item in items]

    def facts(self, items: Sequence[Nomination]) -> list[dict[str, Any]]:
        """What a decision on each needs: whom, what, who decides, in which part it stood."""
        return [
            {
                "loai": self._kinds[item.row_id],
                "don_vi": item.unit,
                "ten_don_vi": self._names.get(item.unit, item.unit),
                "ma": item.person or item.subject,
                "ten": item.name,
                "ma_dn": item.code,
                "danh_hieu": item.title,
                "hinh_thuc": item.form,
                "cap": item.level,
                "bac": item.rung,
                "phan": item.part.name,
                "giai_trinh": item.explains,
            }
            for item in items
        ]

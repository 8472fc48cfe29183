"""What a judgement says in plain words: what was counted, what merit alone would give, how sure, and what to ask."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.rotation.calibration import Reading
from pipeline.rotation.judging import Judgement
from pipeline.rotation.levels import CLEAR, ENOUGH_POWER, LOOK, NOTHING, WORTH_A_LOOK
from pipeline.rotation.rules import RULES
from pipeline.rotation.series import LEAST_ELIGIBLE, LEAST_TITLES, LEAST_YEARS, MOST_PERSONS
from pipeline.vietnamese import decimal

RULE_WORDS = {rule.name: rule.words for rule in RULES}
ASK = "Đề nghị Hội đồng hỏi đơn vị căn cứ chọn từng năm; đây là dấu hiệu thống kê, không phải kết luận."
LOOK_INTO = "Nên hỏi nhẹ căn cứ chọn từng năm; đây là dấu hiệu thống kê, không phải kết luận."
ASK_GAP = "Chưa ai khai có quy định người vừa được phải nghỉ xét hay không: cần hỏi «có quy định nghỉ không?» trước đã."
ASK_OLD_GAP = "Nếu những năm trước từng có quy định nghỉ xét mà nay đã bỏ, cần hỏi điều đó trước đã."
#: Below this share of people and years with recorded merit the sentence says so.
_MOSTLY_KNOWN = 0.8
_THOUSAND = 1_000
#: Power from which nearly every queue would be seen, and below which a clean answer is said to be weak.
_NEARLY_ALL, _WELL = 0.985, 0.8


@dataclass(frozen=True, slots=True)
class Nouns:
    """How the sentence calls those who win; units of a block have other words than people of a unit."""

    place: str = "Đơn vị"
    one: str = "người"
    merit: str = "thành tích đã ghi"


#: In a province the names of units and blocks say what they are.
OF_PERSONS = Nouns("")
OF_UNITS = Nouns("", "đơn vị", "điểm bình quân của người trong đơn vị")
OF_GRADES = Nouns("", merit="điểm, sáng kiến đã ghi")


def nouns_of(kind: str) -> Nouns:
    """Words for the kind of a series of the province (`pipeline.rotation.told`)."""
    return {"unit": OF_UNITS, "grade": OF_GRADES}.get(kind, OF_PERSONS)


def explanation(judgement: Judgement, unit: str, title: str, nouns: Nouns = Nouns(), *, present: bool = False) -> str:
    """Write the whole explanation of a series, a few short lines.

    Args:
        judgement: what was concluded.
        unit: how people call the unit (or block).
        title: how they call the title.
        nouns: how they call those who win.
        present: whether the last year is the one of which only proposals are known.
    """
    said = [_opening(judgement, unit, title, nouns, present)]
    reading = judgement.reading
    if reading is None:
        return "\n".join([*said, lacking(judgement, nouns)])
    if judgement.prepared.complement:
        said.append(f"Hầu hết {nouns.one} đủ điều kiện đều được, nên phép thử xem ai không được.")
    facts = _facts(judgement, reading, nouns)
    for head, leaning in (("Nghiêng về lần lượt", True), ("Không nghiêng về lần lượt", False)):
        told = [words for words, towards in facts if towards is leaning]
        if told:
            said.append(f"{head}: {'; '.join(told)}.")
    said += [chance(reading, nouns), _conclusion(judgement, reading, nouns)]
    if not judgement.series.gap and not reading.facts["repeats"]:
        said.append(ASK_GAP if judgement.series.gap is None else ASK_OLD_GAP)
    share = known_share(judgement)
    if share < _MOSTLY_KNOWN:
        part = percent(share)
        said.append(f"Thành tích chỉ được ghi ở {part} lượt {nouns.one} có thể xét; còn lại coi như ngang nhau.")
    return "\n".join(said)


def shortly(judgement: Judgement, nouns: Nouns = Nouns()) -> str:
    """What there is to say of a series without a sign."""
    reading = judgement.reading
    if reading is None:
        return lacking(judgement, nouns)
    return _conclusion(judgement, reading, nouns)


def _opening(judgement: Judgement, unit: str, title: str, nouns: Nouns, present: bool) -> str:
    series = judgement.series
    years = f"{series.years[0]}–{series.years[-1]}" if len(series.years) > 1 else str(series.years[0])
    years += " (kể cả đề nghị năm nay)" if present else ""
    given, winners = int(series.won.sum()), int(series.won.any(axis=0).sum())
    named = f"{nouns.place} {unit}".strip()
    of = f"trên {len(series.persons)} {nouns.one}"
    return f"{named}, {title}, {years}: {given} lượt được cho {winners} {nouns.one} khác nhau {of}."


def _facts(judgement: Judgement, reading: Reading, nouns: Nouns) -> list[tuple[str, bool]]:
    """What was counted, each with what merit alone would give on average, and whether it leans towards turns."""
    told, usual = reading.facts, reading.expected
    what = "lượt không được" if judgement.prepared.complement else "lượt được"
    found = []
    if told["places"]:
        waiting = (
            f"từ năm thứ hai, {_whole(told['front'])}/{_whole(told['places'])} {what} rơi vào {nouns.one} chờ lâu nhất"
        )
        words = f"{waiting} (nếu xét theo {nouns.merit}, trung bình {_mean(usual['front'])})"
        found.append((words, told["front"] > usual["front"]))
    again = f"{_whole(told['repeats'])} lần" if told["repeats"] else "không lần nào"
    running = "hai năm liền không được" if judgement.prepared.complement else "được hai năm liền"
    words = f"cùng một {nouns.one} {running}: {again} (trung bình {_mean(usual['repeats'])})"
    found.append((words, told["repeats"] < usual["repeats"]))
    if told["lower"] and not judgement.prepared.complement:
        pairs = (
            f"so từng {nouns.one} được với từng đồng nghiệp có thành tích ghi cao hơn rõ: {_whole(told['lower'])} cặp"
        )
        waited = f"trong đó {_whole(told['lower_waiting'])} cặp người được đã chờ lâu hơn"
        by_merit = f"(trung bình {_mean(usual['lower'])} và {_mean(usual['lower_waiting'])})"
        found.append((f"{pairs}, {waited} {by_merit}", told["lower_waiting"] > usual["lower_waiting"]))
    return found


def chance(reading: Reading, nouns: Nouns = Nouns()) -> str:
    """Both probabilities as frequencies people can picture."""
    said = f"Nếu chỉ xét theo {nouns.merit}, tình cờ lặp lại theo lượt đến mức này: {frequency(reading.p_turn)}"
    if math.isfinite(reading.p_lottery):
        said += f"; nếu bốc thăm: {frequency(reading.p_lottery)}"
    return said + "."


def _conclusion(judgement: Judgement, reading: Reading, nouns: Nouns) -> str:
    likest = f"Mẫu hình giống nhất: {RULE_WORDS[reading.rule]}."
    if judgement.level == CLEAR:
        return f"{likest} Dấu hiệu này vẫn nổi rõ khi so với mọi đơn vị được thử cùng lúc. {ASK}"
    if judgement.level == LOOK:
        if below_merit(judgement):
            return f"Việc xét tặng lệch khỏi {nouns.merit}, chưa đủ căn cứ nói là luân phiên. {LOOK_INTO}"
        if not by_turn(judgement):
            return f"{likest} Tình cờ cũng hay có như vậy, chưa đủ căn cứ nói là luân phiên. {LOOK_INTO}"
        return f"{likest} Khi thử nhiều đơn vị cùng lúc, vài đơn vị bình thường cũng có thể như vậy. {LOOK_INTO}"
    if judgement.level == NOTHING:
        return f"Không thấy dấu hiệu luân phiên; {power(reading)}."
    return f"Chưa đủ dữ liệu để kết luận: {power(reading)}."


def by_turn(judgement: Judgement) -> bool:
    """Whether the turns alone stand out, with or without a departure from merit."""
    reading = judgement.reading
    return reading is not None and (reading.p_turn <= WORTH_A_LOOK or judgement.turn_marked)


def below_merit(judgement: Judgement) -> bool:
    """Whether only turns and merit together stand out, and winners were outdone more often than merit would give."""
    reading = judgement.reading
    if reading is None or by_turn(judgement):
        return False
    return reading.facts["lower"] > reading.expected["lower"]


def power(reading: Reading) -> str:
    """How well these data would show a plain queue."""
    if reading.power >= _NEARLY_ALL:
        seen = "hầu hết các trường hợp"
    else:
        seen = f"khoảng {_whole(100 * reading.power)}/100 trường hợp"
    low = ", tức là khả năng nhận ra còn thấp" if ENOUGH_POWER <= reading.power < _WELL else ""
    return f"nếu có lần lượt theo hàng thật thì số liệu này nhận ra được {seen}{low}"


def lacking(judgement: Judgement, nouns: Nouns = Nouns()) -> str:
    """Why nothing could be tested."""
    prepared = judgement.prepared
    years = int(prepared.informative.sum())
    if prepared.lacking == "years" and not years and prepared.won.any():
        return f"Không có gì để thử: không năm nào phải chọn, {nouns.one} nào đủ điều kiện cũng được."
    why = {
        "years": f"chỉ có {years} năm mà số {nouns.one} đủ điều kiện nhiều hơn số suất, cần ít nhất {LEAST_YEARS} năm",
        "eligible": f"thường chỉ có dưới {LEAST_ELIGIBLE} {nouns.one} đủ điều kiện để chọn",
        "titles": f"mới có {prepared.titles} lượt trong các năm có lựa chọn, cần ít nhất {LEAST_TITLES}",
        "persons": f"quá {MOST_PERSONS} {nouns.one} mà không chia tổ",
    }[prepared.lacking]
    return f"Chưa đủ dữ liệu để kết luận: {why}."


def known_share(judgement: Judgement) -> float:
    """Share of eligible persons and informative years with recorded merit."""
    prepared = judgement.prepared
    asked = prepared.choice & prepared.informative[:, None]
    return float((asked & prepared.known).sum() / max(int(asked.sum()), 1))


def frequency(p: float) -> str:
    """Write a probability as so many times in a thousand."""
    if p >= 1 - 1 / (2 * _THOUSAND):
        return "hầu như lần nào cũng vậy"
    times = p * _THOUSAND
    if times < 1:
        return "dưới 1 trong 1.000 lần"
    return f"khoảng {_whole(times)} trong 1.000 lần"


def percent(share: float) -> str:
    """Write a share in whole percent."""
    return f"{_whole(100 * share)} %"


def _whole(value: float) -> str:
    return decimal(round(value))


def _mean(value: float) -> str:
    return decimal(round(value, 1), 1)

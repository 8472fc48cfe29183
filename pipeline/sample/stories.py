"""The units that carry a story in the default province, and what truly happens in each.

P7   the CSTĐCS place goes round among eight people in the order of the list (2018–2025, and 2026 goes on),
     though others were better almost every year: a true rotation.
P9   a new winner every year from 2021 to 2025, because the best by recorded merit really was another one
     each year, and winners left: an innocent look-alike.
P10  from 2021 everybody is rated and scored alike and gets LĐTT: levelling.
P11  the head is nominated for CSTĐCS and Bằng khen while the unit itself gets nothing: a head above the unit.
P2   CSTĐ ngành proposed for somebody whose CSTĐCS years have a gap (2024): a broken chain.
P1   the same with an unbroken chain, for comparison.
P12  the minutes carry a later date than the submission letter (made in `review_form`).
P3   lists and nominates a person who moved to KV2 in April, and so does KV2.
KV3  has a reprimand, KV1 a maternity leave and a training course.
"""

from __future__ import annotations

from pipeline.sample.career import Story

_STAR = 3.5

PLANTED: dict[str, Story] = {
    "P7": Story(
        size=8,
        steady=True,
        queue=True,
        persistence=0.7,
        noise=0.25,
        lift={(y, 1 + y % 2): 1.5 for y in range(2018, 2027)},
    ),
    "P9": Story(
        size=9,
        steady=True,
        persistence=0.1,
        noise=0.1,
        lift={
            (2018, 1): _STAR,
            (2019, 1): _STAR,
            (2020, 1): _STAR,
            (2021, 4): _STAR,
            (2022, 5): _STAR,
            (2023, 6): _STAR,
            (2024, 7): _STAR,
            (2025, 8): _STAR,
            (2026, 8): _STAR,
        },
        leaves={2021: 1, 2022: 4, 2024: 6, 2025: 7},
    ),
    "P10": Story(size=9, steady=True, level_from=2021),
    "P11": Story(size=10, lift={(2025, 0): 5.0, (2026, 0): 5.0}, noise=0.1),
    "P12": Story(size=9),
    "P2": Story(
        size=9,
        steady=True,
        noise=0.1,
        lift={(y, 4 if y == 2024 else 3): 5.0 for y in range(2022, 2027)} | {(2024, 3): -1.0},
    ),
    "P1": Story(size=10, steady=True, noise=0.1, lift={(y, 3): 5.0 for y in (2024, 2025, 2026)}),
    "P3": Story(size=9, steady=True),
    "KV1": Story(size=12, events={4: "NGHI_THAI_SAN", 6: "DAO_TAO"}),
    "KV2": Story(size=13),
    "KV3": Story(size=14, events={9: "KY_LUAT"}),
    "KV4": Story(size=11, events={5: "NGHI_OM"}),
}
#: Who is proposed for CSTĐ ngành in 2026: unit → place.
CHAINS = {"P2": 3}
#: Unit in which the collective is rated low and proposes nothing for itself.
LOW_COLLECTIVE = "P11"
#: Unit in which the place goes round; in 2026 it is the head's turn.
QUEUED = "P7"
#: Units in which everybody is treated alike.
LEVELLED = ("P10",)
#: Units of which no usable file comes.
WITHOUT_FILE = ("TT", "VP")
#: Unit whose minutes are dated after its letter.
FORGED_DATES = "P12"
#: Old unit and new unit of the person whom both list and nominate.
LISTED_TWICE = ("P3", "KV2")
#: What the rotation checks say of the province as a whole or of units, without a cell: code → whom, and why.
SIGNS_OF_TURNS = {
    "LP-01": "P7: suất đi vòng theo danh sách (rõ); VP: chỉ đáng xem; P9 đổi người mỗi năm mà vô can nên không nêu",
    "LP-05": "P7: đúng thứ tự danh sách",
    "LP-06": "mỗi đơn vị đúng một suất Chiến sĩ thi đua cơ sở",
    "LP-07": "một người đủ chuỗi rồi thôi",
    "LP-08": "P10: cào bằng điểm từ 2021; P7: phiếu dồn; KV2: phiếu đều",
    "LP-10": "người được năm trước vẫn xứng đáng mà không được đề nghị",
    "LP-12": "năm nào cũng có người được, không ai được hai năm liền",
}
#: Unit that a disputed deduction puts near the threshold of the top band.
NEAR_THRESHOLD = "KV3"
#: What the ranking says of blocks and units without a cell: code → whom, and why.
SIGNS_OF_RANKS = {
    "XH-04": "Khối phòng có hai nhóm sát nhau",
    "XH-05": "KV3: điểm trừ còn tranh chấp đưa đơn vị về sát ngưỡng xuất sắc",
    "XH-06": "Khối phòng: hạng của vài đơn vị dựa vào một nhóm tiêu chí",
}

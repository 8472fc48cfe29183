"""The order of units inside their block, how sure it is, and what would change it.

Contract: `ranking_of(case)` reads the evidence of the run (CHI_TIEU of the units, BANG_DIEM, DIEM_THAM_DINH, DIEM_TRU,
DIEU_KIEN_LOAI of the configuration) and returns a `Ranking`, made once a run. It changes no data, never raises on bad
data, and works on whole blocks. Equal data give equal ranks whatever the order of rows and whatever units are called.

The official score is arithmetic that a clerk can repeat: points of each criterion (appraised where the standing office
appraised, else computed from target and result, else 0 and marked), plus the bonus up to its cap, minus the
deductions; as a percentage of the points that could be had. Everything else here (intervals, weights that are shaken,
other methods of adding up) tells how sure that order is and never enters it.

Choices that the sources leave open, each told to the council where it is used:

- Bonus. The official bonus of a criterion is the one computed from target and result (β · M · what is beyond the
  target, up to its own cap). It counts only where the criterion has its full points: where the standing office
  appraised fewer, it did not accept the figures on which the bonus rests. What a unit claims beyond that (rows
  "Đề nghị điểm thưởng", self-scores above the full points) counts only in the best case of the interval.
- Deductions. Those of DIEM_TRU, disputed or not, are in the official score; the best case leaves out the disputed
  ones. Rows "Tự nhận điểm trừ" of the unit count only in the worst case, where they exceed those of DIEM_TRU.
- Several targets of one criterion: their self-scores add up, as DON_VI adds them; computed points are the mean, known
  only when all are; evidence is stated when every one states it.
- Gates (domain 4.5). A unit with a gate that the council confirmed, or has not yet decided on, is outside the
  official ranks; the two are told apart (`Status`), and the reference rank shows where it alone would stand. "Vẫn
  xét" by the council lifts the gate. The parameter XH-04.cho_ket_luan = TRONG_HANG ranks units whose gate is undecided.
- A unit without a counted file has no score unless the standing office appraised every criterion.
- Two percentages are equal when they agree to `order.DIGITS` decimals.

Modules: `settings` (parameters), `points` (criteria), `totals`, `gates`, `order` (ranks, ties, bands), `blocks` (arrays
of one block), `intervals`, `neighbours`, `left_out`, `weights`, `methods` (how sure), `appraised` (scores that stand
out), `wording`, `tables` (what is handed over), `of_province` (the whole), `listing` (`xep-hang.csv`).

People and collectives inside each title (`nominees`): `order_of_nominees(case, findings, looked_at, unit_rank)` orders
them by a chain of components that the unit declared, each shown by itself; there is no total. Missing data stay
missing: they stand last in their component, are said, and widen the interval of places. Ties stay ties. The order of
a unit (of a block for collectives) is the one that counts; orders over several units exist only as what they would be
if the council pooled the quota. Modules: `components` (the chain), `declared` (values), `eligibility` (who may be
ordered), `lexicographic` (places, intervals), `nominees` (the whole), `quota_places` (inside, at the line, below),
`nominee_wording` (sentences), `nominee_listing` (rows of `xep-hang.csv`).
"""

"""Rotation ("bình xét luân phiên nhau"): does a series of titles look like taking turns, rather than like merit?

Contract: `judge(series)` takes any number of `Series` (a unit, a title, its years and people) and returns a judgement
of each: evidence T and J, their p-values under "by recorded merit only", what plain counts say with their
expectation, how well these data would show a queue, and a level that holds over all series together. Equal series give
equal results on any run, in any order of series, rows and persons, under any names, with any number of workers. A sign
is a question to the council, never a verdict.

The way of a series: `series` (as told, and as the test reads it) → `batch` (several side by side) → `past` and
`likelihood` (probability under merit and under each of `rules`) → `simulation` and `calibration` (how often merit alone
gives as much) → `prior` (what committees are like) and `levels` (over the whole province) → `judging`; `facts`,
`wording`, `innocent` and `listing` say it. `person_years`, `desk` and `of_province` make the series of a province,
`plain_table` those of any list. `mismatch`, `moved_merit`, `near_ties`, `turn_votes`, `levelling`, `order` and
`ballots` are companions: they are shown beside, and none of them raises a level.

Levels are tested by the study `python -m tests.rotation.study`.
"""

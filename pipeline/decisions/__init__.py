"""After the meeting: the reviewed workbook read back.

Contract: a workbook is known by its very hidden sheet `KHOA` (run, tables, row keys, seals); its visible rows by the
keys in their hidden cells, its columns by their headings, never by position. `reading` says what stands where and
what was changed that should not have been, `judging` turns decisions into outcomes, `writing` and `history` write
them, `carrying` brings them into the workbook of a later run. Nothing is guessed: what cannot be determined stays
undecided, with a finding that names sheet and cell and says what to do.
"""

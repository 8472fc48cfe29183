"""What a thing must look like: template sheets, the province's workbooks, drop-down lists, rule records.

Everything here is data with names. Nothing in this package reads a file that somebody sent, and nothing
imports from ``pipeline``. One `schemas.columns.Sheet` is the single source of the template page, the parse of
each of its columns, the pandera checks, the guide and the data dictionary; one record in ``rules/*.toml`` is
the single source of a check's sentence, its source, its severity and its dates.
"""

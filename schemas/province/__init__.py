"""The province's own workbooks: `cau-hinh.xlsx` (configuration) and `lich-su.xlsx` (past years).

They are declared, written, read and validated exactly as the unit's template is.
"""

from schemas.columns import BookSpec
from schemas.province import catalogue, entries, organisation, overrides, past, period

#: Configuration of one province for one period.
CONFIGURATION = BookSpec(
    code="TDKT-CH",
    version="1.0",
    title="Cấu hình kỳ xét của tỉnh",
    sheets=(
        period.PERIOD,
        organisation.UNITS,
        organisation.COUNCIL,
        catalogue.TITLES,
        catalogue.SCORE_TABLE,
        catalogue.MOVEMENTS,
        overrides.PARAMETERS,
        overrides.WAIVERS,
        entries.APPRAISED,
        entries.DEDUCTIONS,
        entries.BLOCK_BALLOTS,
        entries.GATES,
    ),
)

#: Awards, rosters, candidates and ranks of units of past years.
HISTORY = BookSpec(
    code="TDKT-LS",
    version="1.0",
    title="Lịch sử khen thưởng và danh sách các năm trước",
    sheets=(past.AWARDS, past.ROSTER, past.CANDIDATES, past.UNIT_RANKS),
)

"""The unit's template: one module a sheet, gathered here in the order in which the officer meets them."""

from schemas.columns import BookSpec
from schemas.sheets import (
    activities,
    ballots,
    dossiers,
    events,
    exemplars,
    explanations,
    history,
    initiatives,
    nominations,
    staff,
    targets,
    unit,
)

#: The template that units fill.
UNIT_TEMPLATE = BookSpec(
    code="TDKT-01",
    version="1.0",
    title="Hồ sơ xét thi đua, khen thưởng của đơn vị",
    sheets=(
        unit.SHEET,
        staff.SHEET,
        events.SHEET,
        nominations.SHEET,
        ballots.SHEET,
        targets.SHEET,
        activities.SHEET,
        exemplars.SHEET,
        initiatives.SHEET,
        dossiers.SHEET,
        history.SHEET,
        explanations.SHEET,
    ),
    readable_versions=("0.9",),
)

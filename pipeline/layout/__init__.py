"""Where the form's sheets and columns lie in a file that people have changed.

Contract: `identity_of(book, spec)` tells for whom a file was made, `locate(book, spec, identity)` finds every
sheet and field. Sheets are known by the stamp in their hidden key row, then by name; columns by machine key,
then by heading. A file whose rows, columns or names were moved is still read, and every such change is said
(V-17, V-16); what is missing is V-01, a sheet made for somebody else V-08. Every cell that is not empty is
counted once: field, ignored (the form's own text), unread. Nothing is interpreted and nothing raises.
"""

from pipeline.layout.cells import address, blank, shown
from pipeline.layout.places import BookLayout, Located
from pipeline.layout.sheets import FIXED_SHEETS, identity_of, locate

__all__ = ["FIXED_SHEETS", "BookLayout", "Located", "address", "blank", "identity_of", "locate", "shown"]

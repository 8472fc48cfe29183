"""The intake step: from the inbox folder to a list of received items, in an order that never changes.

Contract: `collect(inbox)` walks `hop-thu/` with its sub-folders, opens .zip archives in memory (a zip in a
zip too, no deeper), and gives each remaining file as a `Received` with its bytes, its SHA-256 and the best
known time. What cannot be taken is a finding (V-11, V-12, V-14) with its path as file; what is no submission
(the receipt log, hidden and lock files) is listed in `ignored`; so nothing in the folder is passed over in
silence. It never raises. What an item is, and whether it may be read, is told by `pipeline.package`.
"""

from __future__ import annotations

from pipeline.intake.folder import collect
from pipeline.intake.records import ORDINARY, Intake, Limits, Received, TimeSource

__all__ = ["ORDINARY", "Intake", "Limits", "Received", "TimeSource", "collect"]

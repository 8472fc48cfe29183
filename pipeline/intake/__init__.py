"""The intake step: from the inbox folder to a list of received items, in an order that never changes.

Contract: `collect(inbox)` walks `hop-thu/` with its sub-folders and gives each file that lies there, at last, as a
`Received` with its bytes, its SHA-256 and the best known time. It opens .zip archives (a zip in a zip too, no
deeper), mails (.eml, Outlook's .msg, with the mails that they forward), mbox files and Maildir folders; each of
them counts as a folder in the path: `thu-3.eml/ho-so.zip/P1.xlsx`. What came by mail knows its sender, its
Message-ID and the times of its headers.

What cannot be taken is a finding (V-11, V-12, V-14) with its path as file, or a `Received` with a `refusal` where
it is a file of its own; a mail's time that cannot be believed is V-18. What is no submission (the receipt log,
hidden and lock files, logos and signatures in mails) is listed in `ignored`; so nothing in the folder is passed
over in silence. It never raises. What an item is, and whether it may be read, is told by `pipeline.package`.
"""

from __future__ import annotations

from pipeline.intake.folder import collect
from pipeline.intake.records import ORDINARY, Intake, Limits, Received, TimeSource

__all__ = ["ORDINARY", "Intake", "Limits", "Received", "TimeSource", "collect"]

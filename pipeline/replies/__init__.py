"""Replies: every unit gets its own data back with what must be mended, and a letter around it.

Contract: `TypedCells(dataset)` keeps what the units typed when the run lets go of its raw cells. `replies_beside`
stages, below `phan-hoi/`, a reply and a draft (.eml) for each unit that sent something, a reminder for each that did
not. A reply is the current form, issued as any other (`pipeline.issuing.write_form`), with the cells as typed; sent
back, it is a submission like any other. It says nothing of another unit: `audience` tells which findings go to a unit,
`unit_why` in schemas/rules/ holds the words of those that would quote another. `sending` mails the drafts, on request.
"""

from pipeline.replies.making import Posted, posted_of, replies_beside
from pipeline.replies.typed import TypedCells

__all__ = ["Posted", "TypedCells", "posted_of", "replies_beside"]

"""Opening what came, a batch of files at a time: here, in worker processes or on a cluster, and only what changed.

Contract: `read_all(items, province)` gives the openings of all items in their order and their rows as one
`Validated`, the same to the byte whichever executor did the work, in whatever batches, and whether a file was read
now or kept from an earlier run. `step.read_batch` is the work itself: a pure function of a batch that any
`concurrent.futures.Executor` can run; it returns a `Transcript` a file, packed, because neither pandera's errors nor
thousands of small frames travel well between processes. A batch whose worker dies is halved until the file that
kills it stands alone; that file gets a finding (V-11 worker, V-14 worker) and the run goes on. Files of kinds whose
readers are known to crash are read in a worker with limits even when everything else is read here.
"""

from pipeline.batches.distribution import Desk, Reading, read_all
from pipeline.batches.shelf import Shelf, own_shelf
from pipeline.batches.workers import cluster

__all__ = ["Desk", "Reading", "Shelf", "cluster", "own_shelf", "read_all"]

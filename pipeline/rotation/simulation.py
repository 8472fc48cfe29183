"""Award histories as they would be: by merit only, or in a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.rotation.batch import Batch
from pipeline.rotation.past import Past
from pipeline.rotation.rules import BETAS
from pipeline.rotation.series import Bools, Floats, Ints

Stream = np.random.Generator
#: Share of years in which the queue of the power line makes the honest choice.
QUEUE_HONEST = 0.1


def by_merit(batch: Batch, beta: Ints, streams: Sequence[Stream]) -> Bools:
    """Draw histories in which each year's winners are drawn by merit alone (Plackett-Luce).

    Args:
        batch: the series.
        beta: (B, H) number of the merit sensitivity of each history.
        streams: random numbers of each series.

    Returns:
        (B, H, T, n) who won.
    """
    score = _scores(batch, beta, streams)
    return _live(batch, beta.shape[1], lambda past, year: (past.free(year), score[:, :, year]))


def in_queue(batch: Batch, beta: Ints, streams: Sequence[Stream]) -> Bools:
    """Draw histories in which, from the second year with a choice on, those who waited longest win, ties at random.

    One year in ten is honest. Arguments as of `by_merit`.
    """
    score = _scores(batch, beta, streams)
    b, h, years, _ = score.shape
    honest = np.stack([s.random((h, years)) for s in streams]) < QUEUE_HONEST
    lot = _padded(streams, (h, years), batch)
    begun = np.zeros((b, h), dtype=bool)

    def choose(past: Past, year: int) -> tuple[Bools, Floats]:
        free = past.free(year)
        queue = lot[:, :, year] - past.last  # the lot is below 1: it only decides between equals
        turn = (begun & ~honest[:, :, year])[..., None]
        begun[:] |= (batch.seats[:, year, None] >= 1) & (free.sum(axis=2) > batch.seats[:, year, None])
        return free, np.where(turn, queue, score[:, :, year])

    return _live(batch, h, choose)


def _scores(batch: Batch, beta: Ints, streams: Sequence[Stream]) -> Floats:
    """(B, H, T, n) utility of everybody in every year: merit times sensitivity, and Gumbel noise."""
    h, years = beta.shape[1], batch.shape[1]
    noise = _padded(streams, (h, years), batch)
    # -log(-log u), u in (0, 1)
    np.maximum(noise, np.float32(1e-12), out=noise)
    np.log(noise, out=noise)
    np.negative(noise, out=noise)
    np.maximum(noise, np.float32(1e-12), out=noise)
    np.log(noise, out=noise)
    np.negative(noise, out=noise)
    lift = BETAS.astype(np.float32)[beta][:, :, None, None] * batch.merit.astype(np.float32)[:, None]
    noise += lift
    return noise


def _padded(streams: Sequence[Stream], shape: tuple[int, int], batch: Batch) -> Floats:
    """Uniform numbers of every series on its own persons."""
    found = np.zeros((len(streams), *shape, batch.shape[2]), dtype=np.float32)
    for row, stream, persons in zip(found, streams, batch.persons, strict=True):
        row[..., :persons] = stream.random((*shape, int(persons)), dtype=np.float32)
    return found


def _live(batch: Batch, histories: int, choose: Callable[[Past, int], tuple[Bools, Floats]]) -> Bools:
    """Pass through the years; `choose` gives who is free and everybody's score, the best of whom win."""
    b, years, n = batch.shape
    won = np.zeros((b, histories, years, n), dtype=bool)
    past = Past(batch, (b, histories, n))
    for year in range(years):
        past.open(year)
        free, score = choose(past, year)
        won[:, :, year] = best(np.where(free, score, -np.inf), batch.seats[:, year])
        won[:, :, year] &= free
        past.close(year, won[:, :, year])
    return won


def best(score: Floats, seats: Ints) -> Bools:
    """(B, H, n) the highest `seats` (B,) of each row."""
    found = np.zeros(score.shape, dtype=bool)
    most = int(seats.max(initial=0))
    if not most:
        return found
    n = score.shape[2]
    if most == 1:
        columns = score.argmax(axis=2)[..., None]
    elif most >= n:
        columns = np.argsort(-score, axis=2)
    else:
        columns = np.argpartition(-score, most - 1, axis=2)[..., :most]
        inner = np.take_along_axis(-score, columns, axis=2).argsort(axis=2)
        columns = np.take_along_axis(columns, inner, axis=2)
    wanted = np.arange(columns.shape[2]) < seats[:, None, None]
    np.put_along_axis(found, columns, np.broadcast_to(wanted, columns.shape), axis=2)
    return found

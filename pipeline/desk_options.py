"""Options of a command that tell who reads the files, and where results of earlier runs are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pipeline.batches import Desk

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--cache",
        type=click.Path(path_type=Path),
        metavar="THƯ_MỤC",
        help="Nơi nhớ kết quả đọc, để lần sau chỉ đọc tệp mới hoặc đã đổi; mặc định trong thư mục riêng của người dùng."
        " Xóa lúc nào cũng được.",
    ),
    click.option("--no-cache", is_flag=True, help="Đọc lại mọi tệp, không nhớ gì."),
    click.option(
        "--cluster",
        metavar="ĐỊA_CHỈ",
        help="Đọc tệp trên một cụm Dask, ví dụ tcp://10.0.0.5:8786; cần cài 'tdkt[cluster]'.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 256),
        metavar="SỐ",
        help="Số tiến trình đọc tệp khi có nhiều tệp; mặc định bằng số nhân của máy.",
    ),
)


def desk_options(command: Command) -> Command:
    """Give a command the options, which it hands to `desk_of` by name."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def desk_of(cache: Path | None, no_cache: bool, cluster: str | None, workers: int | None) -> Iterator[Desk]:
    """Make the desk that the options ask for; connected to the cluster as long as the context lasts.

    Raises:
        CannotRun: no such cluster. (A folder that cannot be used is told when reading begins.)
    """
    from pipeline import batches  # noqa: PLC0415 - help must not import pandas

    given: dict[str, Any] = {} if workers is None else {"workers": workers}
    if not no_cache:
        given["cache"] = partial(batches.Shelf, cache) if cache else batches.own_shelf
    if cluster:
        with batches.cluster(cluster) as (executor, threads):
            yield batches.Desk(executor=executor, ahead=2 * threads, **given)
    else:
        yield batches.Desk(**given)

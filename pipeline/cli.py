"""The command line. Everything heavy is imported inside the commands, so that help answers at once."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.desk_options import desk_of, desk_options
from pipeline.mail_commands import collect, send
from pipeline.progress_bar import Bar
from pipeline.refusals import printable
from pipeline.speech import speak_vietnamese

if TYPE_CHECKING:
    from pipeline.check_file import CheckedFile

speak_vietnamese()  # before the decorators below, which ask click for its words

FOLDER = click.Path(path_type=Path)
#: Exit codes beside click's own 2 for wrong usage.
MUST_MEND, INTERNAL_ERROR, INTERRUPTED = 1, 3, 130
#: Objects made between two looks for cycles: what is imported and read stays to the end and holds hardly any, so that
#: Python's own 700 would walk it hundreds of times for nothing, a twentieth of a run.
BETWEEN_COLLECTIONS = 10_000
SEVERITIES = {"CHAN": "CHẶN", "GIAI_TRINH": "GIẢI TRÌNH", "CANH_BAO": "CẢNH BÁO"}


class _Moment(click.ParamType[dt.datetime]):
    """A moment typed as `2026-11-20`, `2026-11-20T08:30` or `20/11/2026 08:30`."""

    name = "thời điểm"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(str(value), pattern)
            except ValueError:
                continue
        raise click.BadParameter(f"«{value}» không phải thời điểm; ví dụ 20/11/2026 08:30.", ctx, param)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH …",
)
@click.version_option(__version__, prog_name="tdkt")
def tdkt() -> None:
    """Tổng hợp hồ sơ thi đua, khen thưởng: từ mẫu Excel các đơn vị gửi đến một bản tổng hợp cho Hội đồng.

    \b
    Thứ tự công việc:
      1. tdkt init tinh/             tạo thư mục của tỉnh, điền cau-hinh.xlsx, lich-su.xlsx
      2. tdkt template tinh/ -o mau/ tạo mẫu cho từng đơn vị, gửi đi
      3. đặt tệp đơn vị gửi về vào tinh/hop-thu/
      4. tdkt consolidate tinh/      mở output/tong-hop.xlsx, Hội đồng ghi kết luận vào đó
      5. tdkt finalize output/tong-hop.xlsx --province tinh/ -o ket-qua/
                                     danh sách cuối cùng, lịch sử cho năm sau
      (xem căn cứ của một phát hiện: tdkt rules MÃ)
    """


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", type=FOLDER, metavar="THƯ_MỤC_TỈNH")
@click.option(
    "-o", "--output", type=FOLDER, default=Path("output"), show_default=True, metavar="THƯ_MỤC", help="Nơi ghi kết quả."
)
@click.option(
    "--now",
    type=_Moment(),
    metavar="THỜI_ĐIỂM",
    help="Thời điểm in trên bản tổng hợp; mặc định là thời điểm mới nhất trong các tệp nhận được.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(SEVERITIES)),
    metavar="MỨC",
    help="Thoát mã 1 nếu có phát hiện từ mức này: CHAN, GIAI_TRINH hoặc CANH_BAO.",
)
@click.option(
    "--reviewed",
    type=FOLDER,
    metavar="BẢN_ĐÃ_GHI",
    help="Chuyển kết luận, phiếu, ghi chú từ bản tổng hợp đã ghi sang bản mới; bản ấy giữ nguyên.",
)
@click.option(
    "--replies/--no-replies",
    default=True,
    show_default=True,
    help="Soạn phản hồi, thư nhắc cho từng đơn vị vào thư mục phan-hoi/ (chưa gửi; gửi bằng tdkt send).",
)
@desk_options
@click.option("-q", "--quiet", is_flag=True, help="Không in tóm tắt.")
def consolidate(
    folder: Path,
    output: Path,
    now: dt.datetime | None,
    fail_on: str | None,
    reviewed: Path | None,
    replies: bool,
    quiet: bool,
    **reading: Any,
) -> None:
    """Tổng hợp mọi tệp đơn vị đã gửi thành một bản cho Hội đồng.

    Mã thoát: 0 chạy xong · 1 có phát hiện từ mức --fail-on · 2 không chạy được như yêu cầu ·
    3 chạy xong nhưng có tệp bị để riêng vì lỗi chương trình · 130 dừng bằng Ctrl-C.

    \b
    Ví dụ:
      tdkt consolidate tinh/ -o output/
      tdkt consolidate tinh/ -o output/ --reviewed output/tong-hop.xlsx
    """
    from pipeline import consolidate as work
    from schemas.rules import Severity

    bar = Bar() if sys.stderr.isatty() and not quiet else contextlib.nullcontext(work.silent)
    with desk_of(**reading) as desk, bar as progress:
        report = work.consolidate(folder, output, now, progress, reviewed, replies, desk)
    if not quiet:
        for line in report.lines():
            click.echo(printable(line), err=True)
    code = report.exit_code(Severity(SEVERITIES[fail_on]) if fail_on else None)
    click.get_current_context().exit(code)


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("workbooks", type=FOLDER, nargs=-1, required=True, metavar="BẢN_TỔNG_HỢP…")
@click.option("-o", "--output", type=FOLDER, required=True, metavar="THƯ_MỤC", help="Nơi ghi kết quả.")
@click.option(
    "--province",
    type=FOLDER,
    metavar="THƯ_MỤC_TỈNH",
    help="Thư mục tỉnh đã dùng khi tổng hợp; có nó mới viết được lich-su.xlsx cho năm sau.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(SEVERITIES)),
    metavar="MỨC",
    help="Thoát mã 1 nếu có phát hiện từ mức này: CHAN, GIAI_TRINH hoặc CANH_BAO.",
)
@click.option("-q", "--quiet", is_flag=True, help="Không in tóm tắt.")
def finalize(
    workbooks: tuple[Path, ...], output: Path, province: Path | None, fail_on: str | None, quiet: bool
) -> None:
    """Đọc lại bản tổng hợp đã ghi kết luận, lập danh sách cuối cùng.

    Nhiều bản chép của cùng một bản tổng hợp thì ghi lần lượt; ô mà hai bản ghi khác nhau thì không lấy bản nào.
    Đã sắp xếp, lọc, chuyển trang, đổi thứ tự cột đều được.

    Mã thoát: 0 chạy xong · 1 có phát hiện từ mức --fail-on · 2 không chạy được như yêu cầu · 130 dừng bằng Ctrl-C.

    \b
    Ví dụ:
      tdkt finalize output/tong-hop.xlsx --province tinh/ -o ket-qua/
    """
    from pipeline.decisions.finalize import finalize as work
    from schemas.rules import Severity

    done = work(workbooks, output, province)
    if not quiet:
        for line in done.lines():
            click.echo(line, err=True)
    click.get_current_context().exit(done.exit_code(Severity(SEVERITIES[fail_on]) if fail_on else None))


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="TỆP…")
@click.option(
    "--province",
    type=FOLDER,
    metavar="THƯ_MỤC_TỈNH",
    help="Dùng danh mục và kỳ xét của thư mục tỉnh thay cho danh mục có sẵn trong tệp.",
)
def check(files: tuple[Path, ...], province: Path | None) -> None:
    """Kiểm tra tệp trước khi gửi.

    Cùng cách đọc và kiểm tra như khi tổng hợp.

    Mã thoát: 0 không có gì phải sửa · 1 có chỗ phải sửa hoặc giải trình · 2 không chạy được.

    \b
    Ví dụ:
      tdkt check TDKT-01_2026_P1.xlsx
    """
    from pipeline.check_file import check_file

    to_mend = 0
    for path in files:
        checked = check_file(path, province)
        to_mend += checked.to_mend
        for line in _check_lines(checked):
            click.echo(line)
    click.get_current_context().exit(MUST_MEND if to_mend else 0)


def _check_lines(checked: CheckedFile) -> list[str]:
    from pipeline.check_file import speakable
    from pipeline.findings import ranges_text, sentences

    rows = ", ".join(f"{code} {n}" for code, n in checked.rows.items() if n)
    lines = [click.style(printable(str(checked.path)), bold=True)]
    if rows:
        lines.append(f"  Đã đọc {checked.counts.accepted} ô; số dòng: {rows}.")
    for group in checked.groups:
        words = sentences(speakable(group.first, checked.people))
        where = f" ({group.size} ô: {ranges_text(group.cells)})" if group.size > 1 else ""
        lines.append(f"  {words.severity} {group.first.code} · {words.what}{where} {words.fix}")
    if not checked.dated:
        lines.append(
            "  Tệp không còn ghi kỳ xét nên các điều kiện theo kỳ chưa được xét; xét bằng --province THƯ_MỤC_TỈNH."
        )
    if checked.to_mend:
        lines.append(f"  Còn {checked.to_mend} chỗ phải sửa hoặc giải trình.")
    else:
        lines.append("  Không có gì phải sửa. Hạn nộp và số liệu của đơn vị khác chỉ được xét khi tổng hợp.")
    return lines


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("codes", nargs=-1, metavar="[MÃ…]")
def rules(codes: tuple[str, ...]) -> None:
    """Xem quy tắc kiểm tra: ý nghĩa, cách xét, ví dụ, căn cứ, tham số.

    Không ghi mã thì in danh sách.

    \b
    Ví dụ:
      tdkt rules
      tdkt rules QT-03 DK-04
    """
    from pipeline.rule_pages import rule_list, rule_page
    from schemas.rules import register

    for line in () if codes else rule_list():
        click.echo(line)
    for number, given in enumerate(codes):
        code = given.upper()
        if code not in register():
            raise click.UsageError(f"Không có quy tắc «{given}». Xem danh sách bằng: tdkt rules")
        click.echo("\n" * bool(number) + "\n".join(rule_page(code)))


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("tables", type=FOLDER, nargs=-1, required=True, metavar="BẢNG…")
@click.option("-o", "--output", type=FOLDER, required=True, metavar="THƯ_MỤC", help="Nơi ghi kết quả.")
def rotation(tables: tuple[Path, ...], output: Path) -> None:
    """Tìm dấu hiệu luân phiên trong một bảng bất kỳ (.csv, .xlsx), không cần thư mục của tỉnh.

    \b
    Dòng 1 là tên cột, mỗi dòng sau là một người trong một năm:
      don_vi, danh_hieu, nam, nguoi, dat (1 hoặc 0)
    nếu có thì thêm: co_mat, du_dieu_kien, diem, xep_loai, to,
      phieu_dong_y, phieu_hop_le, so_nam_nghi
    Cột mã (ma_don_vi, ma_cc) được đọc thay cột tên khi có cả hai.
    Cả những người không được cũng phải có dòng. Trong tệp Excel, mọi trang không ẩn có dòng tên cột
    đều được đọc. Kết quả: luan-phien.csv; dòng sai: luan-phien-loi.csv.

    \b
    Ví dụ:
      tdkt rotation danh-sach-cu.xlsx -o ket-qua/
    """
    from pipeline.table_rotation import judge_tables

    for line in judge_tables(tables, output).lines():
        click.echo(printable(line), err=True)


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", type=FOLDER, metavar="THƯ_MỤC_TỈNH")
@click.option("-o", "--output", type=FOLDER, required=True, metavar="THƯ_MỤC_MỚI", help="Nơi ghi bản ẩn danh.")
def anonymise(folder: Path, output: Path) -> None:
    """Chép thư mục tỉnh thành bản ẩn danh để trình bày, tập huấn.

    Tên người, tên đơn vị thành mã; ngày tháng chỉ còn năm; phần viết tự do bị bỏ. Chạy consolidate trên bản chép thì
    mọi trang ghi «BẢN ẨN DANH».

    \b
    Ví dụ:
      tdkt anonymise tinh/ -o ban-an-danh/
      tdkt consolidate ban-an-danh/ -o ket-qua-an-danh/
    """
    from pipeline.anonymous_copy import make_copy

    written = make_copy(folder, output)
    click.echo(f"Đã ghi {len(written)} tệp ẩn danh trong {printable(str(output))}", err=True)


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", type=FOLDER, metavar="THƯ_MỤC_TỈNH")
@click.option("-o", "--output", type=FOLDER, required=True, metavar="THƯ_MỤC", help="Nơi ghi các mẫu.")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ tạo mẫu của đơn vị này; dùng được nhiều lần.")
def template(folder: Path, output: Path, units: tuple[str, ...]) -> None:
    """Tạo mẫu điền sẵn cho từng đơn vị.

    \b
    Ví dụ:
      tdkt template tinh/ -o mau/
      tdkt template tinh/ -o mau/ --unit P1
    """
    from pipeline.issuing import issue
    from pipeline.province import load_province

    written = issue(load_province(folder), output, units)
    click.echo(f"Đã tạo {len(written)} mẫu trong {output}", err=True)


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", type=FOLDER, metavar="THƯ_MỤC")
@click.option(
    "--year",
    type=click.IntRange(2019, 2100),
    default=lambda: dt.date.today().year,
    metavar="NĂM",
    help="Năm xét; mặc định là năm nay.",
)
def init(folder: Path, year: int) -> None:
    """Tạo thư mục trống của tỉnh.

    Trong đó có hướng dẫn, danh mục mặc định và mẫu tờ trình, biên bản để sửa bằng Word.

    \b
    Ví dụ:
      tdkt init tinh/
    """
    from pipeline.documents import write_templates
    from pipeline.issuing import start_province

    for path in (*start_province(folder, year), *write_templates(folder)):
        click.echo(f"Đã tạo {path}", err=True)


@tdkt.command(options_metavar="[TÙY CHỌN]")
@click.option("-o", "--output", type=FOLDER, required=True, metavar="THƯ_MỤC", help="Nơi ghi tỉnh giả định.")
@click.option(
    "--units",
    type=click.IntRange(1, 20_000),
    default=16,
    show_default=True,
    metavar="SỐ",
    help="Số đơn vị đang hoạt động.",
)
@click.option("--years", type=click.IntRange(0, 30), default=8, show_default=True, metavar="SỐ", help="Số năm lịch sử.")
@click.option("--seed", type=int, default=2026, show_default=True, metavar="SỐ", help="Số gieo ngẫu nhiên.")
def sample(output: Path, units: int, years: int, seed: int) -> None:
    """Tạo một tỉnh giả định để tập huấn, thử nghiệm. Mọi tên người đều là giả.

    \b
    Ví dụ:
      tdkt sample -o tinh-gia/
    """
    from pipeline.sample import make_province

    make_province(output, units, years, seed)
    click.echo(f"Đã tạo tỉnh giả định trong {output}", err=True)


tdkt.add_command(collect)
tdkt.add_command(send)


def main() -> None:
    """Run `tdkt`; an error of ours ends with code 3, never with Python's own 1."""
    gc.set_threshold(BETWEEN_COLLECTIONS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(
                encoding="utf-8", errors="backslashreplace"
            )  # a pipe on Windows has an encoding without Vietnamese
    try:
        code = tdkt.main(prog_name="tdkt", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nĐã dừng theo yêu cầu; kết quả lần chạy trước vẫn nguyên.", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:  # a bug of ours: one sentence and a number, not a traceback with people's data
        _internal_error(error)
        sys.exit(INTERNAL_ERROR)
    sys.exit(code if isinstance(code, int) else 0)


def _internal_error(error: Exception) -> None:
    import os
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = " ← ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-3:]))
    click.echo(
        f"Chương trình gặp lỗi của chính nó ({type(error).__name__} tại {place}). "
        "Báo dòng này cho người phụ trách; các tệp đã nhận không bị thay đổi.",
        err=True,
    )
    if os.environ.get("TDKT_DEBUG"):
        traceback.print_exc()


if __name__ == "__main__":
    main()

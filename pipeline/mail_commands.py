"""The commands that speak to mail servers; part of `pipeline.cli`, and as light to import."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from pipeline.progress_bar import Bar
from pipeline.refusals import printable
from pipeline.speech import speak_vietnamese

speak_vietnamese()  # before the decorators below, which ask click for its words

FOLDER = click.Path(path_type=Path)


@click.command(options_metavar="[TÙY CHỌN]")
@click.argument("folder", type=FOLDER, metavar="THƯ_MỤC_TỈNH")
@click.option("--server", default="", metavar="MÁY_CHỦ[:CỔNG]", help="Máy chủ IMAP, thay cho trang KY_XET.")
@click.option("--account", default="", metavar="TÀI_KHOẢN", help="Tên đăng nhập, thay cho trang KY_XET.")
@click.option("--mailbox", default="", metavar="THƯ_MỤC_THƯ", help="Thư mục trong hộp thư, thay cho trang KY_XET.")
@click.option("--starttls", is_flag=True, help="Nối thường rồi mã hóa ngay; cổng 143 luôn như vậy.")
@click.option("--ca", type=FOLDER, metavar="TỆP", help="Chứng chỉ nội bộ được tin thêm (PEM).")
@click.option(
    "--max-mb",
    type=click.IntRange(1, 60),
    default=60,
    show_default=True,
    metavar="SỐ",
    help="Không lấy thư nặng hơn.",
)
@click.option("--plain", is_flag=True, hidden=True)
@click.option("-q", "--quiet", is_flag=True, help="Không in tóm tắt.")
def collect(
    folder: Path,
    server: str,
    account: str,
    mailbox: str,
    starttls: bool,
    ca: Path | None,
    max_mb: int,
    plain: bool,
    quiet: bool,
) -> None:
    """Lấy thư mới từ hộp thư của Thường trực vào hop-thu/thu.

    Máy chủ, tài khoản, thư mục lấy ở trang KY_XET của cau-hinh.xlsx; mật khẩu ở biến môi trường
    TDKT_MAIL_PASSWORD hoặc kho mật khẩu của máy. Hộp thư giữ nguyên, kể cả dấu chưa đọc. Chạy lại chỉ lấy thư mới;
    mất kết nối giữa chừng thì nối lại, không mất và không lấy hai lần.

    Mã thoát: 0 chạy xong · 2 không chạy được như yêu cầu · 130 dừng bằng Ctrl-C.

    \b
    Ví dụ:
      tdkt collect tinh/
      tdkt collect tinh/ --server imap.vks-mau.example --account tdkt
    """
    from pipeline.collection import Wanted, collect_mail

    wanted = Wanted(server, account, mailbox, starttls, plain, ca, max_mb * 1_000_000)
    if sys.stderr.isatty() and not quiet:
        with Bar() as bar:
            done = collect_mail(folder, wanted, lambda count, total: bar("Lấy thư", count, total))
    else:
        done = collect_mail(folder, wanted)
    for line in () if quiet else done.lines():
        click.echo(printable(line), err=True)


@click.command(options_metavar="[TÙY CHỌN]")
@click.argument("output", type=FOLDER, metavar="THƯ_MỤC_KẾT_QUẢ")
@click.option("--really", is_flag=True, help="Gửi thật; không có thì chỉ cho biết sẽ gửi gì.")
@click.option("--province", type=FOLDER, metavar="THƯ_MỤC_TỈNH", help="Lấy máy chủ, tài khoản, địa chỉ từ KY_XET.")
@click.option("--server", metavar="MÁY_CHỦ[:CỔNG]", help="Máy chủ gửi thư; cổng 465 là TLS ngay, cổng khác STARTTLS.")
@click.option("--account", metavar="TÊN", help="Tên đăng nhập.")
@click.option("--no-login", is_flag=True, help="Máy chủ nội bộ không đòi đăng nhập.")
@click.option("--from", "sender", metavar="ĐỊA_CHỈ", help="Địa chỉ gửi cho bản nháp không ghi nơi gửi.")
@click.option("--ca", type=FOLDER, metavar="TỆP", help="Chứng chỉ nội bộ được tin thêm (PEM).")
@click.option("--unit", "units", multiple=True, metavar="MÃ", help="Chỉ gửi cho đơn vị này; dùng được nhiều lần.")
@click.option("--no-reminders", is_flag=True, help="Không gửi thư nhắc.")
@click.option(
    "--resend", multiple=True, metavar="MÃ", help="Gửi lại cho đơn vị này dù đã gửi hoặc không rõ đã gửi chưa."
)
def send(
    output: Path,
    really: bool,
    province: Path | None,
    server: str | None,
    account: str | None,
    no_login: bool,
    sender: str | None,
    ca: Path | None,
    units: tuple[str, ...],
    no_reminders: bool,
    resend: tuple[str, ...],
) -> None:
    """Gửi các thư trong phan-hoi/ qua máy chủ thư (SMTP, có TLS).

    Mỗi thư chỉ gửi một lần, ghi ở phan-hoi/da-gui.csv. Bản nháp đã sửa tay được gửi như đã sửa. Mật khẩu lấy từ biến
    môi trường TDKT_MAIL_PASSWORD hoặc kho mật khẩu của máy (keyring set tdkt:MÁY_CHỦ TÀI_KHOẢN).

    Mã thoát: 0 xong mọi thư · 1 còn thư phải xem lại · 2 không chạy được như yêu cầu · 130 dừng bằng Ctrl-C.

    \b
    Ví dụ:
      tdkt send output/                              xem sẽ gửi gì
      tdkt send output/ --province tinh/ --really    gửi thật
    """
    from pipeline.replies import sending

    outcome = sending.plan(output, units, not no_reminders, resend, really)
    if really and outcome.ready:
        access = sending.access(province, server, account, not no_login, sender, ca)
        outcome = sending.send(output, outcome, access, dt.datetime.now)
    for line in outcome.lines():
        click.echo(printable(line), err=True)
    click.get_current_context().exit(outcome.exit_code)

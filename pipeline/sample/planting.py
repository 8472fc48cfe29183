"""Which unit sends what in the default province, and what the pipeline must say of it.

Each function fills the inbox for one unit or group; what it plants it also enters in the answer key. The
stories of the units (rotation, levelling…) lie in the data themselves, see `stories`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace

from pipeline.province import CONFIGURATION_FILE
from pipeline.sample import mails
from pipeline.sample import oddities as odd
from pipeline.sample import planted_points as mark
from pipeline.sample import planted_rules as rule
from pipeline.sample.case import Cell, Pages
from pipeline.sample.inbox import Inbox, unit_path
from pipeline.sample.oddities import Draft, Slip
from pipeline.sample.shape import DISTRICT_END, OFFICE_ADDRESS, PERIOD_YEAR, Unit
from pipeline.sample.stories import LISTED_TWICE, LOW_COLLECTIVE, QUEUED, SIGNS_OF_RANKS, SIGNS_OF_TURNS
from pipeline.sample.unit_file import times_of, write_unit
from schemas.sheets import UNIT_TEMPLATE

#: Units whose file another office program made (tests/office_made_files.py replaces ours).
OLD_EXCEL, OPEN_DOCUMENT, LOCKED = "P7", "P9", "VP"
MISSING = "TT"
ARCHIVE = "thu-chung/ho-so-P1-P15.zip"
_EMPTY_FILE, _WORD_FILE = "VP/TDKT-01_VP_rong.xlsx", "VP/Bao cao thanh tich VP.docx"
#: Mails: a name in RFC 2231, one forwarded by the office, one from another unit's address, one of Outlook's own kind.
_MAIL_OF_P2, _NAME_OF_P2 = "thu-den/p2-ho-so.eml", "Hồ sơ thi đua, khen thưởng năm 2026 của Phòng 2.xlsx"
_FORWARDED_P11, _MAIL_OF_P12, _WINMAIL_OF_P8 = "thu-den/chuyen-tiep.eml", "thu-den/p12.eml", "thu-den/p8-lan-1.eml"
_STORE = "thu-den/khu-vuc.mbox"
#: Unit whose log of activities is another unit's and therefore refused.
WITHOUT_LOG = "P8"
#: Unit that inserted a column on the page of its targets.
COLUMN_INSERTED = "P15"
#: Where the file of each unit lies that counts in the end.
COUNTED_PATHS = {
    **{code: unit_path(code) for code in ("KV3", "P3", "P7", "P8", "P9", "P10", "VP")},
    "KV1": unit_path("KV1", "_sua"),
    "KV2": "KV2/lan-1/TDKT-01_KV2.xlsx",
    "KV4": f"{_STORE}/thu-0001/TDKT-01_KV4.xlsx",
    "P2": f"{_MAIL_OF_P2}/{_NAME_OF_P2}",
    "P11": f"{_FORWARDED_P11}/thu-chuyen-tiep-1.eml/TDKT-01_P11.xlsx",
    "P12": f"{_MAIL_OF_P12}/TDKT-01_P12.xlsx",
    **{code: f"{ARCHIVE}/{unit_path(code)}" for code in ("P1", "P15")},
}


def _at(day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(PERIOD_YEAR, 11, day, hour, minute)


def plant(inbox: Inbox) -> None:
    """Fill the inbox of the default province."""
    for send in _SENDERS:
        send(inbox)
    for code in (OLD_EXCEL, OPEN_DOCUMENT, LOCKED):
        inbox.clean(code)
    name = inbox.cases[MISSING].unit.name
    inbox.of_file("", "V-20", f"{MISSING} – {name}: không gửi gì")
    _stories(inbox)


def _stories(inbox: Inbox) -> None:
    """Enter in the key what the stories of the units lead to, whatever their files look like."""
    old, new = LISTED_TWICE
    moved = next(row.person.code for row in inbox.cases[new].rows if row.event == "CHUYEN_DEN")
    inbox.expect(COUNTED_PATHS[old], rule.of_two_units(inbox.pages(old), moved))
    inbox.expect(COUNTED_PATHS[new], rule.of_two_units(inbox.pages(new), moved))
    inbox.expect(COUNTED_PATHS["P2"], rule.of_broken_chain(inbox.pages("P2")))
    for code in (QUEUED, LOW_COLLECTIVE):
        slips = rule.of_head(inbox.cases[code], inbox.pages(code), gate=code == LOW_COLLECTIVE)
        inbox.expect(COUNTED_PATHS[code], slips)
    for code, path in COUNTED_PATHS.items():
        if code != WITHOUT_LOG:
            inbox.expect(path, rule.of_old_movements(inbox.pages(code)))
        inbox.expect(path, rule.of_the_outdone(inbox.cases[code], inbox.pages(code)))
        inbox.expect(path, mark.of_modest(inbox.pages(code), inserted=code == COLUMN_INSERTED))
    inbox.expect(CONFIGURATION_FILE, mark.of_generous(list(inbox.cases.values()), inbox.pages))
    inbox.of_file("", "HM-03", "KV2: quá nửa số người trực tiếp xếp loại xuất sắc")
    inbox.of_file("", "HM-05", "số đề nghị danh hiệu không có trần")
    for code, note in {**SIGNS_OF_TURNS, **SIGNS_OF_RANKS}.items():
        inbox.of_file("", code, note)


def plain_twin(value: Cell) -> Cell:
    """Write a date or a number as text, the way people type it here."""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    return value


def _kv1(inbox: Inbox) -> None:
    """Sent twice, the better one later; numbers and dates as text; last year's template besides."""
    first, second = unit_path("KV1"), unit_path("KV1", "_sua")
    hasty = {**inbox.pages("KV1"), "PHIEU": inbox.pages("KV1")["PHIEU"][:3]}
    inbox.write(first, "KV1", hasty, _at(9, 10, 5))
    inbox.send(first, _at(9, 10, 40))
    inbox.of_file(first, "V-19", "bản trước được thay")
    changed, slips = rule.maternity_and_late_handing_over(inbox.pages("KV1"))
    pages = dict(changed)
    pages["NHAN_SU"] = [
        {**row, "ngay_sinh": plain_twin(row["ngay_sinh"]), "diem_danh_gia": plain_twin(row["diem_danh_gia"])}
        for row in pages["NHAN_SU"]
    ]
    inbox.write(second, "KV1", pages, _at(13, 9, 15))
    inbox.expect(second, slips)
    inbox.send(second, _at(13, 9, 30))
    old = unit_path("KV1", "_nam2025")
    unit, saved = inbox.cases["KV1"].unit, _at(9, 9, 0)
    write_unit(inbox.path(old), unit, inbox.lists, inbox.pages("KV1"), saved, period=str(PERIOD_YEAR - 1))
    inbox.send(old, _at(9, 9, 20))
    inbox.of_file(old, "V-08", "mẫu của kỳ 2025")


def _kv2(inbox: Inbox) -> None:
    """The mail sent later holds older content."""
    good, stale = "KV2/lan-1/TDKT-01_KV2.xlsx", "KV2/lan-2/TDKT-01_KV2.xlsx"
    inbox.write(good, "KV2", rule.too_many_excellent(inbox.pages("KV2")), _at(12, 15, 20))
    inbox.send(good, _at(12, 15, 45))
    inbox.write(stale, "KV2", {**inbox.pages("KV2"), "DIEN_HINH": []}, _at(10, 8, 30))
    inbox.send(stale, _at(13, 16, 10))
    inbox.of_file(stale, "V-19", "gửi sau nhưng nội dung lưu trước")


def _kv3(inbox: Inbox) -> None:
    """Late, the same file twice; pasted drop-downs; letters and spaces of other programs."""
    name, twin = unit_path("KV3"), unit_path("KV3", " (1)")
    draft = inbox.draft("KV3", name)
    slips = draft.type("HOAT_DONG", "hinh_thuc", 5, "Tự do", "V-04", "dán đè, không có trong danh sách")
    slips += draft.type("NHAN_SU", "xep_loai_dv", 4, "Hoàn thành tốt nhiệm", "V-04", "gần giống một mục")
    person = draft.text("NHAN_SU", "ho_ten", 6)
    slips += draft.type("NHAN_SU", "ho_ten", 6, person.replace(" ", "\u00a0 ") + "  ", "V-10", "dấu cách thừa")
    result = odd.decomposed("Giúp 2 hộ nghèo, vệ sinh trụ sở, 6 triệu đồng")
    slips += draft.type("HOAT_DONG", "ket_qua_so", 8, result, "V-10", "Unicode tổ hợp")
    deeds = odd.in_tcvn3("Giải quyết 42/42 vụ án đúng thời hạn, không có án oan; được tỉnh biểu dương.")
    slips += draft.type("DE_NGHI", "thanh_tich", 0, deeds, "V-10", "bảng mã TCVN3") + rule.no_figures(draft)
    slips += rule.two_channels(draft)
    draft.save(_at(17, 8, 5))
    inbox.send(name, _at(17, 8, 20), [*slips, Slip("", "", "V-18", "gửi sau hạn 16/11 16:00")])
    shutil.copyfile(inbox.path(name), inbox.path(twin))
    inbox.send(twin, _at(17, 8, 45))
    inbox.of_file(twin, "V-19", "gửi lại đúng tệp đó")


def _kv4(inbox: Inbox) -> None:
    """Version 0.9 of the template, which has no column for the team; a ballot that does not balance; sent by mail."""
    name = unit_path("KV4")
    staff = UNIT_TEMPLATE.by_code["NHAN_SU"]
    older = replace(staff, columns=tuple(c for c in staff.columns if c.name != "to_cong_tac"))
    sheets = tuple(older if s is staff else s for s in UNIT_TEMPLATE.sheets)
    spec = replace(UNIT_TEMPLATE, version="0.9", sheets=sheets)
    unit = inbox.cases["KV4"].unit
    write_unit(inbox.path(name), unit, inbox.lists, inbox.pages("KV4"), inbox.saved("KV4"), spec=spec)
    draft = Draft(inbox.path(name), spec)
    cell = draft.at("PHIEU", "dong_y", 2)
    cell.value = float(str(cell.value)) - 2
    slips = rule.not_recognised(draft) + mark.unproved(draft)
    draft.save(inbox.saved("KV4"))
    balance = draft.at("PHIEU", "phieu_hop_le", 2).coordinate
    inbox.expect(
        COUNTED_PATHS["KV4"],
        [
            *slips,
            Slip("", "", "V-13", "mẫu phiên bản 0.9"),
            Slip("NHAN_SU", "", "V-01", "mẫu cũ không có cột Tổ, bộ phận"),
            Slip("PHIEU", balance, "QT-03", "hợp lệ khác tổng các loại phiếu"),
        ],
    )
    _store_of_areas(inbox, mails.attached("TDKT-01_KV4.xlsx", inbox.taken_out(name)))


def _store_of_areas(inbox: Inbox, file_of_kv4: str) -> None:
    """One mbox file: KV4's file, and a mail of KV3 without any."""
    sent, asked = times_of(inbox.cases["KV4"]).sent, _at(13, 8, 40)
    kv4, kv3 = (inbox.cases[code].unit.email for code in ("KV4", "KV3"))
    bare = mails.letter(kv3, asked, (), "Đơn vị xin gửi hồ sơ sau ít ngày.")
    inbox.mail(_STORE, mails.mail_store([(kv4, sent, mails.letter(kv4, sent, [file_of_kv4])), (kv3, asked, bare)]))
    inbox.of_file(f"{_STORE}/thu-0002", "V-11", "thư không có tệp đính kèm")


def _rooms_1_and_15(inbox: Inbox) -> None:
    """Two units in one zip: sheets renamed in P1; rows and columns inserted and moved in P15."""
    one, other = unit_path("P1"), unit_path("P15")
    draft = inbox.draft("P1", one)
    slips = rule.stages_and_effects(draft) + [s._replace(sheet="Chỉ tiêu") for s in mark.not_due(draft)]
    slips += odd.rename_sheet(draft, "DE_NGHI", "De nghi 2026") + odd.rename_sheet(draft, "CHI_TIEU", "Chỉ tiêu")
    draft.save(inbox.saved("P1"))
    inbox.expect(f"{ARCHIVE}/{one}", slips)
    draft = inbox.draft("P15", other)
    slips = rule.no_tally_no_report(draft)
    slips += odd.insert_rows(draft, "NHAN_SU", "VKSND TỈNH MẪU – PHÒNG 15")
    slips += odd.insert_column(draft, "CHI_TIEU", "loai", "Máy nhánh", ["101", "102", "103"])
    slips += odd.swap_columns(draft, "HOAT_DONG", "so_van_ban", "hinh_thuc")
    draft.save(inbox.saved("P15"))
    inbox.expect(f"{ARCHIVE}/{other}", slips)
    inbox.zip(ARCHIVE, (one, other), _at(16, 10, 12))


def _p2(inbox: Inbox) -> None:
    """Things written where nothing reads: over the example, on a sheet of notes, beside a table; sent by mail."""
    draft = inbox.draft("P2")
    slips = rule.law_and_open_vote(draft)
    slips += odd.type_over_example(draft, "HOAT_DONG", {"ma_hd": "HD00", "so_van_ban": "99/KH-P2"})
    slips += odd.add_sheet(draft, "Ghi chú riêng", ("Việc cần hỏi lại", "Gọi Văn phòng", "Xin mẫu giấy mời"))
    slips += odd.write_beside(draft, "DIEN_HINH", 0, "xem lại với Công đoàn")
    draft.save(inbox.saved("P2"))
    inbox.expect(COUNTED_PATHS["P2"], slips)
    case, content = inbox.cases["P2"], inbox.taken_out(unit_path("P2"))
    parts = [mails.attached(_NAME_OF_P2, content), mails.logo()]
    inbox.mail(_MAIL_OF_P2, mails.letter(case.unit.email, times_of(case).sent, parts))


def _p3(inbox: Inbox) -> None:
    """Numbers and dates that are none, or cannot be."""
    draft = inbox.draft("P3")
    slips = rule.absence_and_pending(draft) + mark.not_scored(draft)
    slips += draft.type("HOAT_DONG", "ngay", 0, dt.date(2025, 10, 12), "V-09", "đảo ngày 10/12 với tháng")
    slips += draft.type("HOAT_DONG", "ngay", 8, dt.date(2016, 3, 15), "V-09", "gõ nhầm năm")
    found = draft.at("DIEN_HINH", "ngay_phat_hien", 0).value
    before = found - dt.timedelta(days=20)
    slips += draft.type("DIEN_HINH", "ngay_boi_duong", 0, before, "V-09", "bồi dưỡng trước khi phát hiện")
    slips += draft.type("HOAT_DONG", "so_tham_gia", 6, "12 người", "V-03", "chữ trong ô số")
    slips += draft.type("CHI_TIEU", "mau_so", 0, "1.234", "V-03", "số hiểu được hai cách")
    slips += draft.type("DON_VI", "vb_lanh_dao_ngay", 0, "31/02/2026", "V-03", "ngày không có thật")
    draft.save(inbox.saved("P3"))
    inbox.send(unit_path("P3"), times_of(inbox.cases["P3"]).sent, slips)


def _p8_and_p10(inbox: Inbox) -> None:
    """P10: merged and hidden cells, a file refused before; P8: a page of P10's, figures that do not agree."""
    _p10(inbox)
    draft = inbox.draft("P8")
    slips = rule.short_posting(draft)
    slips += odd.copy_sheet_from(draft, inbox.path(unit_path("P10")), "HOAT_DONG")
    people = int(draft.text("DON_VI", "tong_so_cong_chuc"))
    slips += draft.type("DON_VI", "tong_so_cong_chuc", 0, people + 1, "V-07", "khác số dòng NHAN_SU")
    total = float(draft.text("DON_VI", "tong_diem_tu_cham"))
    slips += draft.type("DON_VI", "tong_diem_tu_cham", 0, total + 10, "V-07", "khác tổng CHI_TIEU")
    family, middle, _ = draft.text("DE_NGHI", "ten_doi_tuong", 1).split(" ")
    slips += draft.type("DE_NGHI", "ten_doi_tuong", 1, f"{family} {middle} Quý", "V-07", "tên khác NHAN_SU")
    share = float(draft.text("SANG_KIEN", "ty_le"))
    slips += draft.type("SANG_KIEN", "ty_le", 0, share - 10, "V-07", "tỷ lệ tác giả không đủ 100 %")
    last = draft.entries("PHIEU") - 1
    refused = inbox.lists.labels["KET_QUA_XET"]["KHONG_DE_NGHI"]
    slips += draft.type("PHIEU", "ket_luan", last, refused, "V-07", "kết luận khác DE_NGHI")
    draft.save(inbox.saved("P8"))
    inbox.send(unit_path("P8"), times_of(inbox.cases["P8"]).sent, slips)
    inbox.mail(_WINMAIL_OF_P8, mails.letter(inbox.cases["P8"].unit.email, _at(10, 9, 5), [mails.winmail()]))
    inbox.of_file(f"{_WINMAIL_OF_P8}/winmail.dat", "V-11", "tệp winmail.dat của Outlook")


def _p10(inbox: Inbox) -> None:
    stray = unit_path("P10", "_lan1")
    draft = inbox.draft("P10", stray)
    odd.stray_cell(draft, "HO_SO")
    draft.save(_at(9, 14, 0))
    inbox.send(stray, _at(9, 14, 20), [Slip("HO_SO", "A900000", "V-14", "ô lạc, xa mọi chỗ điền")])
    draft = inbox.draft("P10")
    slips = rule.warned(draft)
    slips += odd.merge_cells(draft, "HOAT_DONG", "so_van_ban", 4) + odd.hide_rows(draft, "HO_SO", 3, 2)
    slips += draft.type("DON_VI", "ky_xet", 0, "2025", "V-08", "sửa ô tỉnh đã khóa")
    draft.save(inbox.saved("P10"))
    inbox.send(unit_path("P10"), times_of(inbox.cases["P10"]).sent, slips)


def _p11(inbox: Inbox) -> None:
    """Formulas without a value, a cell of only spaces, a newcomer without code; a home-made list besides."""
    pages = _with_newcomer(inbox.pages("P11"))
    draft = inbox.draft("P11", pages=pages)
    slips = rule.rated_low(draft)
    slips += draft.type("CHI_TIEU", "nam_truoc", 1, "#REF!", "V-15", "công thức lỗi")
    slips += draft.type("CHI_TIEU", "mau_so", 2, "=40+8", "V-15", "công thức chưa tính")
    slips += draft.type("HOAT_DONG", "chu_tri", 7, "   ", "V-02", "ô bắt buộc chỉ có dấu cách")
    newcomer = draft.at("NHAN_SU", "ma_cc", len(pages["NHAN_SU"]) - 1)
    slips.append(Slip("NHAN_SU", newcomer.coordinate, "V-02", "người mới chưa có mã"))
    draft.save(inbox.saved("P11"))
    inbox.expect(COUNTED_PATHS["P11"], slips)
    case = inbox.cases["P11"]
    part = mails.attached("TDKT-01_P11.xlsx", inbox.taken_out(unit_path("P11")))
    first = mails.letter(case.unit.email, times_of(case).sent, [part])
    sent = times_of(case).sent + dt.timedelta(minutes=50)
    inbox.mail(_FORWARDED_P11, mails.letter(OFFICE_ADDRESS, sent, [mails.forwarded(first)]))
    inbox.of_file(COUNTED_PATHS["P11"], "V-22", "văn phòng chuyển tiếp thư của đơn vị")
    own = "khac/Danh sach khen P11.xlsx"
    rows: list[list[Cell]] = [[n, pages["NHAN_SU"][n]["ho_ten"], "Giấy khen"] for n in (1, 2)]
    odd.home_made(inbox.path(own), "DANH SÁCH ĐỀ NGHỊ", ("TT", "Họ tên", "Hình thức"), rows, _at(10, 9, 0))
    inbox.send(own, _at(10, 9, 12))
    inbox.of_file(own, "V-13", "bảng tự làm, không phải mẫu")


def _with_newcomer(pages: Pages) -> Pages:
    """Add somebody who came in October: no code yet, not rated, not reviewed."""
    day, staff = dt.date(PERIOD_YEAR, 10, 1), list(pages["NHAN_SU"])
    newcomer: dict[str, Cell] = {
        **staff[-1],
        "ma_cc": None,
        "ho_ten": "Hà Thử Duyên",
        "ngay_sinh": dt.date(2002, 3, 9),
        "gioi_tinh": "Nữ",
        "ngay_tuyen_dung": day,
        "ngay_ve_don_vi": day,
        "xep_loai_cc": "Chưa xếp loại",
        "ngay_xep_loai": None,
        "diem_danh_gia": None,
        "xep_loai_dv": "Không là đảng viên",
        "chuc_vu": "Chuyên viên",
        "chuc_danh": "Chuyên viên và tương đương",
        "nhom_doi_tuong": "Người trực tiếp công tác",
    }
    unit = dict(pages["DON_VI"][0])
    for count in ("tong_so_cong_chuc", "so_nu"):
        unit[count] = int(str(unit[count])) + 1
    return {**pages, "NHAN_SU": [*staff, newcomer], "DON_VI": [unit]}


def _p12(inbox: Inbox) -> None:
    """Minutes dated after the letter; a code used twice, one that leads nowhere, a sheet deleted."""
    draft = inbox.draft("P12")
    slips = rule.without_evidence(draft)
    slips += [Slip("DON_VI", draft.at("DON_VI", "ngay_to_trinh").coordinate, "HS-02", "tờ trình trước biên bản")]
    slips.append(Slip("HOAT_DONG", draft.at("HOAT_DONG", "ma_hd", 3).coordinate, "V-05", "trùng mã"))
    code = draft.text("HOAT_DONG", "ma_hd", 3)
    slips += draft.type("HOAT_DONG", "ma_hd", 4, code, "V-05", "trùng mã")
    slips += draft.type("HO_SO", "ma_dn", 0, "DN99", "V-06", "đề nghị không có")
    slips.append(Slip("DE_NGHI", rule.place("DE_NGHI", "ma_dn", 0), "HS-01", "tờ trình đã khai cho mã khác"))
    slips += odd.delete_sheet(draft, "DIEN_HINH")
    draft.save(inbox.saved("P12"))
    inbox.expect(COUNTED_PATHS["P12"], slips)
    part = mails.attached("TDKT-01_P12.xlsx", inbox.taken_out(unit_path("P12")))
    sent, sender = times_of(inbox.cases["P12"]).sent, inbox.cases["P11"].unit.email
    inbox.mail(_MAIL_OF_P12, mails.letter(sender, sent, [part]))
    inbox.of_file(COUNTED_PATHS["P12"], "V-22", "gửi từ địa chỉ của P11")


def _vp(inbox: Inbox) -> None:
    """An empty file and a Word document; the good file becomes the locked one of the office script."""
    inbox.path(_EMPTY_FILE).write_bytes(b"")
    inbox.send(_EMPTY_FILE, _at(13, 11, 0))
    inbox.of_file(_EMPTY_FILE, "V-11", "tệp rỗng")
    odd.word_file(inbox.path(_WORD_FILE), "BÁO CÁO THÀNH TÍCH của Văn phòng tổng hợp (ví dụ)")
    inbox.send(_WORD_FILE, _at(13, 11, 2))
    inbox.of_file(_WORD_FILE, "V-11", "tệp Word")


def _strangers(inbox: Inbox) -> None:
    """A template of a unit that does not exist, and one of a district that ended."""
    like = inbox.cases["KV1"].unit
    for code, name, note in (
        ("KV9", "VKSND khu vực 9", "đơn vị không có trong danh sách"),
        ("H3", "VKSND huyện Mẫu 3", "đơn vị đã kết thúc 30/06/2025"),
    ):
        path = f"khac/TDKT-01_{code}.xlsx"
        unit = Unit(code, name, like.kind, like.block, like.since, DISTRICT_END)
        pages = {"DON_VI": [{"ma_don_vi": code, "ten_don_vi": name, "ky_xet": str(PERIOD_YEAR)}]}
        write_unit(inbox.path(path), unit, inbox.lists, pages, _at(11, 15, 0))
        inbox.send(path, _at(11, 15, 30))
        inbox.of_file(path, "V-08", note)


_SENDERS: tuple[Callable[[Inbox], None], ...] = (
    _kv1,
    _kv2,
    _kv3,
    _kv4,
    _rooms_1_and_15,
    _p2,
    _p3,
    _p8_and_p10,
    _p11,
    _p12,
    _vp,
    _strangers,
)

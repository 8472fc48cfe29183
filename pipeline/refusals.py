"""The operator's errors: the command cannot run as asked. One Vietnamese sentence, exit code 2."""

import errno

import click

#: What the operating system says in English, in words of the office.
_REASONS = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã hết dung lượng được cấp",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EEXIST: "đã có tệp mang tên này",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EFBIG: "ổ đĩa không nhận tệp lớn như vậy",
    errno.EIO: "ổ đĩa báo lỗi khi đọc, ghi",
    errno.EMFILE: "máy đang mở quá nhiều tệp",
    errno.EBUSY: "đang được chương trình khác dùng",
}


def reason_of(error: OSError) -> str:
    """Say in Vietnamese why the operating system refused."""
    return _REASONS.get(error.errno or 0, f"hệ thống báo lỗi số {error.errno}")


def printable(text: str) -> str:
    """Text without what a terminal would obey or cannot write; names of files may hold it."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


class CannotRun(click.ClickException):
    """Raised when nothing useful can be written: no such folder, no usable configuration, output not writable."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        """Take one sentence."""
        super().__init__(printable(message))

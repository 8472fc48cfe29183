"""The parts of a zip package, each inflated once and only within the limits; and XML read from them."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from xml.parsers import expat

from pipeline.package.facts import Limits, Refusal, megabytes

#: Inflated bytes up to which a package is kept for the reader; only the province's own history is larger.
_KEPT = 100_000_000
_LOCAL_HEADER = 30  # bytes before the name
#: Records of the zip format (APPNOTE 4.3): local header, directory entry, end of directory.
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_UTF8_NAME, _DAY_ONE = 0x800, 0x21  # flag bit 11; 1980-01-01
_MOST_INFLATED = 1_032  # times: what deflate can do at most
ENCRYPTED = 0x1  # bit of a zip entry's flags
#: The other methods are legal in a zip but not in a workbook, and the reader does not know them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: From the start of a part to its root element, with nothing on the way that is worth a closer look.
_PLAIN_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<[A-Za-z_]", re.DOTALL)


class Parts:
    """The parts by name, without regard to case and with `/` (some writers use `\\`)."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        """Read the directory only.

        Raises:
            Refusal: the directory alone shows that the package must not be opened.
            zipfile.BadZipFile: there is no directory; other errors of a broken zip are not listed.
        """
        self._content = memoryview(content)
        self._limits = limits
        infos = [i for i in zipfile.ZipFile(BytesIO(content)).infolist() if not i.is_dir()]
        _check_sizes(infos, len(content), limits)
        for info in infos:
            if unsafe(info.filename):
                raise Refusal("V-14", "unsafe_path", duong_dan=info.filename)
        if any(i.flag_bits & ENCRYPTED for i in infos):
            raise Refusal("V-12", "workbook")
        names = [i.filename.replace("\\", "/").lower() for i in infos]
        if any(times > 1 and name.endswith(".xml") for name, times in Counter(names).items()):
            raise Refusal("V-11", "broken")  # two readers could each take another one of the two
        self._infos = dict(zip(names, infos, strict=True))
        self._inflated: dict[str, bytes] = {}  # what was read, by the name in the directory
        self._keep = sum(info.file_size for info in infos) <= _KEPT

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name.lower() in self._infos

    @property
    def names(self) -> list[str]:
        """Lower-case names in the order of the directory."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """Inflate a part and check its sum; empty when there is no such part.

        The stated size was checked before and nothing is inflated beyond it, so a lying size cannot grow.
        (`ZipFile.read` does the same in small pieces and twice the time.)
        """
        info = self._infos.get(name.lower())
        if info is None:
            return b""
        if info.compress_type not in _METHODS:
            raise Refusal("V-11", "broken")
        data = bytes(self._content[self._offset(info) :][: info.compress_size])
        if info.compress_type == zipfile.ZIP_DEFLATED:
            data = self._inflate(data, info.file_size)
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise Refusal("V-11", "broken")
        if self._keep:
            self._inflated[info.filename] = data
        return data

    def replace(self, name: str, data: bytes) -> None:
        """Give the reader other bytes than came for a part that was read."""
        info = self._infos[name.lower()]
        if info.filename in self._inflated:
            self._inflated[info.filename] = data

    def stored(self) -> bytes:
        """Return a zip of the parts read so far, without compression; empty when they are too large to hold twice.

        The reader opens this instead of what came: it then sees exactly what was examined (two programs may
        read a hostile directory differently), and inflates nothing a second time.
        """
        if not self._keep:
            return b""
        entries, directory, offset = [], [], 0
        for name, data in self._inflated.items():
            raw = name.encode("utf-8")
            sizes = (zlib.crc32(data), len(data), len(data), len(raw), 0)
            local_header = _LOCAL.pack(b"PK\3\4", 20, _UTF8_NAME, 0, 0, _DAY_ONE, *sizes)
            entries += [local_header, raw, data]
            directory += [_CENTRAL.pack(b"PK\1\2", 20, 20, _UTF8_NAME, 0, 0, _DAY_ONE, *sizes, 0, 0, 0, 0, offset), raw]
            offset += len(local_header) + len(raw) + len(data)
        count, size = len(self._inflated), sum(map(len, directory))
        end = _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)
        return b"".join([*entries, *directory, end])

    def _inflate(self, data: bytes, size: int) -> bytes:
        if len(data) * _MOST_INFLATED <= self._limits.inflated_bytes:
            return zlib.decompress(data, -zlib.MAX_WBITS, max(1, size))  # faster, and cannot grow too far
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)

    def _offset(self, info: zipfile.ZipInfo) -> int:
        """Where the data of a part begin: behind its local header, whose two last fields give its length."""
        header = bytes(self._content[info.header_offset :][:_LOCAL_HEADER])
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise Refusal("V-11", "broken")
        name, extra = struct.unpack_from("<HH", header, 26)
        return int(info.header_offset + _LOCAL_HEADER + name + extra)


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if len(infos) > limits.parts:
        raise Refusal("V-14", "too_many_parts", so_phan=str(len(infos)), gioi_han=str(limits.parts))
    inflated = sum(i.file_size for i in infos)
    if inflated > limits.inflated_bytes:
        raise Refusal("V-14", "inflated", co=megabytes(inflated), gioi_han=megabytes(limits.inflated_bytes))
    if inflated > limits.ratio_floor and inflated > packed * limits.ratio:
        raise Refusal("V-14", "ratio", ty_le=str(inflated // max(1, packed)))
    if overlapping(infos, packed):
        raise Refusal("V-14", "overlap")


#: Names that Windows takes for a device, with any suffix: a file so called cannot be written or removed there.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
#: Control characters, and those that turn the direction of what follows: they make a name look like another one.
_DECEIVING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def unsafe(name: str) -> bool:
    """Whether a name inside a zip would lead out of the folder it is unpacked in, to a device, or deceives the eye."""
    path = name.replace("\\", "/")
    steps = path.split("/")
    return (
        path.startswith("/")
        or ".." in steps
        or ":" in path  # a drive, or a hidden stream of a file
        or any(_DEVICE.fullmatch(step) for step in steps)
        or _DECEIVING.search(path) is not None
    )


#: Entries together may be so many times as large as the file, for a file that lost a piece on its way.
_MOST_SHARED = 2


def overlapping(infos: Iterable[zipfile.ZipInfo], packed: int) -> bool:
    """Whether entries share bytes of a file of `packed` bytes: so it can hold more than the ratio of any one tells."""
    return sum(info.compress_size for info in infos) > packed * _MOST_SHARED


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def _no_doctype(*_: object) -> None:
    raise Refusal("V-14", "doctype")


def parse(xml: bytes, start: Start | None = None, end: End | None = None, text: Text | None = None) -> None:
    """Walk XML in any encoding that expat knows; names come with their prefix, text in whole pieces.

    Raises:
        Refusal: V-14 doctype.
        expat.ExpatError: not well-formed.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    if start:
        parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(xml, True)


def check_prolog(xml: bytes) -> None:
    """Make sure that no DOCTYPE stands before the root element, whatever the encoding.

    Raises:
        Refusal: V-14 doctype.
        expat.ExpatError: the start looks odd and the whole is not well-formed.
    """
    if not _PLAIN_PROLOG.match(xml):
        parse(xml)


def local(name: str) -> str:
    """Drop the prefix of an XML name: `x:row` → `row`."""
    return name.rpartition(":")[2]

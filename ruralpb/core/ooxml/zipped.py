"""Zip containers, by an own pass over their central directory: what is in them, really inflated, and no more than is asked for.

Parts that no reader asks for (pictures, pivot caches, printer settings) are never inflated. Everything a reader gets was counted while
it was inflated, has the checksum the directory states, and stands under one name only.
"""

from __future__ import annotations

import mmap
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruralpb.core.ooxml.limits import MAX_ENTRIES, MAX_INFLATED, Unreadable

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s4B4H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _BEHIND, _UTF8 = 0x1, 0x8, 0x800
"""Flags of an entry; `_BEHIND`: its sizes stand behind its bytes."""
_BOTH = 0xFFFFFFFF

Bytes = bytes | mmap.mmap
"""What a zip lies in."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file in a zip. `raw` is its name as stored; sizes in bytes."""

    name: str
    raw: bytes
    encrypted: bool
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def _name(raw: bytes, utf8: bool) -> str:
    """A stored name. Where it does not say that it is UTF-8, it is so if it can be, else GB 18030: what Chinese Windows writes (D10)."""
    for charset in ("utf-8",) if utf8 else ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


class Zip:
    """A zip container over its bytes. Raises Unreadable when the directory is damaged, or built as no honest program builds it: too many
    entries, two of one name, paths that climb, links, methods other than store and deflate."""

    def __init__(self, content: Bytes, budget: int = MAX_INFLATED) -> None:
        self._content = content
        self._left = budget
        self._cache: dict[str, bytes] = {}
        self._folded: dict[str, str] = {}
        self.entries: dict[str, ZipEntry] = {}
        for entry in directory(content):
            if entry.name in self.entries:
                raise Unreadable("file-hostile", what="duplicate entry")
            self.entries[entry.name] = entry

    def part(self, name: str) -> str:
        """Return under which name an office package holds the part `name`: some programs write other cases or backslashes. "" when it
        has no such part. Raises Unreadable when two entries are the same part."""
        if not self._folded:
            self._folded = {_folded(entry): entry for entry in self.entries}
            if len(self._folded) < len(self.entries):
                raise Unreadable("file-hostile", what="duplicate entry")
        return self._folded.get(_folded(name), "")

    def read(self, name: str) -> bytes:
        """Return the bytes of an entry. Raises Unreadable: damaged, encrypted, or all that was read together is beyond the limit."""
        return self._inflated(self.entries[name])

    def xml(self, name: str) -> bytes:
        """Return an XML part in an eight-bit charset, b"" when there is none. Raises Unreadable for a document type: it can define
        entities that grow without limit, and no office program writes one."""
        name = self.part(name)
        if not name:
            return b""
        if name not in self._cache:
            part = self.read(name)
            if part.startswith((b"\xff\xfe", b"\xfe\xff")):
                part = _utf8(part)
            if b"!" in part and b"<!DOCTYPE" in part:
                raise Unreadable("file-hostile", what="DOCTYPE")
            self._cache[name] = part
        return self._cache[name]

    def _inflated(self, entry: ZipEntry) -> bytes:
        data = inflated(self._content, entry, self._left)
        self._left -= len(data)
        return data


def inflated(content: Bytes, entry: ZipEntry, budget: int = MAX_INFLATED) -> bytes:
    """Return the bytes of an entry. Raises Unreadable: damaged, encrypted, or beyond `budget`, however much it claims to be."""
    if entry.encrypted:
        raise Unreadable("file-password", "D07")
    try:
        packed = _packed(content, entry)
        if entry.method == _STORED:
            data = packed
        else:
            engine = zlib.decompressobj(-15)
            data = engine.decompress(packed, budget + 1)
            if not engine.eof and len(data) <= budget:
                raise Unreadable("file-damaged")
    except (struct.error, zlib.error):
        raise Unreadable("file-damaged") from None
    if len(data) > budget:
        raise Unreadable("workbook-too-large", limit=f"{MAX_INFLATED >> 20} MiB")
    if len(data) != entry.size or zlib.crc32(data) != entry.checksum:
        raise Unreadable("file-damaged")
    return data


def head(content: Bytes, entry: ZipEntry) -> bytes:
    """Return the first bytes of an entry, unchecked, to see what it is; b"" when they cannot be had."""
    try:
        packed = _packed(content, entry)
        return (
            packed[:64] if entry.method == _STORED else zlib.decompressobj(-15).decompress(packed[:4096], 64)
        )
    except (struct.error, zlib.error, Unreadable):
        return b""


def _packed(content: Bytes, entry: ZipEntry) -> bytes:
    header = _LOCAL.unpack_from(content, entry.offset)
    start = entry.offset + _LOCAL.size
    end = start + header[9] + header[10] + entry.packed
    # The directory's name must be the entry's own: a damaged one would hide a part, and with it cells.
    if header[0] != b"PK\x03\x04" or content[start : start + header[9]] != entry.raw or end > len(content):
        raise Unreadable("file-damaged")
    return bytes(content[end - entry.packed : end])


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _utf8(part: bytes) -> bytes:
    try:
        text = part.decode("utf-16")
    except UnicodeDecodeError:
        raise Unreadable("file-damaged") from None
    return re.sub(r"^<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode("utf-8", "replace")


def directory(content: Bytes) -> list[ZipEntry]:
    """Return the files in a zip, in its order. Raises Unreadable: damaged, too many, paths that climb, links."""
    try:
        return list(_entries(content))
    except (struct.error, ValueError, IndexError, OverflowError):
        raise Unreadable("file-damaged") from None


def _entries(content: Bytes) -> Iterator[ZipEntry]:
    count, at, end = _extent(content)
    if count > MAX_ENTRIES:
        raise Unreadable("workbook-too-large", limit=f"{MAX_ENTRIES} entries")
    for _ in range(count):
        entry, at, external = _entry(content, at)
        if at > end:
            raise Unreadable("file-damaged")
        if stat.S_ISLNK(external >> 16) or ".." in re.split(r"[/\\]", entry.name) or "\0" in entry.name:
            raise Unreadable("file-hostile", what="path")
        if entry.name.endswith("/"):
            continue
        if entry.method not in (_STORED, _DEFLATED) and not entry.encrypted:
            raise Unreadable("file-hostile", what="compression")
        yield entry


def _extent(content: Bytes) -> tuple[int, int, int]:
    """How many entries the directory has, where it begins and ends."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - _END.size - 0xFFFF))
    if at < 0:
        raise Unreadable("file-damaged")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(content, at)
    locator = at - 20
    if (count == 0xFFFF or _BOTH in (size, offset)) and content[locator : locator + 4] == b"PK\x06\x07":
        at = struct.unpack_from("<Q", content, locator + 8)[0]
        header = _END64.unpack_from(content, at)
        if header[0] != b"PK\x06\x06":
            raise Unreadable("file-damaged")
        count, size, offset = header[7:10]
    if offset + size > at:
        raise Unreadable("file-damaged")
    return count, offset, offset + size


def _entry(content: Bytes, at: int) -> tuple[ZipEntry, int, int]:
    """The directory entry at `at`, where the next one begins, and its external attributes."""
    fields = _ENTRY.unpack_from(content, at)
    magic, flags, method = fields[0], fields[5], fields[6]
    checksum, packed, size, name_length, extra_length, comment_length = fields[9:15]
    external, offset = fields[17], fields[18]
    if magic != b"PK\x01\x02":
        raise Unreadable("file-damaged")
    start = at + _ENTRY.size
    raw = content[start : start + name_length]
    if _BOTH in (packed, size, offset):
        extra = content[start + name_length : start + name_length + extra_length]
        packed, size, offset = _large(extra, size, packed, offset)
    entry = ZipEntry(
        _name(raw, bool(flags & _UTF8)), raw, bool(flags & _ENCRYPTED), method, checksum, packed, size, offset
    )
    return entry, start + name_length + extra_length + comment_length, external


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Packed size, size and offset with their 64-bit values, which stand in the extra field in this order where they do not fit."""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<2H", extra)
        if tag == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra, 4))
            size = next(values, size) if size == _BOTH else size
            packed = next(values, packed) if packed == _BOTH else packed
            offset = next(values, offset) if offset == _BOTH else offset
            break
        extra = extra[4 + length :]
    return packed, size, offset


def stored(parts: dict[str, bytes]) -> bytes:
    """Return a zip of `parts`, uncompressed: a container that holds exactly what was checked."""
    out: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, data in parts.items():
        raw, checksum, size = name.encode(), zlib.crc32(data), len(data)
        out += [_LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 33, checksum, size, size, len(raw), 0), raw, data]
        directory += [
            _ENTRY.pack(
                b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, checksum, size, size, len(raw), 0, 0, 0, 0, 0, at
            ),
            raw,
        ]
        at += _LOCAL.size + len(raw) + size
    head = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(head), at, 0)
    return b"".join([*out, head, end])


def replaced(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the zip with other bytes in the entries that `parts` names. Every other entry keeps its header, its packed bytes and its
    place. Raises Unreadable when the directory is damaged or entries lie in one another."""
    try:
        return _replaced(content, parts)
    except (struct.error, ValueError, IndexError, OverflowError):
        raise Unreadable("file-damaged") from None


def _replaced(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    count, begin, _ = _extent(content)
    listed, at = [], begin
    for _ in range(count):
        entry, following, _ = _entry(content, at)
        listed.append((entry, at))
        at = following
    offsets = sorted(entry.offset for entry, _ in listed)
    if len(set(offsets)) < len(offsets) or (offsets and offsets[-1] >= begin):
        raise Unreadable("file-hostile", what="overlap")
    ends = dict(zip(offsets, [*offsets[1:], begin], strict=True))
    out = [content[: offsets[0] if offsets else begin]]
    size = len(out[0])
    moved: dict[int, tuple[int, ZipEntry]] = {}
    for entry, place in sorted(listed, key=lambda item: item[0].offset):
        written, now = content[entry.offset : ends[entry.offset]], entry
        if entry.name in parts:
            written, now = _local(content, place, entry, parts[entry.name])
        moved[entry.offset] = (size, now)
        out.append(written)
        size += len(written)
    head = b"".join(_listed(content, place, *moved[entry.offset]) for entry, place in listed)
    comment = content[content.rfind(b"PK\x05\x06") + _END.size :]
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(head), size, len(comment))
    return b"".join([*out, head, end, comment])


def _local(content: bytes, place: int, entry: ZipEntry, data: bytes) -> tuple[bytes, ZipEntry]:
    """A file's header and packed bytes, and what the directory (its entry is at `place`) has to say of it."""
    fields = _ENTRY.unpack_from(content, place)
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = engine.compress(data) + engine.flush()
    now = ZipEntry(
        entry.name, entry.raw, False, _DEFLATED, zlib.crc32(data), len(packed), len(data), entry.offset
    )
    flags = fields[5] & ~_BEHIND
    header = _LOCAL.pack(
        b"PK\x03\x04", 20, flags, _DEFLATED, fields[7], fields[8], now.checksum, now.packed, now.size, len(entry.raw), 0
    )  # fmt: skip
    return header + entry.raw + packed, now


def _listed(content: bytes, place: int, offset: int, entry: ZipEntry) -> bytes:
    """The directory's entry at `place` for a file that now lies at `offset`."""
    fields = list(_ENTRY.unpack_from(content, place))
    start = place + _ENTRY.size + fields[12]
    extra, comment = (
        content[start : start + fields[13]],
        content[start + fields[13] : start + fields[13] + fields[14]],
    )
    extra = _without_large(extra)
    if (entry.checksum, entry.packed, entry.size) != (fields[9], fields[10], fields[11]) and fields[
        10
    ] != _BOTH:
        fields[5] &= ~_BEHIND
    fields[6] = entry.method
    fields[9:12] = entry.checksum, entry.packed, entry.size
    fields[13], fields[18] = len(extra), offset
    return _ENTRY.pack(*fields) + entry.raw + extra + comment


def _without_large(extra: bytes) -> bytes:
    """An extra field without the 64-bit sizes, which are no longer needed."""
    kept = b""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<2H", extra)
        if tag != 1:
            kept += extra[: 4 + length]
        extra = extra[4 + length :]
    return kept + extra

"""XML parts as bytes: where elements begin, and edits that leave every other byte alone.

A parser that writes a part anew changes quotes, blanks and empty elements. Here the parser only tells where a tag stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

_TAG = re.compile(rb"<([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']+)[\"']")


class Unmarkable(Exception):  # noqa: N818 - a refusal with its reason, caught at the module's door
    """The file cannot be marked in place; the message `slug` says why."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes `start` to `end` of a part become `text`."""

    start: int
    end: int
    text: bytes


def edited(part: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the part with all edits made; those at the same place in the order given."""
    out, at = [], 0
    for edit in sorted(edits, key=lambda e: e.start):
        out += [part[at : edit.start], edit.text]
        at = edit.end
    return b"".join([*out, part[at:]])


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: where it stands in the part, its name as written, whether it is the whole element (`<row/>`)."""

    start: int
    end: int
    name: str
    text: bytes
    empty: bool

    @property
    def prefix(self) -> str:
        """The namespace prefix with its colon, "" without one."""
        return self.name.rpartition(":")[0] + ":" if ":" in self.name else ""

    def having(self, values: Mapping[str, str]) -> bytes:
        """The tag with these attributes set; the others, and how it is written, stay."""
        text = self.text
        for name, value in values.items():
            key, quoted = name.encode(), b'"' + value.encode() + b'"'
            for found in _ATTRIBUTE.finditer(text):
                if found[1] == key:
                    text = text[: found.start(2)] + quoted + text[found.end(2) :]
                    break
            else:
                close = len(text) - (2 if self.empty else 1)
                text = text[:close].rstrip() + b" " + key + b"=" + quoted + text[close:]
        return text

    def opened(self, content: bytes, text: bytes | None = None) -> bytes:
        """The element `<row/>` with content: `<row>content</row>`."""
        bare = (text or self.text)[:-2].rstrip()
        return bare + b">" + content + b"</" + self.name.encode() + b">"


def tag(part: bytes, at: int) -> Tag:
    """Return the start tag that begins at `at`."""
    found = _TAG.match(part, at)
    if found is None:
        raise Unmarkable("feedback-part-unreadable")
    return Tag(at, found.end(), found[1].decode(), found[0], bool(found[3]))


def walker(part: bytes) -> Any:
    """Return an expat parser for the part, whose byte positions are those of the part. Raises Unmarkable for a charset in which
    they would not be."""
    declared = _ENCODING.match(part)
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise Unmarkable("feedback-part-unreadable")
    return expat.ParserCreate()


def walk(parser: Any, part: bytes) -> None:
    """Run the parser over the part. Raises Unmarkable when it does not parse."""
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        raise Unmarkable("feedback-part-unreadable") from None

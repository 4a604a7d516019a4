"""XML as files bring it: no entities, no network, no depth without end; what does not parse is a damaged file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ruralpb.core.ooxml.limits import Unreadable


def parsed(part: bytes) -> Any:
    """Return the root element. Raises Unreadable when it does not parse."""
    try:
        return etree.fromstring(
            part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("file-damaged") from None


def events(part: bytes, kinds: tuple[str, ...] = ("start", "end")) -> Iterator[tuple[str, Any, str]]:
    """Yield (event, element, local name) in document order. The caller clears what it is done with. Raises Unreadable when it does not
    parse."""
    walk = etree.iterparse(
        io.BytesIO(part), events=kinds, resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        for event, element in walk:
            yield event, element, local(element)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("file-damaged") from None


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str, default: str = "") -> str:
    """The attribute of this local name, in whatever namespace, else `default`."""
    if (value := element.get(name)) is not None:
        return str(value)
    return next(
        (str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default
    )


def outermost(element: Any, chosen: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the elements at or below `element` that are `chosen`, and nothing within these."""
    if not isinstance(element.tag, str):
        return
    if chosen(element):
        yield element
        return
    for part in element:
        yield from outermost(part, chosen)

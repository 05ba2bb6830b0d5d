"""XML as text: what stands where in a file, read without running what a file asks for.

Nothing here knows what a model is. Entities are never expanded and nothing outside the file is ever
fetched; depth and number of elements are limited, so a hostile file ends in one sentence. Every
element knows its place, for messages, and its span, so that a writer can copy it as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

from regnet.errors import FormatError, ParseError

LARGEST_TEXT = 64 * 2**20
"""Bytes: twenty times the largest model that we have met."""

MOST_ELEMENTS = 500_000
DEEPEST = 20_000

_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.-]+)[\"']")
_ONE_BYTE = {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "iso-8859-15"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(eq=False, slots=True)
class Element:
    """An element of a document.

    Parameters
    ----------
    tag
        Its name without a prefix.
    space
        Its namespace; empty for none.
    attributes
        Name without a prefix -> value.
    line, column
        Where it starts, counted from 1.
    depth
        Its depth.
    start, end
        Its span, in bytes of the document.
    declared
        The prefixes that it declares itself, with their namespaces.
    children, parts
        Its child elements, and its own text.
    """

    tag: str
    space: str
    attributes: dict[str, str]
    line: int
    column: int
    depth: int
    start: int
    end: int = 0
    declared: tuple[tuple[str, str], ...] = ()
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in it, without white space around it."""
        return "".join(self.parts).strip()

    def find(self, tag: str, space: str = "") -> Element | None:
        """Return its first child of that name, in a namespace that holds `space`."""
        return next(self.all(tag, space), None)

    def all(self, tag: str, space: str = "") -> Iterator[Element]:
        """Yield its children of that name, in order."""
        return (c for c in self.children if c.tag == tag and space in c.space)

    def walk(self) -> Iterator[Element]:
        """Yield it and everything in it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@dataclass(frozen=True, eq=False)
class Document:
    """A parsed document.

    Parameters
    ----------
    file
        Its name in messages.
    data
        Its text in UTF-8.
    root
        Its root element.
    depth
        The depth of its deepest element.
    instructions
        The processing instructions before the root: target and content.
    """

    file: str
    data: bytes
    root: Element
    depth: int
    instructions: tuple[tuple[str, str], ...] = ()

    def source(self, element: Element, *, within: tuple[Element, ...] = ()) -> str:
        """Return the text of an element; what the elements in `within` declare is added to it."""
        text = self.data[element.start : element.end].decode()
        own = {prefix for prefix, _ in element.declared}
        extra = {
            prefix: space
            for outer in within
            for prefix, space in outer.declared
            if prefix not in own
        }
        if not extra:
            return text
        head = re.match(r"<[^\s/>]+", text)
        assert head
        added = "".join(
            f" xmlns{':' if prefix else ''}{prefix}={attribute(space)}"
            for prefix, space in extra.items()
        )
        return text[: head.end()] + added + text[head.end() :]

    def error(self, message: str, at: Element | None = None, expected: str = "") -> ParseError:
        """Return an error at the place of an element."""
        place = at or self.root
        return ParseError(
            message, file=self.file, line=place.line, column=place.column, expected=expected
        )


def parse(
    data: bytes | str, file: str = "", *, doctype: bool = False, namespaces: bool = True
) -> Document:
    """Return the document that a text holds.

    Parameters
    ----------
    data
        The text. Bytes are read in the encoding that they declare, or else as UTF-8.
    file
        Its name, for messages.
    doctype
        Whether it may name a document type; it is never fetched.
    namespaces
        Whether prefixes have to be declared; where not, elements have no namespaces.

    Raises
    ------
    ParseError, FormatError
        If it is no XML, is too large or too deep, or defines entities.
    """
    raw = _utf8(data, file) if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST_TEXT:
        raise FormatError(
            f"{file}: has {len(raw) >> 20} MiB; regnet reads XML up to {LARGEST_TEXT >> 20} MiB"
        )
    return _Builder(raw, file, doctype, namespaces).build()


def text(value: str) -> str:
    """Return a text as it stands between tags; characters that XML cannot hold become U+FFFD."""
    return escape(_FORBIDDEN.sub("\ufffd", value), quote=False)


def attribute(value: object) -> str:
    """Return a text as the quoted value of an attribute."""
    from xml.sax.saxutils import quoteattr  # takes all of urllib with it

    clean = _FORBIDDEN.sub("\ufffd", str(value))
    return quoteattr(clean, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def looks_like(data: bytes, *words: bytes) -> bool:
    """Return whether bytes begin as XML does, with one of some words near the beginning."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and any(word in data[:65536].replace(b"\0", b"") for word in words)


class _Builder:
    """Handlers for the events of expat, which put the elements together."""

    def __init__(self, data: bytes, file: str, doctype: bool, namespaces: bool) -> None:
        self.data, self.file, self.doctype = data, file, doctype
        self.separator = " " if namespaces else ":"
        self.parser = expat.ParserCreate("utf-8", " " if namespaces else None)
        self.open: list[Element] = []
        self.root: Element | None = None
        self.declared: list[tuple[str, str]] = []
        self.instructions: list[tuple[str, str]] = []
        self.count = self.depth = 0

    def build(self) -> Document:
        parser = self.parser
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartNamespaceDeclHandler = self.declare
        parser.ProcessingInstructionHandler = self.instruction
        parser.StartDoctypeDeclHandler = self.type
        parser.EntityDeclHandler = self.entity
        parser.SkippedEntityHandler = self.skipped
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            reason = expat.errors.messages[error.code]
            raise ParseError(
                f"this is not XML: {reason}", file=self.file, line=error.lineno,
                column=error.offset + 1,
            ) from None  # fmt: skip
        assert self.root
        return Document(self.file, self.data, self.root, self.depth, tuple(self.instructions))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        self.depth = max(self.depth, len(self.open))
        if self.count > MOST_ELEMENTS:
            raise self.fault(f"the file has more than {MOST_ELEMENTS:,} elements")
        if len(self.open) > DEEPEST:
            raise self.fault(f"the elements nest more than {DEEPEST:,} deep")
        prefix, _, tag = name.rpartition(self.separator)
        space = prefix if self.separator == " " else ""
        parser = self.parser
        values = {key.rpartition(self.separator)[2]: value for key, value in attributes.items()}
        element = Element(
            tag, space, values,
            parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, len(self.open),
            parser.CurrentByteIndex, declared=tuple(self.declared),
        )  # fmt: skip
        self.declared.clear()
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        element = self.open.pop()
        at = self.parser.CurrentByteIndex
        # of the end tag; of an element that is its own end tag, what follows it
        own = not element.children and not element.parts and self.data[at - 2 : at] == b"/>"
        element.end = at if own else self.data.index(b">", at) + 1

    def characters(self, text: str) -> None:
        self.open[-1].parts.append(text)

    def declare(self, prefix: str | None, space: str | None) -> None:
        self.declared.append((prefix or "", space or ""))

    def instruction(self, target: str, text: str) -> None:
        if not self.open:
            self.instructions.append((target, text))

    def type(self, name: str, _system: str | None, _public: str | None, _internal: int) -> None:
        if not self.doctype:
            raise self.fault(f"a document type ({name}) does not belong here")

    def entity(self, name: str, *_: object) -> None:
        raise self.fault(f"the file defines an entity ({name}), which regnet does not read")

    def skipped(self, name: str, _parameter: bool) -> None:
        raise self.fault(f"there is no entity {name}")

    def fault(self, message: str) -> ParseError:
        return ParseError(
            message, file=self.file, line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )  # fmt: skip


def _utf8(data: bytes, file: str) -> bytes:
    """Return the bytes of a text in UTF-8 without a mark."""
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif declared := _ENCODING.match(data[:1000]):
        name = declared[1].decode("ascii", "replace").lower()
        encoding = name if name in _ONE_BYTE else encoding
    if encoding == "utf-8-sig":
        data = data.removeprefix(b"\xef\xbb\xbf")
        if data.isascii():
            return data
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise ParseError(
            f"the byte 0x{data[error.start]:02x} is not {encoding[:6].rstrip('-').upper()} text",
            file=file, line=before.count(b"\n") + 1,
            column=len(before) - before.rfind(b"\n"), expected="a file saved as UTF-8",
        ) from None  # fmt: skip

"""Which files a customer may send along: judged by name and by content, since a name proves nothing.

A kind is an extension in lower case, without its dot. What is allowed is a list of kinds; programs are
refused whatever the list says.
"""

import re
from collections.abc import Collection
from enum import Enum

#: So much of a file's beginning is enough for :func:`refusal`.
HEAD = 1024

#: Kinds that a computer runs, or opens in a way that runs something.
PROGRAMS = frozenset(
    [
        "ade",
        "adp",
        "apk",
        "app",
        "appx",
        "bat",
        "bin",
        "cab",
        "chm",
        "class",
        "cmd",
        "com",
        "cpl",
        "deb",
        "dll",
        "dmg",
        "docm",
        "dotm",
        "elf",
        "exe",
        "gadget",
        "hta",
        "htm",
        "html",
        "inf",
        "ins",
        "iso",
        "isp",
        "jar",
        "js",
        "jse",
        "jsp",
        "lib",
        "lnk",
        "mht",
        "mhtml",
        "mjs",
        "msc",
        "msh",
        "msi",
        "msix",
        "msp",
        "mst",
        "ocx",
        "osx",
        "php",
        "php3",
        "php5",
        "phtml",
        "pif",
        "pl",
        "ppam",
        "ppsm",
        "pptm",
        "ps1",
        "ps2",
        "py",
        "pyc",
        "pyw",
        "rb",
        "reg",
        "rpm",
        "scf",
        "scr",
        "sct",
        "sh",
        "shb",
        "shs",
        "so",
        "svg",
        "swf",
        "sys",
        "url",
        "vb",
        "vbe",
        "vbs",
        "vxd",
        "wasm",
        "ws",
        "wsc",
        "wsf",
        "wsh",
        "xbap",
        "xhtml",
        "xlam",
        "xlsm",
        "xltm",
        "xml",
        "xsl",
    ]
)
#: How a program begins, whatever its name.
_PROGRAM_HEADS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"#!",
    b"<?php",
)
_ZIP = rb"PK\x03\x04"
_OLE = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOXES = rb".{4}(ftyp|moov|mdat|wide|free|skip)"
#: How an honest file of a kind begins. Kinds without an entry are believed, programs excepted.
_HONEST = {
    kind: re.compile(head, re.DOTALL)
    for kinds, head in (
        ("jpg jpeg", rb"\xff\xd8\xff"),
        ("png", rb"\x89PNG\r\n\x1a\n"),
        ("gif", rb"GIF8[79]a"),
        ("webp", rb"RIFF.{4}WEBP"),
        ("bmp", rb"BM"),
        ("tif tiff", rb"II\*\x00|MM\x00\*"),
        ("heic heif mp4 mov m4v", _BOXES),
        ("pdf", rb".{0,1019}%PDF-"),
        ("zip docx xlsx pptx odt ods odp", _ZIP),
        ("doc xls ppt", _OLE),
        ("txt csv", rb"[^\x00]*\Z"),
    )
    for kind in kinds.split()
}


class Refusal(Enum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    PROGRAM = "program"
    KIND = "kind"
    DISGUISED = "disguised"


def kinds(text: str) -> list[str]:
    """Kinds as somebody types them, each once.

    >>> kinds(".JPG, png;pdf  png")
    ['jpg', 'png', 'pdf']
    """
    return list(dict.fromkeys(filter(None, re.split(r"[\s,;.*]+", (text or "").lower()))))


def kind_of(name: str) -> str:
    """
    >>> kind_of("Tiles.front.JPG"), kind_of("README")
    ('jpg', '')
    """
    return clean_name(name).rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """A file's name without folders and without signs that turn the text around or break lines.

    >>> clean_name("../../etc/pass\\u202ewd\\r\\n.txt")
    'passwd.txt'
    """
    last = re.split(r"[/\\]", name or "")[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip(". ")[-120:] or "file"


def is_program(name: str, head: bytes) -> bool:
    """Whether it runs: by its name, or by how it begins."""
    if kind_of(name) in PROGRAMS or head.startswith(_PROGRAM_HEADS):
        return True
    return head.startswith(b"MZ") and b"\x00" in head


def refusal(
    name: str, head: bytes, size: int, allowed: Collection[str], max_size: int
) -> Refusal | None:
    """Why a file is not taken; nothing when it is. ``head`` are its first :data:`HEAD` bytes."""
    kind, head = kind_of(name), head[:HEAD]
    if not size:
        return Refusal.EMPTY
    if size > max_size:
        return Refusal.TOO_BIG
    if is_program(name, head):
        return Refusal.PROGRAM
    if kind not in allowed:
        return Refusal.KIND
    honest = _HONEST.get(kind)
    return Refusal.DISGUISED if honest and not honest.match(head) else None

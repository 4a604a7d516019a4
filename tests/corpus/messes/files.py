"""Messes of files: containers, encryption, what bytes can look like (D01–D12, D20)."""

from __future__ import annotations

from random import Random

from ..model import Book
from ..writers import CARRIES
from .registry import add, mess


def _container(
    name: str, title: str, container: str, extension: str, *rules: str, told: str = "", doubt: bool = False
) -> None:
    """The same book in another container, when that can hold what the book has."""

    def make(book: Book, random: Random) -> bool:
        carried = CARRIES[container.partition(":")[0]]
        if not needed(book) <= carried or book.container != "xlsx" or book.traits:
            return False
        if container.startswith(("csv", "html")) and (len(book.sheets) > 1 or book.named_by_sheet):
            return False
        book.container, book.name = container, f"{book.name.rpartition('.')[0]}.{extension}"
        book.path = book.path and f"{book.path.rpartition('/')[0]}/{book.name}"
        if told:
            book.told.add(told)
        if doubt:
            for fact in book.facts():
                if fact.wanted == "read":
                    fact.wanted, fact.rule = "free", ""
        return True

    add(name, title, rules, "file", make, group="container")


def needed(book: Book) -> frozenset[str]:
    """What the book has that a container must carry."""
    from . import MESSES

    found: set[str] = set()
    for name in book.made_of:
        found |= MESSES[name].needs
    if any(sheet.merges for sheet in book.sheets):
        found.add("merges")
    return frozenset(found)


_container("xls", "旧版xls", "xls", "xls", "D01")
_container("et", "WPS的et", "xls", "et", "D02")
_container("et_zip", "et实为xlsx", "xlsx", "et", "D02")
_container("xlsx_named_xls", "xls实为xlsx", "xlsx", "xls", "D03", told="D03")
_container("xls_named_xlsx", "xlsx实为xls", "xls", "xlsx", "D03", told="D03")
_container("csv_named_xls", "xls实为csv", "csv:gb18030", "xls", "D03", told="D03")
_container("csv_utf8", "csv，UTF-8", "csv:utf-8", "csv", "D06")
_container("csv_bom", "csv，UTF-8带BOM", "csv:utf-8-sig", "csv", "D06")
_container("csv_gbk", "csv，GB18030", "csv:gb18030", "csv", "D06")
_container("csv_utf16", "csv，UTF-16", "csv:utf-16", "csv", "D06")
_container("csv_tab", "制表符分隔", "csv:utf-16:tab", "txt", "D06")
_container("csv_semicolon", "分号分隔", "csv:utf-8-sig:semicolon", "csv", "D06")
_container("html_xls", "xls实为HTML", "html", "xls", "D04")
_container("xml_2003", "xls实为XML 2003", "xml2003", "xls", "D05")
_container("ods", "ods", "ods", "ods", "D11")
_container("fods", "单个XML的ods", "fods", "fods", "D11")


@mess("file", "HTML，GBK编码", "D04", group="container")
def html_gbk(book: Book, random: Random) -> bool:
    from . import MESSES

    done = MESSES["html_xls"].make(book, random)
    book.traits |= {"gbk"} if done else set()
    return done


def _trait(name: str, title: str, trait: str, *rules: str) -> None:
    def make(book: Book, random: Random) -> bool:
        if book.container != "xlsx":
            return False
        book.traits.add(trait)
        return True

    add(name, title, rules, "file", make, group="container")


_trait("dimension_a1", "范围标记为A1", "dimension A1", "D20")
_trait("no_dimension", "没有范围标记", "no dimension", "D20")
_trait("inline_strings", "内联字符串", "inline strings", "D20")
_trait("rich_text", "字符串分段、带拼音", "rich text", "D20")
_trait("strict", "严格OOXML", "strict", "D20")
_trait("no_references", "单元格不写地址", "no references", "D20")
_trait("iso_dates", "日期写成ISO文字", "iso dates", "D87")


_trait("prefixed", "XML带前缀x:", "prefixed", "D20")
_trait("single_quotes", "XML用单引号", "single quotes", "D20")
_trait("pretty_printed", "XML有换行缩进", "pretty printed", "D20")
_trait("utf16_parts", "XML为UTF-16", "utf-16 parts", "D20")
_trait("absolute_targets", "关系写绝对路径", "absolute targets", "D20")
_trait("huge_dimension", "范围标记为整张表", "huge dimension", "D20")
_trait("far_style", "最后一行有格式", "far style", "D20")
_trait("carriage_returns", "字符串里有_x000D_", "carriage returns", "D20")


@mess("file", "xlsm", "D11", group="container")
def macros(book: Book, random: Random) -> bool:
    book.traits.add("macros")
    book.name = f"{book.name.rpartition('.')[0]}.xlsm"
    return book.container == "xlsx"


@mess("file", "工作表保护", "D09")
def protected(book: Book, random: Random) -> bool:
    for sheet in book.sheets:
        sheet.protected = True
    return True


@mess("file", "“只读推荐”式加密", "D08", group="encryption")
def encrypted_default(book: Book, random: Random) -> bool:
    if book.container != "xlsx":
        return False
    book.traits.add("encrypted default")
    book.told.add("D08")
    return True


@mess("file", "打开密码，已提供", "D07", group="encryption")
def encrypted_known(book: Book, random: Random) -> bool:
    if book.container != "xlsx":
        return False
    book.traits.add("encrypted")
    book.password = "Qx2026!"
    return True


def _refused(name: str, title: str, trait: str, *rules: str) -> None:
    def make(book: Book, random: Random) -> bool:
        if book.container != "xlsx":
            return False
        book.traits.add(trait)
        book.refuse()
        book.told = {rules[0]}
        return True

    add(name, title, rules, "file", make, group="container encryption")


_refused("encrypted_unknown", "打开密码，没有提供", "encrypted", "D07")
_refused("truncated", "文件截断", "truncated", "D12")
_refused("empty", "0字节", "empty", "D12")
_refused("pdf", "改了名的pdf", "pdf", "D11")

"""What a workbook says in words of its own, in the language of the report."""

from collections.abc import Sequence

from tasks.reports.render.layout import Language

GOES_ON = {
    Language.ENGLISH: "The rows go on on the sheet “{name}”.",
    Language.TURKISH: "Satırlar “{name}” sayfasında devam ediyor.",
}
COMES_FROM = {
    Language.ENGLISH: "These rows follow those of the sheet “{name}”.",
    Language.TURKISH: "Bu satırlar “{name}” sayfasındaki satırların devamıdır.",
}
SHEETS = {Language.ENGLISH: "Sheets", Language.TURKISH: "Sayfalar"}
CONTINUED = {
    Language.ENGLISH: "More rows than one sheet holds; they stand on {count} sheets: {names}",
    Language.TURKISH: "Bir sayfaya sığmayan satırlar {count} sayfada duruyor: {names}",
}
PAGE = {Language.ENGLISH: "Page &P of &N", Language.TURKISH: "Sayfa &P / &N"}
LONGEST_FOOTER_TITLE = 100


def goes_on(name: str, language: Language) -> str:
    return GOES_ON[language].format(name=name)


def comes_from(name: str, language: Language) -> str:
    return COMES_FROM[language].format(name=name)


def continued(names: Sequence[str], language: Language) -> tuple[str, str]:
    """Label and text of the sheets over which one result is spread."""
    text = CONTINUED[language].format(count=len(names), names=", ".join(names))
    return SHEETS[language], text


def page_footer(title: str, language: Language) -> str:
    """The title at the left and “page x of y” at the right, as Excel's codes say it."""
    shown = title[:LONGEST_FOOTER_TITLE].replace("&", "&&")
    return f"&L&9{' ' if shown[:1].isdigit() else ''}{shown}&R&9{PAGE[language]}"

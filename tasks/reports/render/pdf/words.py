"""What a page says of itself, in the languages of the files."""

from dataclasses import dataclass

from tasks.reports.render.layout import Format, Language


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences with their gaps."""

    page: str
    no_rows: str
    first: str
    whole_in: str
    nowhere: str
    totals: str


WORDS = {
    Language.ENGLISH: Words(
        page="Page {page} of {pages}",
        no_rows="No rows.",
        first="These pages show the first {shown} of {rows} rows.",
        whole_in="All rows are in the other file of this report: {formats}.",
        nowhere="Choose Excel or CSV in the task to get all of them.",
        totals="The totals count all rows.",
    ),
    Language.TURKISH: Words(
        page="Sayfa {page} / {pages}",
        no_rows="Satır yok.",
        first="Bu sayfalar {rows} satırın ilk {shown} satırını gösterir.",
        whole_in="Satırların tümü raporun öbür dosyasındadır: {formats}.",
        nowhere="Tümünü almak için görevde Excel ya da CSV seçin.",
        totals="Toplamlar bütün satırları sayar.",
    ),
}
NAMES = {
    Format.XLSX: "Excel",
    Format.CSV: "CSV",
    Format.HTML: "HTML",
    Format.JSON: "JSON",
    Format.PARQUET: "Parquet",
}


def notice_of(
    language: Language, *, shown: str, rows: str, whole_in: tuple[Format, ...], totals: bool
) -> str:
    """Say that the pages do not show all rows, and where the others are."""
    words = WORDS[language]
    names = [NAMES[one] for one in whole_in if one in NAMES]
    where = words.whole_in.format(formats=", ".join(names)) if names else words.nowhere
    first = words.first.format(shown=shown, rows=rows)
    return " ".join([first, *([words.totals] if totals else []), where])

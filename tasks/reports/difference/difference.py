"""What is different between the rows of two runs, in figures and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tasks.reports.render import Language
from tasks.reports.written import NOTHING, number_written, scaled
from tasks.rows import Column


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a column before and after; None where it cannot be added up."""

    column: Column
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are, and how many keys stand in more than one row."""

    rows: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The figures of a difference; rows with the same key are compared in their order."""

    before_id: int
    before: Counts
    after: Counts
    new: int
    gone: int
    changed: int
    columns_new: Sequence[str]
    columns_gone: Sequence[str]
    totals: Sequence[Total]

    @property
    def is_none(self) -> bool:
        """Whether nothing is different."""
        columns = len(self.columns_new) + len(self.columns_gone)
        return not (self.new or self.gone or self.changed or columns)

    def summary(self, language: Language) -> str:
        """Say it in a few lines, for a mail."""
        words = WORDS[language]
        if self.is_none:
            return words["none"].format(id=self.before_id)
        lines = [words["since"].format(id=self.before_id)]
        lines.append(words["counts"].format(new=self.new, gone=self.gone, changed=self.changed))
        for name, columns in (("more", self.columns_new), ("fewer", self.columns_gone)):
            if columns:
                lines.append(words[name].format(names=", ".join(columns)))
        if self.before.repeated or self.after.repeated:
            lines.append(
                words["repeated"].format(before=self.before.repeated, after=self.after.repeated)
            )
        return "\n".join((*lines, *self._totals(language)))

    def _totals(self, language: Language) -> list[str]:
        moved = [one for one in self.totals if one.before != one.after]
        return [
            f"{one.column.name}: {_shown(one.before, one.column, language)} → "
            f"{_shown(one.after, one.column, language)}"
            for one in moved
        ]


def _shown(value: Decimal | None, column: Column, language: Language) -> str:
    """Write a sum as people of the language do."""
    return NOTHING if value is None else number_written(scaled(value, column.scale), language)


WORDS: dict[Language, dict[str, str]] = {
    Language.ENGLISH: {
        "none": "Nothing is different from run {id}.",
        "since": "Difference to run {id}:",
        "counts": "New rows: {new}, gone: {gone}, changed: {changed}.",
        "more": "New columns, which were not compared: {names}.",
        "fewer": "Columns that are gone: {names}.",
        "repeated": (
            "Keys in more than one row: {before} before, {after} now. Rows with the same key were "
            "compared in their order."
        ),
        "new": "New",
        "gone": "Gone",
        "changed": "Changed",
        "column": "Column",
        "before": "Before",
        "after": "Now",
        "cut": "… and more: only the first {most} lines stand here.",
    },
    Language.TURKISH: {
        "none": "{id} numaralı çalışmaya göre hiçbir şey değişmedi.",
        "since": "{id} numaralı çalışmaya göre fark:",
        "counts": "Yeni satır: {new}, artık olmayan: {gone}, değişen: {changed}.",
        "more": "Karşılaştırılmayan yeni sütunlar: {names}.",
        "fewer": "Artık olmayan sütunlar: {names}.",
        "repeated": (
            "Birden çok satırda geçen anahtar: önce {before}, şimdi {after}. Anahtarı aynı olan "
            "satırlar sırasıyla karşılaştırıldı."
        ),
        "new": "Yeni",
        "gone": "Artık olmayan",
        "changed": "Değişen",
        "column": "Sütun",
        "before": "Önce",
        "after": "Şimdi",
        "cut": "… ve devamı var: burada yalnız ilk {most} satır yer alıyor.",
    },
}
"""What a file and a mail say, in the language of the report."""

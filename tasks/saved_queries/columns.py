"""What a column of a company holds, and what people call it."""

import re
from collections.abc import Mapping

from tasks.reports.parameters import ParameterType
from tasks.reports.render import Language
from tasks.slugs import slug_of
from tasks.sources.catalogue import Names

Types = Mapping[str, Mapping[str, ParameterType]]
"""The columns of each table, with the type of a parameter that is compared with one."""

_DATE = re.compile(r"DATE|TIMESTAMP|SECONDDATE|LONGDATE", re.IGNORECASE)
_WHOLE = re.compile(r".*INT(EGER)?\b.*|SERIAL", re.IGNORECASE)
_NUMBER = re.compile(r"DEC|NUM|FLOAT|DOUBLE|REAL|FIXED|SMALLDEC", re.IGNORECASE)

ROWS = "Rows"
"""What stands for the column where a query asks how many rows are wanted."""

_TITLES = {
    ROWS: ("How many rows", "Kaç satır"),
    "AcctCode": ("G/L account", "Muhasebe hesabı"),
    "CANCELED": ("Cancelled", "İptal"),
    "CardCode": ("Business partner", "Muhatap kodu"),
    "CardName": ("Name of the business partner", "Muhatap adı"),
    "CardType": ("Kind of business partner", "Muhatap türü"),
    "City": ("City", "Şehir"),
    "Country": ("Country", "Ülke"),
    "CreateDate": ("Created on", "Oluşturma tarihi"),
    "Currency": ("Currency", "Para birimi"),
    "DocCur": ("Currency of the document", "Belge para birimi"),
    "DocDate": ("Posting date", "Kayıt tarihi"),
    "DocDueDate": ("Due date", "Vade tarihi"),
    "DocEntry": ("Key of the document", "Belge anahtarı"),
    "DocNum": ("Document number", "Belge numarası"),
    "DocStatus": ("Status of the document", "Belge durumu"),
    "DocTotal": ("Total of the document", "Belge toplamı"),
    "DueDate": ("Due date", "Vade tarihi"),
    "GroupCode": ("Group of business partners", "Muhatap grubu"),
    "ItemCode": ("Item", "Kalem kodu"),
    "ItemName": ("Name of the item", "Kalem adı"),
    "ItmsGrpCod": ("Item group", "Kalem grubu"),
    "ItmsGrpNam": ("Name of the item group", "Kalem grubu adı"),
    "LineTotal": ("Total of the line", "Satır toplamı"),
    "OnHand": ("In stock", "Stokta"),
    "Price": ("Price", "Fiyat"),
    "PriceList": ("Price list", "Fiyat listesi"),
    "Quantity": ("Quantity", "Miktar"),
    "RefDate": ("Posting date", "Kayıt tarihi"),
    "ShipDate": ("Delivery date", "Teslimat tarihi"),
    "SlpCode": ("Sales person", "Satış temsilcisi"),
    "SlpName": ("Name of the sales person", "Satış temsilcisi adı"),
    "TaxDate": ("Document date", "Belge tarihi"),
    "TransId": ("Journal entry", "Yevmiye kaydı"),
    "UpdateDate": ("Changed on", "Güncelleme tarihi"),
    "WhsCode": ("Warehouse", "Depo"),
    "WhsName": ("Name of the warehouse", "Depo adı"),
}
"""What the windows of Business One call the columns that queries ask about most."""


def types_of(names: Names) -> Types:
    """Return the types of all columns of a catalogue."""
    return {
        table: {one.name: type_of(one.type) for one in columns}
        for table, columns in names.tables.items()
    }


def type_of(sql_type: str) -> ParameterType:
    """Return what a value must be to be compared with a column of this SQL type."""
    if _DATE.match(sql_type):
        return ParameterType.DATE
    if _WHOLE.fullmatch(sql_type):
        return ParameterType.INTEGER
    return ParameterType.DECIMAL if _NUMBER.match(sql_type) else ParameterType.TEXT


def guessed_type(column: str) -> ParameterType | None:
    """Return the type that Business One's way of naming tells, where the catalogue does not."""
    return ParameterType.DATE if column.endswith("Date") else None


def title_of(column: str, language: Language) -> str:
    """Return what people call a column; an unknown one keeps its name, a field of one's own too."""
    english, turkish = _TITLES.get(column, ("", ""))
    known = turkish if language is Language.TURKISH else english
    return known or column.removeprefix("U_").replace("_", " ")


def name_of(column: str) -> str:
    """Return the column as a name for a parameter: `DocDueDate` is `doc_due_date`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.removeprefix("U_"))
    plain = slug_of(apart).replace("-", "_")
    return plain if plain[:1].isalpha() else f"value_{plain}".strip("_")

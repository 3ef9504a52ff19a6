"""Ready queries for the choices that most reports of Business One ask for."""

from enum import StrEnum


class Preset(StrEnum):
    """What a person chooses from."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    WAREHOUSE = "warehouse"
    SALES_PERSON = "sales_person"
    ITEM_GROUP = "item_group"


def _partners(kind: str) -> str:
    return (
        'SELECT T0."CardCode", T0."CardName", T0."City"\n'
        'FROM "{schema}"."OCRD" T0\n'
        f"WHERE T0.\"CardType\" = '{kind}'\n"
        'ORDER BY T0."CardName"'
    )


QUERIES = {
    Preset.CUSTOMER: _partners("C"),
    Preset.SUPPLIER: _partners("S"),
    Preset.WAREHOUSE: (
        'SELECT T0."WhsCode", T0."WhsName"\nFROM "{schema}"."OWHS" T0\nORDER BY T0."WhsCode"'
    ),
    Preset.SALES_PERSON: (
        'SELECT T0."SlpCode", T0."SlpName", T0."Email"\n'
        'FROM "{schema}"."OSLP" T0\n'
        'ORDER BY T0."SlpName"'
    ),
    Preset.ITEM_GROUP: (
        'SELECT T0."ItmsGrpCod", T0."ItmsGrpNam"\n'
        'FROM "{schema}"."OITB" T0\n'
        'ORDER BY T0."ItmsGrpNam"'
    ),
}
"""Value, label and what else helps to tell two of them apart."""

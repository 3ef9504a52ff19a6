"""Ready queries for the addresses of Business One's people: the key first, then the address."""

from enum import StrEnum


class AddressPreset(StrEnum):
    """Whose addresses are read."""

    SALES_PERSON = "sales_person"
    SALES_PERSON_NAME = "sales_person_name"
    CONTACT = "contact"


QUERIES = {
    AddressPreset.SALES_PERSON: (
        'SELECT T0."SlpCode", T0."Email"\nFROM "{schema}"."OSLP" T0\nWHERE T0."Active" = \'Y\''
    ),
    AddressPreset.SALES_PERSON_NAME: (
        'SELECT T0."SlpName", T0."Email"\nFROM "{schema}"."OSLP" T0\nWHERE T0."Active" = \'Y\''
    ),
    AddressPreset.CONTACT: (
        'SELECT T0."CardCode", T0."E_MailL"\nFROM "{schema}"."OCPR" T0\nWHERE T0."Active" = \'Y\''
    ),
}
"""By the number or the name of a sales person, or by the code of a business partner."""

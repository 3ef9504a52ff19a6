"""The kit's reports for stock and production, counted again by hand."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.kit.companies import Company, rounded

ZERO = Decimal(0)


@pytest.mark.parametrize("warehouse", ["all", "02"])
def test_stock_below_minimum(company: Company, warehouse: str) -> None:
    items, groups = company.by("ItemCode", "OITM"), company.by("ItmsGrpCod", "OITB")
    houses = company.by("WhsCode", "OWHS")
    expected = []
    for one in company.rows("OITW"):
        missing = one["MinStock"] - one["OnHand"] + one["IsCommited"] - one["OnOrder"]
        if one["MinStock"] > 0 and missing > 0 and warehouse in ("all", one["WhsCode"]):
            item = items[one["ItemCode"]]
            expected.append(
                (one["ItemCode"], item["ItemName"], groups[item["ItmsGrpCod"]]["ItmsGrpNam"],
                 houses[one["WhsCode"]]["WhsName"],
                 *(rounded(one[n]) for n in ("OnHand", "IsCommited", "OnOrder", "MinStock")),
                 rounded(missing), item["InvntryUom"], rounded(missing * one["AvgPrice"]))
            )  # fmt: skip
    expected.sort(key=lambda row: (-row[8], row[0]))
    found = company.answer("stock-below-minimum", warehouse=warehouse)
    assert [tuple(row.values()) for row in found] == expected
    assert len(found) > 10


def last_receipts(company: Company) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    found = sorted(
        company.lines("OPDN", "PDN1"),
        key=lambda pair: (pair[0]["DocDate"], pair[0]["DocEntry"], pair[1]["LineNum"]),
    )
    return {line["ItemCode"]: (header, line) for header, line in found}


def in_local_currency(line: dict[str, Any]) -> Decimal:
    return Decimal(line["Price"] * (line["Rate"] or 1))


@pytest.mark.parametrize(
    ("warehouse", "show"),
    [("all", "all"), ("all", "with open orders"), ("02", "below minimum"), ("01", "all")],
)
def test_raw_material_stock(company: Company, warehouse: str, show: str) -> None:
    groups, received = company.by("ItmsGrpCod", "OITB"), last_receipts(company)
    held: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for one in company.rows("OITW"):
        if warehouse in ("all", one["WhsCode"]):
            held[one["ItemCode"]][0] += one["OnHand"]
            held[one["ItemCode"]][1] += one["MinStock"]
    coming = defaultdict(list)
    for header, line in company.lines("OPOR", "POR1"):
        is_open = header["DocStatus"] == "O" and line["LineStatus"] == "O"
        if is_open and warehouse in ("all", line["WhsCode"]):
            coming[line["ItemCode"]].append((header["DocEntry"], line["OpenQty"], line["ShipDate"]))
    expected = []
    for item in company.rows("OITM"):
        code, orders = item["ItemCode"], coming[item["ItemCode"]]
        stock, least = held[code]
        wanted = {"all": True, "with open orders": orders, "below minimum": stock < least}[show]
        if item["PrchseItem"] == "Y" and item["InvntItem"] == "Y" and wanted:
            header, line = received.get(code, ({}, {}))
            expected.append(
                (code, item["ItemName"], groups[item["ItmsGrpCod"]]["ItmsGrpNam"],
                 item["InvntryUom"], rounded(stock), rounded(least),
                 rounded(sum((quantity for _, quantity, _ in orders), ZERO)),
                 len({entry for entry, _, _ in orders}),
                 min((day for _, _, day in orders), default=None),
                 rounded(line["Price"], 4) if line else None, line.get("Currency"),
                 header.get("DocDate"), header.get("CardName"),
                 rounded(stock * in_local_currency(line)) if line else None)
            )  # fmt: skip
    expected.sort(key=lambda row: (row[2], row[0]))
    found = company.answer("raw-material-stock", warehouse=warehouse, show=show)
    assert [tuple(row.values()) for row in found] == expected
    assert len(found) > 20


class Costing:
    """What a product needs, part by part down to what is bought."""

    def __init__(self, company: Company, price_by: str) -> None:
        self.trees = {
            row["Code"]: row["Qauntity"] for row in company.rows("OITT") if row["TreeType"] == "P"
        }
        self.parts = defaultdict(list)
        for row in company.rows("ITT1"):
            if row["Father"] in self.trees and row["Type"] == 4:
                self.parts[row["Father"]].append(
                    (row["Code"], rounded(row["Quantity"] / self.trees[row["Father"]], 8))
                )
        average = {
            (row["ItemCode"], row["WhsCode"]): row["AvgPrice"] or ZERO
            for row in company.rows("OITW")
        }
        self.prices = {
            row["ItemCode"]: average.get((row["ItemCode"], row["DfltWH"]), ZERO)
            for row in company.rows("OITM")
        }
        if price_by == "last purchase":
            for item, (_, line) in last_receipts(company).items():
                self.prices[item] = in_local_currency(line)

    def materials(self, product: str, wanted: Decimal = Decimal(1)) -> list[tuple[str, Decimal]]:
        found: list[tuple[str, Decimal]] = []
        for part, quantity in self.parts[product]:
            needed = rounded(wanted * quantity, 8)
            found += self.materials(part, needed) if part in self.trees else [(part, needed)]
        return found


@pytest.mark.parametrize("price_by", ["average cost", "last purchase"])
def test_bill_of_material_cost(company: Company, price_by: str) -> None:
    costing = Costing(company, price_by)
    listed = {
        row["ItemCode"]: row["Price"] for row in company.rows("ITM1") if row["PriceList"] == 1
    }
    names = company.by("ItemCode", "OITM")
    expected = {}
    for product in list(costing.trees):
        materials = costing.materials(product)
        cost = sum((needed * costing.prices[part] for part, needed in materials), ZERO)
        expected[product] = (
            names[product]["ItemName"],
            len({part for part, _ in materials}),
            sum(1 for part, _ in materials if not costing.prices[part]),
            rounded(cost),
            *against_list(cost, listed.get(product)),
        )
    found = company.answer("bill-of-material-cost", price_by=price_by)
    columns = ("Name", "Materials", "Without a price", "Material cost (TRY)", "List price",
               "Material in the price %")  # fmt: skip
    assert {row["Product"]: tuple(row[name] for name in columns) for row in found} == expected
    shares = [row["Material in the price %"] for row in found]
    order = [
        (share is None, -(share or 0), row["Product"])
        for share, row in zip(shares, found, strict=True)
    ]
    assert order == sorted(order)


def against_list(cost: Decimal, price: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    return (rounded(price), rounded(100 * cost / price, 1)) if price else (None, None)


def test_only_the_products_that_were_asked_for_are_costed(company: Company) -> None:
    found = company.answer("bill-of-material-cost", product="YTK%")
    assert {row["Group"] for row in found} == {"Yatak"}
    assert len(found) > 20

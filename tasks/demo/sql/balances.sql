-- Partners and items last, because what they owe, hold and expect follows from the documents.
CREATE TABLE OCRD AS
WITH owed AS (SELECT "ShortName" AS card, sum("Debit" - "Credit") AS amount FROM JDT1 GROUP BY 1
), waiting AS (
  SELECT card, sum(orders) AS orders, sum(notes) AS notes FROM (
    SELECT h."CardCode" AS card, round(l."OpenSum" * (100 - h."DiscPrcnt") * (100 + l."VatPrcnt") / 10000, 2) AS orders, 0 AS notes FROM ORDR h JOIN RDR1 l USING ("DocEntry")
    UNION ALL SELECT h."CardCode", round(l."OpenSum" * (100 - h."DiscPrcnt") * (100 + l."VatPrcnt") / 10000, 2), 0 FROM OPOR h JOIN POR1 l USING ("DocEntry")
    UNION ALL SELECT "CardCode", 0, "DocTotal" FROM ODLN WHERE "DocStatus" = 'O'
    UNION ALL SELECT "CardCode", 0, "DocTotal" FROM OPDN WHERE "DocStatus" = 'O') GROUP BY card)
SELECT p.card AS "CardCode", p.name AS "CardName", p.kind AS "CardType",
  CASE WHEN p.kind = 'S' THEN 110 + dice(p.key, 'group', 2) WHEN p.abroad THEN 103 ELSE 100 + dice(p.key, 'group', 3) END::INT AS "GroupCode",
  p.terms AS "GroupNum", p.sales_person AS "SlpCode", CASE WHEN p.kind = 'C' AND u(p.key, 'channel') < 0.2 THEN '120.01.' || lpad((1 + dice(p.key, 'via', 40))::VARCHAR, 7, '0') END AS "ChannlBP",
  CASE WHEN p.country = 'TR' THEN 'TR' || digits(p.key, 'iban', 12) || digits(p.key, 'iban2', 12) END AS "IBAN",
  CASE WHEN u(p.key, 'mail') < 0.9 THEN 'muhasebe@' || lower(replace(p.card, '.', '')) || '.example' END AS "E_Mail",
  CASE WHEN p.country = 'TR' THEN '0' || pick(['212', '216', '312', '232', '224', '352'], p.key, 'area') || ' ' || digits(p.key, 'phone', 7) END AS "Phone1",
  p.city AS "City", p.country AS "Country", p.currency AS "Currency", money(coalesce(o.amount, 0)) AS "Balance", money(coalesce(w.orders, 0)) AS "OrdersBal", money(coalesce(w.notes, 0)) AS "DNotesBal",
  money(CASE p.kind WHEN 'C' THEN 50000 * (1 + dice(p.key, 'credit', 60)) ELSE 0 END) AS "CreditLine", flag(u(p.key, 'valid') < 0.96) AS "validFor"
FROM partner p LEFT JOIN owed o ON o.card = p.card LEFT JOIN waiting w ON w.card = p.card ORDER BY p.card;

CREATE TABLE OITW AS
WITH asked AS (SELECT "ItemCode" AS item, "WhsCode" AS warehouse, sum("OpenQty") AS quantity FROM RDR1 GROUP BY ALL
), coming AS (SELECT "ItemCode" AS item, "WhsCode" AS warehouse, sum("OpenQty") AS quantity FROM POR1 GROUP BY ALL)
SELECT i.code AS "ItemCode", w."WhsCode", money(CASE WHEN here THEN dice(i.n, 'stock', CASE WHEN i.sold THEN 90 ELSE 900 END) WHEN u(i.n * 10 + w."WhsCode"::INT, 'spread') < 0.25 THEN dice(i.n * 10 + w."WhsCode"::INT, 'stock', 15) ELSE 0 END) AS "OnHand",
  money(coalesce(a.quantity, 0)) AS "IsCommited", money(coalesce(c.quantity, 0)) AS "OnOrder",
  money(CASE WHEN here AND u(i.n, 'watched') < 0.8 THEN (1 + dice(i.n, 'minimum', 20)) * CASE WHEN i.sold THEN 1 ELSE 10 END ELSE 0 END) AS "MinStock", money(round(i.price * 0.62, 4)) AS "AvgPrice"
FROM item i CROSS JOIN OWHS w LEFT JOIN asked a ON a.item = i.code AND a.warehouse = w."WhsCode" LEFT JOIN coming c ON c.item = i.code AND c.warehouse = w."WhsCode",
LATERAL (SELECT w."WhsCode" = i.warehouse AS here) ORDER BY i.n, w."WhsCode";

CREATE TABLE OITM AS
SELECT i.code AS "ItemCode", i.name AS "ItemName", i.group_code AS "ItmsGrpCod", 'Y' AS "InvntItem", flag(i.sold) AS "SellItem", flag(NOT i.sold) AS "PrchseItem", flag(i.sold AND u(i.n, 'phantom') < 0.02) AS "Phantom",
  i.warehouse AS "DfltWH", CASE WHEN NOT i.sold THEN i.unit END AS "BuyUnitMsr", i.unit AS "InvntryUom", w.held AS "OnHand", w.asked AS "IsCommited", w.coming AS "OnOrder", w.minimum AS "MinLevel",
  CASE WHEN i.sold AND u(i.n, 'picture') < 0.7 THEN i.code || '.jpg' END AS "PicturName", until_day() - dice(i.n, 'touched', 500) AS "UpdateDate",
  lpad((i.n * 37 % 100000)::VARCHAR, 8, '0') AS "U_EskiKod", CASE WHEN NOT i.sold AND u(i.n, 'renamed') < 0.4 THEN 'B' || lpad(i.n::VARCHAR, 6, '0') END AS "U_eski_bilesen_kod"
FROM item i JOIN (SELECT "ItemCode", money(sum("OnHand")) AS held, money(sum("IsCommited")) AS asked, money(sum("OnOrder")) AS coming, money(sum("MinStock")) AS minimum FROM OITW GROUP BY 1) w ON w."ItemCode" = i.code ORDER BY i.n;

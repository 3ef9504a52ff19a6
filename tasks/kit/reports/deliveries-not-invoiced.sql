-- Goods that have left the house and are not on an invoice yet; a delivery may be invoiced in part.
SELECT T0."DocNum" AS "Delivery", T0."DocDate" AS "Delivered", DAYS_BETWEEN(T0."DocDate", TO_DATE(:as_of)) AS "Days open",
       T0."CardCode" AS "Customer", T0."CardName" AS "Name", T2."SlpName" AS "Sales person",
       COUNT(*) AS "Open lines", STRING_AGG(T1."ItemCode", ', ' ORDER BY T1."LineNum") AS "Items",
       T0."DocCur" AS "Currency",
       TO_DECIMAL(ROUND(SUM(T1."OpenSum" * (100 - IFNULL(T0."DiscPrcnt", 0)) / 100), 2), 21, 2) AS "Net amount (TRY)"
FROM "{schema}"."ODLN" T0
INNER JOIN "{schema}"."DLN1" T1 ON T1."DocEntry" = T0."DocEntry"
LEFT JOIN "{schema}"."OSLP" T2 ON T2."SlpCode" = T0."SlpCode"
WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T1."LineStatus" = 'O' AND T1."OpenQty" > 0
  AND T0."DocDate" <= ADD_DAYS(TO_DATE(:as_of), -1 * :days)
GROUP BY T0."DocNum", T0."DocDate", T0."CardCode", T0."CardName", T2."SlpName", T0."DocCur"
ORDER BY T0."DocDate", T0."DocNum"

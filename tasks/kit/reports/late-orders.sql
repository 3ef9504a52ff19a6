-- Lines of sales orders that should have left already, and whether the goods lie in their warehouse.
SELECT T0."DocNum" AS "Order", T1."ShipDate" AS "Due", DAYS_BETWEEN(T1."ShipDate", TO_DATE(:as_of)) AS "Days late",
       CASE WHEN DAYS_BETWEEN(T1."ShipDate", TO_DATE(:as_of)) <= 7 THEN '1–7 days'
            WHEN DAYS_BETWEEN(T1."ShipDate", TO_DATE(:as_of)) <= 30 THEN '8–30 days' ELSE 'over 30 days' END AS "How late",
       T0."CardCode" AS "Customer", T0."CardName" AS "Name", T3."SlpName" AS "Sales person",
       T1."ItemCode" AS "Item", T1."Dscription" AS "Description", T1."WhsCode" AS "Warehouse",
       TO_DECIMAL(ROUND(T1."Quantity", 2), 21, 2) AS "Ordered", TO_DECIMAL(ROUND(T1."DelivrdQty", 2), 21, 2) AS "Delivered",
       TO_DECIMAL(ROUND(T1."OpenQty", 2), 21, 2) AS "Open", TO_DECIMAL(ROUND(IFNULL(T2."OnHand", 0), 2), 21, 2) AS "In stock",
       CASE WHEN IFNULL(T2."OnHand", 0) >= T1."OpenQty" THEN 'yes' ELSE 'no' END AS "Enough in stock",
       TO_DECIMAL(ROUND(T1."OpenSum" * (100 - IFNULL(T0."DiscPrcnt", 0)) / 100, 2), 21, 2) AS "Net amount (TRY)"
FROM "{schema}"."ORDR" T0
INNER JOIN "{schema}"."RDR1" T1 ON T1."DocEntry" = T0."DocEntry"
LEFT JOIN "{schema}"."OITW" T2 ON T2."ItemCode" = T1."ItemCode" AND T2."WhsCode" = T1."WhsCode"
LEFT JOIN "{schema}"."OSLP" T3 ON T3."SlpCode" = T0."SlpCode"
WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T1."LineStatus" = 'O' AND T1."OpenQty" > 0
  AND DAYS_BETWEEN(T1."ShipDate", TO_DATE(:as_of)) >= :days
ORDER BY T1."ShipDate", T0."DocNum", T1."LineNum"

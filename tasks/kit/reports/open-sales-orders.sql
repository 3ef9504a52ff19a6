-- Orders that should have left by a day and have not, or not completely.
SELECT T0."DocNum" AS "Order", T0."DocDate" AS "Ordered", T0."DocDueDate" AS "Due",
       DAYS_BETWEEN(T0."DocDueDate", TO_DATE(:due_by)) AS "Days late",
       T0."CardCode" AS "Customer", T0."CardName" AS "Name", T3."SlpName" AS "Sales person",
       COUNT(*) AS "Open lines", STRING_AGG(T1."ItemCode", ', ' ORDER BY T1."LineNum") AS "Items",
       CASE WHEN SUM(T1."DelivrdQty") > 0 THEN 'Partly delivered' ELSE 'Not delivered' END AS "State",
       T0."DocCur" AS "Currency", TO_DECIMAL(ROUND(SUM(T1."OpenSum"), 2), 21, 2) AS "Open amount (TRY)"
FROM "{schema}"."ORDR" T0
INNER JOIN "{schema}"."RDR1" T1 ON T1."DocEntry" = T0."DocEntry"
LEFT JOIN "{schema}"."OSLP" T3 ON T3."SlpCode" = T0."SlpCode"
WHERE T0."DocStatus" = 'O' AND T0."CANCELED" = 'N' AND T1."LineStatus" = 'O'
  AND T0."DocDueDate" <= TO_DATE(:due_by) AND :currency IN ('all', T0."DocCur")
GROUP BY T0."DocNum", T0."DocDate", T0."DocDueDate", T0."CardCode", T0."CardName", T3."SlpName", T0."DocCur"
ORDER BY T0."DocDueDate", T0."DocNum"

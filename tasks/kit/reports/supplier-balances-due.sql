-- What we owe suppliers, by when it is due; one line for each currency of a supplier.
WITH open_invoices AS (
  SELECT T0."CardCode", T0."DocCur", T0."DocDueDate", T0."DocTotal" - T0."PaidToDate" AS "Open",
         CASE WHEN T0."DocCur" = T1."MainCurncy" THEN T0."DocTotal" - T0."PaidToDate"
              ELSE T0."DocTotalFC" - T0."PaidFC" END AS "Own",
         DAYS_BETWEEN(TO_DATE(:as_of), T0."DocDueDate") AS "Left"
  FROM "{schema}"."OPCH" T0
  CROSS JOIN "{schema}"."OADM" T1
  WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T0."DocDate" <= TO_DATE(:as_of)
)
SELECT T1."CardCode" AS "Supplier", T1."CardName" AS "Name", T2."PymntGroup" AS "Terms",
       COUNT(*) AS "Invoices", MIN(T0."DocDueDate") AS "Oldest due",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Left" < 0 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "Overdue",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Left" BETWEEN 0 AND :days THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "Due soon",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Left" > :days THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "Later",
       TO_DECIMAL(ROUND(SUM(T0."Open"), 2), 21, 2) AS "Total (TRY)",
       T0."DocCur" AS "Currency", TO_DECIMAL(ROUND(SUM(T0."Own"), 2), 21, 2) AS "Total in the currency"
FROM open_invoices T0
INNER JOIN "{schema}"."OCRD" T1 ON T1."CardCode" = T0."CardCode"
LEFT JOIN "{schema}"."OCTG" T2 ON T2."GroupNum" = T1."GroupNum"
GROUP BY T1."CardCode", T1."CardName", T2."PymntGroup", T0."DocCur"
HAVING SUM(T0."Open") > :minimum
ORDER BY "Overdue" DESC, "Total (TRY)" DESC, T1."CardCode"

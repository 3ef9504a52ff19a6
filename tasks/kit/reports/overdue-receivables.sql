-- What customers owe, aged by how long it has been due.
WITH open_invoices AS (
  SELECT T0."CardCode", T0."DocTotal" - T0."PaidToDate" AS "Open",
         DAYS_BETWEEN(T0."DocDueDate", TO_DATE(:as_of)) AS "Late"
  FROM "{schema}"."OINV" T0
  WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T0."DocDate" <= TO_DATE(:as_of)
)
SELECT T1."CardCode" AS "Customer", T1."CardName" AS "Name", T2."SlpName" AS "Sales person",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Late" <= 0 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "Not due",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Late" BETWEEN 1 AND 30 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "1–30 days",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Late" BETWEEN 31 AND 60 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "31–60 days",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Late" BETWEEN 61 AND 90 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "61–90 days",
       TO_DECIMAL(ROUND(SUM(CASE WHEN T0."Late" > 90 THEN T0."Open" ELSE 0 END), 2), 21, 2) AS "Over 90 days",
       TO_DECIMAL(ROUND(SUM(T0."Open"), 2), 21, 2) AS "Total"
FROM open_invoices T0
INNER JOIN "{schema}"."OCRD" T1 ON T1."CardCode" = T0."CardCode"
LEFT JOIN "{schema}"."OSLP" T2 ON T2."SlpCode" = T1."SlpCode"
GROUP BY T1."CardCode", T1."CardName", T2."SlpName"
HAVING SUM(CASE WHEN T0."Late" > 0 THEN T0."Open" ELSE 0 END) > :minimum
ORDER BY "Total" DESC, T1."CardCode"

-- Net sales of the month so far, beside the same days of last year's month.
WITH period AS (
  SELECT TO_DATE(:day) AS "To", ADD_DAYS(LAST_DAY(ADD_MONTHS(TO_DATE(:day), -1)), 1) AS "From",
         ADD_YEARS(TO_DATE(:day), -1) AS "ToBefore",
         ADD_DAYS(LAST_DAY(ADD_MONTHS(ADD_YEARS(TO_DATE(:day), -1), -1)), 1) AS "FromBefore"
  FROM DUMMY
), sold AS (
  SELECT "SlpCode", "U_sales_type", "DocDate", "DocTotal" - "VatSum" AS "Net" FROM "{schema}"."OINV" WHERE "CANCELED" = 'N'
  UNION ALL
  SELECT "SlpCode", "U_sales_type", "DocDate", "VatSum" - "DocTotal" FROM "{schema}"."ORIN" WHERE "CANCELED" = 'N'
), compared AS (
  SELECT T0."SlpCode", T0."U_sales_type",
         SUM(CASE WHEN T0."DocDate" BETWEEN P."From" AND P."To" THEN T0."Net" ELSE 0 END) AS "Now",
         SUM(CASE WHEN T0."DocDate" BETWEEN P."FromBefore" AND P."ToBefore" THEN T0."Net" ELSE 0 END) AS "Before"
  FROM sold T0 CROSS JOIN period P
  GROUP BY T0."SlpCode", T0."U_sales_type"
)
SELECT T1."SlpName" AS "Sales person", T0."U_sales_type" AS "Sales type",
       TO_DECIMAL(ROUND(T0."Now", 2), 21, 2) AS "This year (TRY)", TO_DECIMAL(ROUND(T0."Before", 2), 21, 2) AS "Last year (TRY)",
       TO_DECIMAL(ROUND(T0."Now" - T0."Before", 2), 21, 2) AS "Change (TRY)",
       CASE WHEN T0."Before" <> 0 THEN TO_DECIMAL(ROUND(100 * (T0."Now" - T0."Before") / T0."Before", 1), 15, 1) END AS "Change %"
FROM compared T0
LEFT JOIN "{schema}"."OSLP" T1 ON T1."SlpCode" = T0."SlpCode"
WHERE T0."Now" <> 0 OR T0."Before" <> 0
ORDER BY T1."SlpName", T0."U_sales_type"

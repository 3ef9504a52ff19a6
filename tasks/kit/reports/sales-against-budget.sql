-- Net sales by item group, this month and this year up to a day, against the budget in the user table @SALESBUDGET.
WITH period AS (
  SELECT TO_DATE(:day) AS "Day", ADD_DAYS(LAST_DAY(ADD_MONTHS(TO_DATE(:day), -1)), 1) AS "MonthFrom",
         ADD_DAYS(TO_DATE(:day), 1 - DAYOFYEAR(TO_DATE(:day))) AS "YearFrom"
  FROM DUMMY
), sold AS (
  SELECT T1."ItemCode", T0."DocDate", T1."LineTotal" * (100 - IFNULL(T0."DiscPrcnt", 0)) / 100 AS "Net"
  FROM "{schema}"."OINV" T0
  INNER JOIN "{schema}"."INV1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N'
  UNION ALL
  SELECT T1."ItemCode", T0."DocDate", -1 * T1."LineTotal" * (100 - IFNULL(T0."DiscPrcnt", 0)) / 100
  FROM "{schema}"."ORIN" T0
  INNER JOIN "{schema}"."RIN1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N'
), actual AS (
  SELECT T1."ItmsGrpCod", SUM(CASE WHEN T0."DocDate" >= P."MonthFrom" THEN T0."Net" ELSE 0 END) AS "Month", SUM(T0."Net") AS "Year"
  FROM sold T0
  INNER JOIN "{schema}"."OITM" T1 ON T1."ItemCode" = T0."ItemCode"
  CROSS JOIN period P
  WHERE T0."DocDate" BETWEEN P."YearFrom" AND P."Day"
  GROUP BY T1."ItmsGrpCod"
), planned AS (
  SELECT T0."U_ItmsGrpCod", SUM(CASE WHEN T0."U_Month" = P."MonthFrom" THEN T0."U_Amount" ELSE 0 END) AS "Month", SUM(T0."U_Amount") AS "Year"
  FROM "{schema}"."@SALESBUDGET" T0
  CROSS JOIN period P
  WHERE T0."U_Month" BETWEEN P."YearFrom" AND P."MonthFrom"
  GROUP BY T0."U_ItmsGrpCod"
)
SELECT T0."ItmsGrpNam" AS "Item group",
       TO_DECIMAL(ROUND(IFNULL(T1."Month", 0), 2), 21, 2) AS "Month so far", TO_DECIMAL(ROUND(IFNULL(T2."Month", 0), 2), 21, 2) AS "Budget of the month",
       CASE WHEN T2."Month" > 0 THEN TO_DECIMAL(ROUND(100 * IFNULL(T1."Month", 0) / T2."Month", 1), 15, 1) END AS "Month reached %",
       TO_DECIMAL(ROUND(IFNULL(T1."Year", 0), 2), 21, 2) AS "Year so far", TO_DECIMAL(ROUND(IFNULL(T2."Year", 0), 2), 21, 2) AS "Budget of the year so far",
       TO_DECIMAL(ROUND(IFNULL(T1."Year", 0) - IFNULL(T2."Year", 0), 2), 21, 2) AS "Above the budget",
       CASE WHEN T2."Year" > 0 THEN TO_DECIMAL(ROUND(100 * IFNULL(T1."Year", 0) / T2."Year", 1), 15, 1) END AS "Year reached %"
FROM "{schema}"."OITB" T0
LEFT JOIN actual T1 ON T1."ItmsGrpCod" = T0."ItmsGrpCod"
LEFT JOIN planned T2 ON T2."U_ItmsGrpCod" = T0."ItmsGrpCod"
WHERE IFNULL(T1."Year", 0) <> 0 OR IFNULL(T2."Year", 0) <> 0
ORDER BY T0."ItmsGrpNam"

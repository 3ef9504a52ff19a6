-- The customers with whom most is at stake, and how much of it is late.
WITH overdue AS (
  SELECT T0."CardCode", SUM(T0."DocTotal" - T0."PaidToDate") AS "Open",
         MAX(DAYS_BETWEEN(T0."DocDueDate", TO_DATE(:as_of))) AS "Late"
  FROM "{schema}"."OINV" T0
  WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T0."DocDueDate" < TO_DATE(:as_of)
  GROUP BY T0."CardCode"
), ranked AS (
  SELECT T0."CardCode", T0."CardName", T0."SlpCode", T0."Balance", T0."OrdersBal", T0."DNotesBal", T0."CreditLine",
         T0."Balance" + T0."OrdersBal" + T0."DNotesBal" AS "Risk",
         ROW_NUMBER() OVER (ORDER BY T0."Balance" + T0."OrdersBal" + T0."DNotesBal" DESC, T0."CardCode") AS "Place"
  FROM "{schema}"."OCRD" T0
  WHERE T0."CardType" = 'C'
)
SELECT T0."Place" AS "No", T0."CardCode" AS "Customer", T0."CardName" AS "Name", T2."SlpName" AS "Sales person",
       TO_DECIMAL(ROUND(T0."Balance", 2), 21, 2) AS "Balance", TO_DECIMAL(ROUND(IFNULL(T1."Open", 0), 2), 21, 2) AS "Overdue",
       T1."Late" AS "Days late", TO_DECIMAL(ROUND(T0."OrdersBal", 2), 21, 2) AS "Open orders",
       TO_DECIMAL(ROUND(T0."DNotesBal", 2), 21, 2) AS "Open deliveries", TO_DECIMAL(ROUND(T0."Risk", 2), 21, 2) AS "Total risk",
       TO_DECIMAL(ROUND(T0."CreditLine", 2), 21, 2) AS "Credit limit",
       CASE WHEN T0."CreditLine" > 0 THEN TO_DECIMAL(ROUND(100 * T0."Risk" / T0."CreditLine", 1), 15, 1) END AS "Limit used %"
FROM ranked T0
LEFT JOIN overdue T1 ON T1."CardCode" = T0."CardCode"
LEFT JOIN "{schema}"."OSLP" T2 ON T2."SlpCode" = T0."SlpCode"
WHERE T0."Place" <= :top AND T0."Risk" > 0
ORDER BY T0."Place"

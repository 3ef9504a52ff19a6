-- All that is at stake with a customer: what is owed, ordered and delivered but not invoiced.
SELECT T0."CardCode" AS "Customer", T0."CardName" AS "Name", T0."City" AS "City", T1."SlpName" AS "Sales person",
       TO_DECIMAL(ROUND(T0."Balance", 2), 21, 2) AS "Balance", TO_DECIMAL(ROUND(T0."OrdersBal", 2), 21, 2) AS "Open orders",
       TO_DECIMAL(ROUND(T0."DNotesBal", 2), 21, 2) AS "Open deliveries",
       TO_DECIMAL(ROUND(T0."Balance" + T0."OrdersBal" + T0."DNotesBal", 2), 21, 2) AS "Total risk",
       TO_DECIMAL(ROUND(T0."CreditLine", 2), 21, 2) AS "Credit limit",
       TO_DECIMAL(ROUND(T0."Balance" + T0."OrdersBal" + T0."DNotesBal" - T0."CreditLine", 2), 21, 2) AS "Above the limit"
FROM "{schema}"."OCRD" T0
LEFT JOIN "{schema}"."OSLP" T1 ON T1."SlpCode" = T0."SlpCode"
WHERE T0."CardType" = 'C' AND T0."Balance" + T0."OrdersBal" + T0."DNotesBal" > 0
  AND (:show = 'all' OR T0."Balance" + T0."OrdersBal" + T0."DNotesBal" > T0."CreditLine")
ORDER BY "Total risk" DESC, T0."CardCode"

-- What is bought: its stock, the price of its last receipt, and what is still to come.
WITH received AS (
  SELECT T1."ItemCode", T0."DocDate", T0."CardName", T1."Price", T1."Currency",
         CASE WHEN T1."Rate" > 0 THEN T1."Price" * T1."Rate" ELSE T1."Price" END AS "Local",
         ROW_NUMBER() OVER (PARTITION BY T1."ItemCode" ORDER BY T0."DocDate" DESC, T0."DocEntry" DESC, T1."LineNum" DESC) AS "Nth"
  FROM "{schema}"."OPDN" T0
  INNER JOIN "{schema}"."PDN1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N'
), ordered AS (
  SELECT T1."ItemCode", SUM(T1."OpenQty") AS "Open", COUNT(DISTINCT T0."DocEntry") AS "Orders", MIN(T1."ShipDate") AS "Next"
  FROM "{schema}"."OPOR" T0
  INNER JOIN "{schema}"."POR1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N' AND T0."DocStatus" = 'O' AND T1."LineStatus" = 'O' AND :warehouse IN ('all', T1."WhsCode")
  GROUP BY T1."ItemCode"
), held AS (
  SELECT T0."ItemCode", SUM(T0."OnHand") AS "Held", SUM(T0."MinStock") AS "Least"
  FROM "{schema}"."OITW" T0
  WHERE :warehouse IN ('all', T0."WhsCode")
  GROUP BY T0."ItemCode"
)
SELECT T0."ItemCode" AS "Item", T0."ItemName" AS "Name", T1."ItmsGrpNam" AS "Group", T0."InvntryUom" AS "Unit",
       TO_DECIMAL(ROUND(T2."Held", 2), 21, 2) AS "In stock", TO_DECIMAL(ROUND(T2."Least", 2), 21, 2) AS "Minimum",
       TO_DECIMAL(ROUND(IFNULL(T4."Open", 0), 2), 21, 2) AS "To come", IFNULL(T4."Orders", 0) AS "Open orders", T4."Next" AS "Next due",
       TO_DECIMAL(ROUND(T3."Price", 4), 21, 4) AS "Last price", T3."Currency" AS "Currency",
       T3."DocDate" AS "Last bought", T3."CardName" AS "Supplier",
       TO_DECIMAL(ROUND(T2."Held" * T3."Local", 2), 21, 2) AS "Value (TRY)"
FROM "{schema}"."OITM" T0
INNER JOIN "{schema}"."OITB" T1 ON T1."ItmsGrpCod" = T0."ItmsGrpCod"
INNER JOIN held T2 ON T2."ItemCode" = T0."ItemCode"
LEFT JOIN received T3 ON T3."ItemCode" = T0."ItemCode" AND T3."Nth" = 1
LEFT JOIN ordered T4 ON T4."ItemCode" = T0."ItemCode"
WHERE T0."PrchseItem" = 'Y' AND T0."InvntItem" = 'Y'
  AND (:show = 'all' OR :show = 'with open orders' AND T4."Orders" > 0 OR :show = 'below minimum' AND T2."Held" < T2."Least")
ORDER BY T1."ItmsGrpNam", T0."ItemCode"

-- What the material of a product costs, through four levels of bills of material, against its price in list 1.
WITH parts AS (
  SELECT T1."Father", T1."Code", TO_DECIMAL(ROUND(T1."Quantity" / T0."Qauntity", 8), 21, 8) AS "Needed"
  FROM "{schema}"."OITT" T0
  INNER JOIN "{schema}"."ITT1" T1 ON T1."Father" = T0."Code"
  WHERE T0."TreeType" = 'P' AND T1."Type" = 4 AND T0."Qauntity" > 0
), second_level AS (
  SELECT T0."Father", T1."Code", TO_DECIMAL(ROUND(T0."Needed" * T1."Needed", 8), 21, 8) AS "Needed" FROM parts T0 INNER JOIN parts T1 ON T1."Father" = T0."Code"
), third_level AS (
  SELECT T0."Father", T1."Code", TO_DECIMAL(ROUND(T0."Needed" * T1."Needed", 8), 21, 8) AS "Needed" FROM second_level T0 INNER JOIN parts T1 ON T1."Father" = T0."Code"
), fourth_level AS (
  SELECT T0."Father", T1."Code", TO_DECIMAL(ROUND(T0."Needed" * T1."Needed", 8), 21, 8) AS "Needed" FROM third_level T0 INNER JOIN parts T1 ON T1."Father" = T0."Code"
), all_levels AS (
  SELECT T0."Father", T0."Code", T0."Needed" FROM parts T0
  UNION ALL SELECT T0."Father", T0."Code", T0."Needed" FROM second_level T0
  UNION ALL SELECT T0."Father", T0."Code", T0."Needed" FROM third_level T0
  UNION ALL SELECT T0."Father", T0."Code", T0."Needed" FROM fourth_level T0
), received AS (
  SELECT T1."ItemCode", CASE WHEN T1."Rate" > 0 THEN T1."Price" * T1."Rate" ELSE T1."Price" END AS "Local",
         ROW_NUMBER() OVER (PARTITION BY T1."ItemCode" ORDER BY T0."DocDate" DESC, T0."DocEntry" DESC, T1."LineNum" DESC) AS "Nth"
  FROM "{schema}"."OPDN" T0
  INNER JOIN "{schema}"."PDN1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N'
), priced AS (
  SELECT T0."ItemCode",
         CASE WHEN :price_by = 'last purchase' THEN IFNULL(T2."Local", T1."AvgPrice") ELSE T1."AvgPrice" END AS "Price"
  FROM "{schema}"."OITM" T0
  LEFT JOIN "{schema}"."OITW" T1 ON T1."ItemCode" = T0."ItemCode" AND T1."WhsCode" = T0."DfltWH"
  LEFT JOIN received T2 ON T2."ItemCode" = T0."ItemCode" AND T2."Nth" = 1
), costed AS (
  SELECT T0."Father", COUNT(DISTINCT T0."Code") AS "Parts", SUM(T0."Needed" * IFNULL(T1."Price", 0)) AS "Cost",
         SUM(CASE WHEN IFNULL(T1."Price", 0) = 0 THEN 1 ELSE 0 END) AS "Unpriced"
  FROM all_levels T0
  LEFT JOIN priced T1 ON T1."ItemCode" = T0."Code"
  WHERE NOT EXISTS (SELECT 1 FROM parts T2 WHERE T2."Father" = T0."Code")
  GROUP BY T0."Father"
)
SELECT T0."Father" AS "Product", T1."ItemName" AS "Name", T2."ItmsGrpNam" AS "Group", T0."Parts" AS "Materials",
       T0."Unpriced" AS "Without a price", TO_DECIMAL(ROUND(T0."Cost", 2), 21, 2) AS "Material cost (TRY)",
       TO_DECIMAL(ROUND(T3."Price", 2), 21, 2) AS "List price", T3."Currency" AS "Currency",
       CASE WHEN T3."Price" > 0 AND T3."Currency" = T4."MainCurncy"
            THEN TO_DECIMAL(ROUND(100 * T0."Cost" / T3."Price", 1), 15, 1) END AS "Material in the price %"
FROM costed T0
INNER JOIN "{schema}"."OITM" T1 ON T1."ItemCode" = T0."Father"
INNER JOIN "{schema}"."OITB" T2 ON T2."ItmsGrpCod" = T1."ItmsGrpCod"
LEFT JOIN "{schema}"."ITM1" T3 ON T3."ItemCode" = T0."Father" AND T3."PriceList" = 1
CROSS JOIN "{schema}"."OADM" T4
WHERE T0."Father" LIKE :product
ORDER BY "Material in the price %" DESC, T0."Father"

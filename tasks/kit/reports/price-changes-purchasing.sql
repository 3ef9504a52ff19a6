-- Goods receipts whose price is not the one of the receipt before, of the same item, unit and currency.
WITH bought AS (
  SELECT T1."ItemCode", T0."DocEntry", T0."DocNum", T0."DocDate", T0."CardName", T1."LineNum", T1."Quantity", T1."UomCode",
         T1."Currency", T1."Price", CASE WHEN T1."Rate" > 0 THEN T1."Rate" ELSE 1 END AS "Rate",
         LAG(T1."Price") OVER (PARTITION BY T1."ItemCode", T1."UomCode", T1."Currency"
                               ORDER BY T0."DocDate", T0."DocEntry", T1."LineNum") AS "PriceBefore",
         LAG(T0."DocDate") OVER (PARTITION BY T1."ItemCode", T1."UomCode", T1."Currency"
                                 ORDER BY T0."DocDate", T0."DocEntry", T1."LineNum") AS "DateBefore",
         LAG(T0."CardName") OVER (PARTITION BY T1."ItemCode", T1."UomCode", T1."Currency"
                                  ORDER BY T0."DocDate", T0."DocEntry", T1."LineNum") AS "SupplierBefore"
  FROM "{schema}"."OPDN" T0
  INNER JOIN "{schema}"."PDN1" T1 ON T1."DocEntry" = T0."DocEntry"
  WHERE T0."CANCELED" = 'N' AND T1."Price" > 0
)
SELECT T0."ItemCode" AS "Item", T1."ItemName" AS "Name", T0."DocNum" AS "Receipt", T0."DocDate" AS "Received",
       T0."CardName" AS "Supplier", T0."Currency" AS "Currency", TO_DECIMAL(ROUND(T0."Price", 4), 21, 4) AS "Price now",
       TO_DECIMAL(ROUND(T0."PriceBefore", 4), 21, 4) AS "Price before", T0."DateBefore" AS "Bought before",
       T0."SupplierBefore" AS "Supplier before",
       TO_DECIMAL(ROUND(100 * (T0."Price" - T0."PriceBefore") / T0."PriceBefore", 1), 15, 1) AS "Change %",
       TO_DECIMAL(ROUND(T0."Quantity", 2), 21, 2) AS "Bought", T0."UomCode" AS "Unit",
       TO_DECIMAL(ROUND((T0."Price" - T0."PriceBefore") * T0."Quantity" * T0."Rate", 2), 21, 2) AS "Effect (TRY)"
FROM bought T0
INNER JOIN "{schema}"."OITM" T1 ON T1."ItemCode" = T0."ItemCode"
WHERE T0."DocDate" BETWEEN TO_DATE(:from_day) AND TO_DATE(:to_day) AND T0."PriceBefore" <> T0."Price"
  AND 100 * ABS(T0."Price" - T0."PriceBefore") / T0."PriceBefore" >= :percent
ORDER BY "Effect (TRY)" DESC, T0."ItemCode", T0."DocNum", T0."LineNum"

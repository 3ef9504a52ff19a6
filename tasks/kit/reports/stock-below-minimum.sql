-- What will be short in a warehouse once the open orders are served.
SELECT T0."ItemCode" AS "Item", T1."ItemName" AS "Name", T2."ItmsGrpNam" AS "Group", T3."WhsName" AS "Warehouse",
       TO_DECIMAL(ROUND(T0."OnHand", 2), 21, 2) AS "In stock", TO_DECIMAL(ROUND(T0."IsCommited", 2), 21, 2) AS "Committed",
       TO_DECIMAL(ROUND(T0."OnOrder", 2), 21, 2) AS "On order", TO_DECIMAL(ROUND(T0."MinStock", 2), 21, 2) AS "Minimum",
       TO_DECIMAL(ROUND(T0."MinStock" - T0."OnHand" + T0."IsCommited" - T0."OnOrder", 2), 21, 2) AS "Missing",
       T1."InvntryUom" AS "Unit",
       TO_DECIMAL(ROUND((T0."MinStock" - T0."OnHand" + T0."IsCommited" - T0."OnOrder") * T0."AvgPrice", 2), 21, 2) AS "Value (TRY)"
FROM "{schema}"."OITW" T0
INNER JOIN "{schema}"."OITM" T1 ON T1."ItemCode" = T0."ItemCode"
INNER JOIN "{schema}"."OITB" T2 ON T2."ItmsGrpCod" = T1."ItmsGrpCod"
INNER JOIN "{schema}"."OWHS" T3 ON T3."WhsCode" = T0."WhsCode"
WHERE T0."MinStock" > 0 AND T0."OnHand" - T0."IsCommited" + T0."OnOrder" < T0."MinStock"
  AND :warehouse IN ('all', T0."WhsCode")
ORDER BY "Missing" DESC, T0."ItemCode", T0."WhsCode"

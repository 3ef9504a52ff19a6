-- Open amounts of customers and suppliers by the week in which they are due, and what is left in the bank after each.
WITH open_lines AS (
  SELECT T1."CardType", T0."BalDueDeb" - T0."BalDueCred" AS "Open",
         CASE WHEN T0."DueDate" < TO_DATE(:as_of) THEN -1
              WHEN DAYS_BETWEEN(ADD_DAYS(TO_DATE(:as_of), -WEEKDAY(TO_DATE(:as_of))), T0."DueDate") >= 7 * :weeks THEN :weeks
              ELSE TO_INTEGER(FLOOR(DAYS_BETWEEN(ADD_DAYS(TO_DATE(:as_of), -WEEKDAY(TO_DATE(:as_of))), T0."DueDate") / 7))
         END AS "Week"
  FROM "{schema}"."JDT1" T0
  INNER JOIN "{schema}"."OCRD" T1 ON T1."CardCode" = T0."ShortName"
  WHERE T1."CardType" IN ('C', 'S') AND (T0."BalDueDeb" <> 0 OR T0."BalDueCred" <> 0)
    AND T0."RefDate" <= TO_DATE(:as_of)
), by_week AS (
  SELECT T0."Week", SUM(CASE WHEN T0."CardType" = 'C' THEN T0."Open" ELSE 0 END) AS "In",
         SUM(CASE WHEN T0."CardType" = 'S' THEN -1 * T0."Open" ELSE 0 END) AS "Out"
  FROM open_lines T0
  GROUP BY T0."Week"
), bank AS (
  SELECT IFNULL(SUM(T0."CurrTotal"), 0) AS "Held"
  FROM "{schema}"."OACT" T0
  WHERE T0."Postable" = 'Y' AND T0."AcctCode" LIKE :accounts
)
SELECT CASE WHEN T0."Week" < 0 THEN 'Overdue' WHEN T0."Week" >= :weeks THEN 'Later' ELSE 'Due' END AS "State",
       CASE WHEN T0."Week" >= 0 THEN ADD_DAYS(ADD_DAYS(TO_DATE(:as_of), -WEEKDAY(TO_DATE(:as_of))), 7 * T0."Week") END AS "Week from",
       TO_DECIMAL(ROUND(T0."In", 2), 21, 2) AS "Customers pay", TO_DECIMAL(ROUND(T0."Out", 2), 21, 2) AS "We pay",
       TO_DECIMAL(ROUND(T0."In" - T0."Out", 2), 21, 2) AS "Difference",
       TO_DECIMAL(ROUND(T1."Held" + SUM(T0."In" - T0."Out") OVER (ORDER BY T0."Week"), 2), 21, 2) AS "Left in the bank"
FROM by_week T0
CROSS JOIN bank T1
ORDER BY T0."Week"

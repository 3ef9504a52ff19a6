--# open orders with their sales person
SELECT T0."DocNum", T0."DocDate", T0."CardName", T1."SlpName"
FROM "{schema}"."ORDR" T0
INNER JOIN "{schema}"."OSLP" T1 ON T0."SlpCode" = T1."SlpCode"
WHERE T0."DocStatus" = 'O' AND T0."CANCELED" = 'N'
ORDER BY T0."DocDueDate";

--# a list in the style of the query manager, with its parameters
SELECT T0."DocNum", T0."CardCode", T0."DocTotal" FROM OINV T0
WHERE T0."DocDate" >= [%0] AND T0."DocDate" <= [%1] AND T0."CardCode" LIKE '%[%2]%'

--# a field of a form, as a formatted search reads it
SELECT T0."Price" FROM ITM1 T0 WHERE T0."ItemCode" = $[$38.1.0] AND T0."PriceList" = $[OCRD.ListNum]

--# the comment that the query manager needs for its dialog
/* SELECT FROM OINV T9 WHERE T9."DocDate" = [%0] */
SELECT COUNT(*) AS "Adet" FROM OINV T0 WHERE T0."DocDate" = '[%0]'

--# named parameters
SELECT "CardCode", "CardName", "Balance" FROM "{schema}"."OCRD"
WHERE "CardType" = 'C' AND "Balance" > :least AND (:group = 0 OR "GroupCode" = :group)

--# question marks
SELECT "ItemCode", "OnHand" FROM "SBODEMOTR"."OITW" WHERE "WhsCode" = ? AND "OnHand" > ?

--# a bare schema with the mark for it
SELECT "ItemCode" FROM {schema}.OITM WHERE "InvntItem" = 'Y'

--# receivables by age
SELECT T0."CardCode", SUM(T0."DocTotal" - T0."PaidToDate") AS "Toplam",
  SUM(CASE WHEN DAYS_BETWEEN(T0."DocDueDate", CURRENT_DATE) BETWEEN 1 AND 30 THEN T0."DocTotal" - T0."PaidToDate" ELSE 0 END) AS "1-30",
  SUM(CASE WHEN DAYS_BETWEEN(T0."DocDueDate", CURRENT_DATE) > 30 THEN T0."DocTotal" - T0."PaidToDate" ELSE 0 END) AS "30+"
FROM OINV T0 WHERE T0."DocStatus" = 'O' GROUP BY T0."CardCode" HAVING SUM(T0."DocTotal" - T0."PaidToDate") <> 0

--# invoices less credit notes
SELECT "SlpCode", SUM("Net") AS "Net Satış" FROM (
  SELECT "SlpCode", "DocTotal" - "VatSum" AS "Net" FROM OINV WHERE "CANCELED" = 'N'
  UNION ALL
  SELECT "SlpCode", ("DocTotal" - "VatSum") * -1 FROM ORIN WHERE "CANCELED" = 'N'
) S GROUP BY "SlpCode" ORDER BY 2 DESC

--# several WITHs that build on each other
WITH sold AS (SELECT "ItemCode", SUM("Quantity") AS "Qty" FROM INV1 GROUP BY "ItemCode"),
ranked AS (SELECT "ItemCode", "Qty", ROW_NUMBER() OVER (ORDER BY "Qty" DESC) AS rn FROM sold)
SELECT R."ItemCode", T."ItemName", R."Qty" FROM ranked R JOIN OITM T ON T."ItemCode" = R."ItemCode" WHERE R.rn <= 20

--# a WITH that names its columns
WITH months ("Ay", "Tutar") AS (SELECT MONTH("DocDate"), SUM("DocTotal") FROM ORDR GROUP BY MONTH("DocDate"))
SELECT "Ay", "Tutar" FROM months ORDER BY "Ay"

--# a running balance of the journal
SELECT T1."Account", T0."RefDate", T1."Debit", T1."Credit",
  SUM(T1."Debit" - T1."Credit") OVER (PARTITION BY T1."Account" ORDER BY T0."RefDate", T1."Line_ID" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "Bakiye"
FROM OJDT T0 INNER JOIN JDT1 T1 ON T0."TransId" = T1."TransId"

--# the price of last time beside this one
SELECT T1."ItemCode", T0."DocDate", T1."Price", LAG(T1."Price", 1) OVER (PARTITION BY T1."ItemCode" ORDER BY T0."DocDate", T0."DocEntry") AS "Önceki"
FROM OPOR T0 JOIN POR1 T1 ON T0."DocEntry" = T1."DocEntry"

--# first and last of a group without OVER
SELECT T1."ItemCode", FIRST_VALUE(T1."Price" ORDER BY T1."DocEntry" DESC) AS "Son", NTH_VALUE(T1."Price", 2 ORDER BY T1."DocEntry" DESC) AS "Sondan 2."
FROM PCH1 T1 GROUP BY T1."ItemCode"

--# names joined into one text
SELECT T0."DocEntry", STRING_AGG(T1."ItemCode", ', ' ORDER BY T1."LineNum") AS "Kalemler"
FROM ODLN T0 JOIN DLN1 T1 ON T1."DocEntry" = T0."DocEntry" GROUP BY T0."DocEntry"

--# percentiles and the middle
SELECT "ItmsGrpCod", MEDIAN("OnHand"), PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY "OnHand"), STDDEV("OnHand")
FROM OITM GROUP BY "ItmsGrpCod"

--# subtotals by grouping sets
SELECT "Country", "City", SUM("Balance") FROM OCRD GROUP BY GROUPING SETS (("Country", "City"), ("Country"), ())

--# subtotals by rollup with their mark
SELECT "GroupCode", "SlpCode", GROUPING("SlpCode") AS "Ara", SUM("Balance") FROM OCRD GROUP BY ROLLUP ("GroupCode", "SlpCode")

--# every combination
SELECT "WhsCode", "ItemCode", SUM("OnHand") FROM OITW GROUP BY CUBE ("WhsCode", "ItemCode")

--# the first ten
SELECT TOP 10 "CardCode", "Balance" FROM OCRD WHERE "CardType" = 'S' ORDER BY "Balance" DESC

--# the first ten, each once
SELECT DISTINCT TOP 10 "City" FROM OCRD

--# a page of a list
SELECT "ItemCode", "ItemName" FROM OITM ORDER BY "ItemCode" LIMIT 50 OFFSET 100

--# a top that is a parameter
SELECT TOP :most "DocNum" FROM ORDR ORDER BY "DocDate" DESC

--# values without a table
SELECT CURRENT_DATE AS "Bugün", ADD_DAYS(CURRENT_DATE, -7) AS "Geçen hafta", NOW() FROM DUMMY

--# the first and the last day of last month
SELECT ADD_DAYS(LAST_DAY(ADD_MONTHS(CURRENT_DATE, -2)), 1), LAST_DAY(ADD_MONTHS(CURRENT_DATE, -1)) FROM "SYS"."DUMMY"

--# dates as text
SELECT TO_VARCHAR(T0."DocDate", 'DD.MM.YYYY'), TO_CHAR(T0."TaxDate", 'YYYY-MM'), TO_NVARCHAR(T0."DocNum") FROM OINV T0

--# text as dates
SELECT "DocNum" FROM ORDR WHERE "DocDate" BETWEEN TO_DATE('20260101', 'YYYYMMDD') AND TO_DATE(:until) AND "CreateDate" > '2025-12-31'

--# parts of a date
SELECT YEAR("DocDate"), QUARTER("DocDate"), MONTHNAME("DocDate"), WEEK("DocDate"), DAYNAME("DocDate"), DAYOFMONTH("DocDate"), EXTRACT(YEAR FROM "DocDueDate") FROM OQUT

--# times between two moments
SELECT SECONDS_BETWEEN("CreateDate", CURRENT_TIMESTAMP) / 3600, MONTHS_BETWEEN("DocDate", "DocDueDate"), YEARS_BETWEEN("DocDate", CURRENT_DATE) FROM OPQT

--# missing values
SELECT IFNULL("Phone1", '-'), COALESCE("E_Mail", "Phone1", ''), NULLIF("City", '') FROM OCRD WHERE "IBAN" IS NOT NULL

--# words for codes
SELECT MAP("CardType", 'C', 'Müşteri', 'S', 'Satıcı', 'Aday') AS "Tür", CASE "validFor" WHEN 'Y' THEN 'Etkin' ELSE 'Pasif' END FROM OCRD

--# pieces of a text
SELECT LEFT("ItemCode", 3), RIGHT("ItemCode", 4), SUBSTRING("ItemCode", 2, 5), SUBSTR_BEFORE("ItemCode", '.'), LOCATE("ItemName", 'MASA'), LPAD("ItemCode", 12, '0'), LENGTH("ItemName") FROM OITM

--# texts put together
SELECT T0."CardCode" || ' - ' || UPPER(T0."CardName") || ' (' || T0."City" || ')' AS "Müşteri" FROM OCRD T0

--# spaces and zeros at the ends
SELECT TRIM(LEADING '0' FROM "CardCode"), TRIM(BOTH ' ' FROM "CardName"), RTRIM("City"), LTRIM("City"), REPLACE("Phone1", ' ', '') FROM OCRD

--# patterns
SELECT "CardCode" FROM OCRD WHERE "E_Mail" LIKE_REGEXPR '^[a-z.]+@' FLAG 'i' AND "Phone1" NOT LIKE_REGEXPR '[^0-9 ]'

--# functions of patterns
SELECT SUBSTRING_REGEXPR('[0-9]+' IN "Phone1" FROM 1 OCCURRENCE 1), REPLACE_REGEXPR('\s+' FLAG 'i' IN "CardName" WITH ' ' OCCURRENCE ALL),
  OCCURRENCES_REGEXPR(',' IN "CardName"), LOCATE_REGEXPR(START 'A' IN "CardName"), SUBSTR_REGEXPR('(.+)-(.+)' IN "CardCode" GROUP 2) FROM OCRD

--# likeness with an escape
SELECT "ItemCode" FROM OITM WHERE "ItemName" LIKE '%50!%%' ESCAPE '!' AND "ItemName" NOT LIKE 'X%'

--# a fuzzy search with its score
SELECT "CardCode", SCORE() AS "Benzerlik" FROM OCRD WHERE CONTAINS("CardName", :name, FUZZY(0.8, 'similarCalculationMode=compare')) ORDER BY SCORE() DESC

--# a search over several columns
SELECT "ItemCode" FROM OITM WHERE CONTAINS(("ItemName", "ItemCode"), 'masa', EXACT) OR CONTAINS("ItemName", 'ahşap', LINGUISTIC)

--# numbers of a fixed scale
SELECT TO_DECIMAL("DocTotal", 21, 2), ROUND("DocTotal" / NULLIF("DocRate", 0), 2), FLOOR("VatSum"), CAST("DocNum" AS NVARCHAR(20)), TO_INTEGER("DocTime"), MOD("DocNum", 10) FROM OINV

--# rounding of a chosen kind
SELECT ROUND("Price", 2, ROUND_HALF_UP), GREATEST("Price", 0), LEAST("Price", 100) FROM ITM1

--# types of HANA's own
SELECT CAST("Comments" AS NCLOB), CAST("DocDate" AS SECONDDATE), CAST("DocTotal" AS SMALLDECIMAL), CAST("DocNum" AS ALPHANUM(10)) FROM ORDR

--# literals with their kind
SELECT "DocNum" FROM ORDR WHERE "DocDate" >= DATE '2026-01-01' AND "CardName" <> N'Örnek' AND "UpdateDate" < TIMESTAMP '2026-02-01 00:00:00'

--# one value out of a query for each row
SELECT T0."ItemCode", (SELECT MAX(T2."DocDate") FROM PDN1 T1 JOIN OPDN T2 ON T2."DocEntry" = T1."DocEntry" WHERE T1."ItemCode" = T0."ItemCode") AS "Son alış" FROM OITM T0

--# rows without a partner
SELECT T0."DocNum" FROM ODLN T0 WHERE NOT EXISTS (SELECT 1 FROM INV1 T1 WHERE T1."BaseType" = 15 AND T1."BaseEntry" = T0."DocEntry")

--# pairs in a list
SELECT "ItemCode", "WhsCode" FROM OITW WHERE ("ItemCode", "WhsCode") IN (SELECT "ItemCode", "WhsCode" FROM RDR1 WHERE "LineStatus" = 'O')

--# more than all of the others
SELECT "CardCode" FROM OCRD WHERE "Balance" > ALL (SELECT "CreditLine" FROM OCRD WHERE "CardType" = 'C') OR "GroupCode" = ANY (SELECT "GroupCode" FROM OCRG)

--# what one list has and another has not
SELECT "ItemCode" FROM OITM MINUS SELECT "ItemCode" FROM INV1 INTERSECT SELECT "ItemCode" FROM OITW EXCEPT SELECT "Code" FROM OITT

--# old joins with commas
SELECT T0."DocNum", T1."Dscription" FROM OPOR T0, POR1 T1 WHERE T0."DocEntry" = T1."DocEntry"

--# every kind of join
SELECT A."CardCode" FROM OCRD A LEFT OUTER JOIN OCPR B ON A."CardCode" = B."CardCode" RIGHT JOIN OCRG C ON A."GroupCode" = C."GroupCode" FULL OUTER JOIN OCTG D ON A."GroupNum" = D."GroupNum" CROSS JOIN OADM E

--# joins with a promise about the rows
SELECT T0."DocNum", T1."CardName" FROM ORDR T0 LEFT OUTER MANY TO ONE JOIN OCRD T1 ON T0."CardCode" = T1."CardCode" INNER MANY TO EXACT ONE JOIN OSLP T2 ON T2."SlpCode" = T0."SlpCode"

--# a join of joins in parentheses
SELECT T0."DocNum" FROM (ORDR T0 INNER JOIN RDR1 T1 ON T0."DocEntry" = T1."DocEntry") LEFT JOIN OITM T2 ON T1."ItemCode" = T2."ItemCode"

--# a query beside each row
SELECT T0."ItemCode", L."DocDate" FROM OITM T0, LATERAL (SELECT TOP 1 T2."DocDate" FROM OPCH T2 JOIN PCH1 T1 ON T1."DocEntry" = T2."DocEntry" WHERE T1."ItemCode" = T0."ItemCode" ORDER BY T2."DocDate" DESC) L

--# all days of a year, with the orders on them
SELECT D.GENERATED_PERIOD_START AS "Gün", COUNT(T0."DocEntry") AS "Sipariş"
FROM SERIES_GENERATE_DATE('INTERVAL 1 DAY', '2026-01-01', '2027-01-01') D
LEFT JOIN ORDR T0 ON T0."DocDate" = D.GENERATED_PERIOD_START GROUP BY D.GENERATED_PERIOD_START

--# a bill of materials as a tree
SELECT node_id, parent_id, hierarchy_level FROM HIERARCHY (
  SOURCE (SELECT "Code" AS node_id, "Father" AS parent_id FROM ITT1)
  START WHERE parent_id = 'M-1000' SIBLING ORDER BY node_id ORPHAN ROOT CYCLE BREAKUP)

--# what stands below a node
WITH tree AS (SELECT * FROM HIERARCHY (SOURCE (SELECT "Code" AS node_id, "Father" AS parent_id FROM ITT1)))
SELECT * FROM HIERARCHY_DESCENDANTS (SOURCE tree START WHERE node_id = 'M-1000' DISTANCE FROM 1 TO 3)

--# a calculation view with placeholders
SELECT "CardCode", SUM("Amount") AS "Tutar"
FROM "_SYS_BIC"."sap.sbodemotr.ar.case/CashFlowQuery"(PLACEHOLDER."$$P_Date$$" => '2026-01-31', PLACEHOLDER."$$P_Group$$" => :group) T0
GROUP BY "CardCode"

--# a calculation view in the older way, by month
SELECT "ItemCode", SUM("Qty") FROM "_SYS_BIC"."sap.sbodemotr.stock/Trend" ('PLACEHOLDER' = ('$$P_FROM$$', '202601'), 'PLACEHOLDER' = ('$$P_TO$$', '202612')) GROUP BY "ItemCode"

--# a calculation view with a computed placeholder
SELECT "A" FROM "_SYS_BIC"."mm/STOCK"(placeholder."$$m$$" => TO_NVARCHAR(ADD_MONTHS(CURRENT_DATE, -1), 'YYYYMM'))

--# hints
SELECT "DocNum" FROM OINV WHERE "DocDate" = CURRENT_DATE WITH HINT (NO_USE_HEX_PLAN, USE_OLAP_PLAN)

--# an answer as JSON
SELECT "CardCode", "CardName" FROM OCRD FOR JSON ('arraywrap'='no', 'omitnull'='yes') RETURNS NVARCHAR(5000)

--# values out of JSON
SELECT JSON_VALUE("Comments", '$.order.id' RETURNING NVARCHAR(20) NULL ON ERROR), JSON_QUERY("Comments", '$.lines' WITH WRAPPER) FROM ORDR

--# JSON as a table
SELECT J.code, J.qty FROM ORDR T0, JSON_TABLE(T0."Comments", '$.lines[*]' COLUMNS (code NVARCHAR(20) PATH '$.c', qty DECIMAL(10, 2) PATH '$.q')) AS J

--# comments of both kinds, and what looks like statements in texts
-- DELETE FROM OCRD would be refused; here it is a remark
SELECT "CardCode", 'DROP TABLE OCRD; --' AS "Metin" /* UPDATE: later */ FROM OCRD -- the end

--# a comment before the first word, and semicolons after the last
/* Ay sonu */ (SELECT "DocNum" FROM OINV) UNION ALL (SELECT "DocNum" FROM ORIN) ORDER BY 1;;

--# a user table and user fields
SELECT T0."Code", T0."U_Hedef", T1."U_sales_type" FROM "@BUTCE" T0 JOIN OINV T1 ON T1."U_Satissipno" = T0."Code"

--# names that are words of SQL, in quotes
SELECT T0."status" AS "Order", T0."Action" AS "Select", T0."Notes" AS "From" FROM OCLG T0

--# Turkish names without quotes
SELECT COUNT(*) AS Adet, SUM("DocTotal") AS Çıktı FROM ORDR

--# approvals that wait
SELECT T0."DocEntry", T1."StepCode", T1."UpdateTime" FROM OWDD T0 JOIN WDD1 T1 ON T0."WddCode" = T1."WddCode" WHERE T0."Status" = 'W' AND T0."ObjType" IN ('17', '22')

--# rates of the day, and the one before where there is none
SELECT T0."DocNum", (SELECT R."Rate" FROM ORTT R WHERE R."Currency" = 'EUR' AND R."RateDate" = (SELECT MAX(Q."RateDate") FROM ORTT Q WHERE Q."Currency" = 'EUR' AND Q."RateDate" <= T0."DocDate")) AS "Kur" FROM ORDR T0

--# the posting period of a day
SELECT "Code", "F_RefDate", "T_RefDate" FROM OFPR WHERE CURRENT_DATE BETWEEN "F_RefDate" AND "T_RefDate" AND "PeriodStat" <> 'C'

--# holidays as working days
SELECT T0."DocNum", WORKDAYS_BETWEEN('TR', T0."DocDate", T0."DocDueDate") FROM ORDR T0 WHERE T0."DocDueDate" NOT IN (SELECT H."StrDate" FROM HLD1 H WHERE H."HldCode" = '2026')

--# the company's own settings, and its common database
SELECT A."CompnyName", A."MainCurncy", C."dbName" FROM OADM A CROSS JOIN "SBOCOMMON"."SRGC" C

--# saved queries
SELECT "QName", "QString" FROM OUQR WHERE "QCategory" = 3 ORDER BY "QName" NULLS LAST

--# tables that are kept by the catalogue
SELECT "TABLE_NAME", "COLUMN_NAME" FROM "SYS"."TABLE_COLUMNS" WHERE "SCHEMA_NAME" = 'SBODEMOTR' AND "TABLE_NAME" = 'OCRD'

--# words of any case, and signs without spaces
select t0."DocNum",t0."DocTotal"*1.2 as "KDV'li" from oinv t0 where t0."DocTotal">=1e3 and(t0."DocCur"='TRY'or t0."DocCur"!='EUR')

--# sorting in Turkish
SELECT "CardName" FROM OCRD ORDER BY "CardName" COLLATE TURKISH

--# a heading of two lines
SELECT "DocNum" AS "Sipariş
No" FROM ORDR

--# a share of the whole
SELECT "ItemCode", SUM("LineTotal") AS "Ciro", ROUND(100 * SUM("LineTotal") / SUM(SUM("LineTotal")) OVER (), 2) AS "Pay %", DENSE_RANK() OVER (ORDER BY SUM("LineTotal") DESC) FROM INV1 GROUP BY "ItemCode"

--# rare pieces of HANA's SQL
SELECT "DocNum", X'FF' AS "Bayt", INSTR("CardName", 'A') FROM ORDR FOR SYSTEM_TIME AS OF '2026-01-01' WHERE "DocNum" IS NOT NULL FETCH FIRST 5 ROWS ONLY

--# a sample, and the best subtotals
SELECT "City", "Country", COUNT(*) FROM OCRD TABLESAMPLE SYSTEM (10) GROUP BY GROUPING SETS BEST 3 (("City"), ("Country"))

--# XML as a table, and an answer as XML
SELECT X.a FROM ORDR T0, XMLTABLE('/order/line' PASSING T0."Comments" COLUMNS a NVARCHAR(20) PATH 'code') AS X FOR XML

--# members of a list, and an answer as JSON within a column
SELECT "CardCode", (SELECT T1."DocNum" FROM ORDR T1 WHERE T1."CardCode" = T0."CardCode" FOR JSON) AS "Belgeler" FROM OCRD T0 WHERE 'A' MEMBER OF T0."Country"

--# neighbours that ignore what is missing
SELECT "RateDate", LAST_VALUE("Rate" IGNORE NULLS) OVER (PARTITION BY "Currency" ORDER BY "RateDate") FROM ORTT

--# a hint that looks like a call
SELECT "CardCode" FROM OCRD WITH HINT (ROUTE_TO(1), RESULT_LAG('hana_long', 30))

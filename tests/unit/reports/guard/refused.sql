--# 1:1 INSERT changes rows
INSERT INTO "OCRD" ("CardCode") SELECT "CardCode" FROM "OCRG"

--# 1:1 UPDATE changes rows
UPDATE OITM SET "OnHand" = 0

--# 1:1 DELETE changes rows
DELETE FROM ORDR WHERE "DocEntry" = 1

--# 1:1 MERGE changes rows
MERGE INTO OITW USING OITM ON 1 = 1 WHEN MATCHED THEN UPDATE SET "OnHand" = 1

--# 1:1 UPSERT changes rows
UPSERT "@BUTCE" VALUES ('1', 'x') WITH PRIMARY KEY

--# 1:1 REPLACE changes rows
REPLACE "@BUTCE" VALUES ('1', 'x')

--# 1:1 TRUNCATE changes rows
TRUNCATE TABLE "@BUTCE"

--# 1:12 DELETE changes rows
WITH x AS (DELETE FROM OCRD) SELECT * FROM x

--# 1:31 INSERT changes rows
WITH x AS (SELECT 1 FROM OCRD)INSERT INTO "@T" SELECT * FROM x

--# 2:3 UPDATE changes rows
SELECT * FROM (
  UPDATE OITM SET "OnHand" = 0
) T

--# 1:1 CREATE changes the database itself
CREATE TABLE X (A INT)

--# 1:1 ALTER changes the database itself
ALTER SYSTEM CANCEL SESSION '200123'

--# 1:1 DROP changes the database itself
DROP SCHEMA "SBODEMOTR" CASCADE

--# 1:1 RENAME changes the database itself
RENAME TABLE OCRD TO OCRX

--# 1:1 GRANT changes the database itself
GRANT SELECT ON SCHEMA "SBODEMOTR" TO PUBLIC

--# 1:1 REVOKE changes the database itself
REVOKE SELECT ON OCRD FROM REPORTS

--# 1:1 COMMENT changes the database itself
COMMENT ON TABLE OCRD IS 'x'

--# 1:1 CALL runs a procedure
CALL "SBODEMOTR"."SBO_SP_TransactionNotification"('17', 'A', 1, 'DocEntry', '1')

--# 1:1 EXEC runs a procedure
EXEC 'DROP TABLE OCRD'

--# 1:1 EXECUTE runs a procedure
EXECUTE IMMEDIATE 'DROP TABLE OCRD'

--# 1:1 DO belongs to a script
DO BEGIN SELECT 1 FROM DUMMY; END

--# 1:1 BEGIN belongs to a script
BEGIN SELECT 1 FROM DUMMY

--# 1:1 DECLARE belongs to a script
DECLARE n INTEGER

--# 1:1 IF belongs to a script
IF 1 = 1 THEN SELECT 1 FROM DUMMY

--# 1:1 SET steers the session
SET SCHEMA "SYS"

--# 1:1 COMMIT steers the session
COMMIT

--# 1:1 LOCK steers the session
LOCK TABLE OCRD IN EXCLUSIVE MODE

--# 1:1 CONNECT steers the session
CONNECT SYSTEM PASSWORD "x"

--# 1:1 EXPLAIN steers the session
EXPLAIN PLAN FOR SELECT * FROM OCRD

--# 1:1 EXPORT reads or writes files
EXPORT "SBODEMOTR"."OCRD" AS CSV INTO '/tmp/x'

--# 1:1 IMPORT reads or writes files
IMPORT FROM CSV FILE '/tmp/x' INTO OCRD

--# 1:1 BACKUP reads or writes files
BACKUP DATA USING FILE ('x')

--# 1:1 COPY reads or writes files
COPY OCRD TO '/tmp/x.csv'

--# 1:1 ATTACH reads or writes files
ATTACH '/tmp/x.duckdb' AS x

--# 1:1 PRAGMA reads or writes files
PRAGMA database_list

--# 1:1 INSTALL reads or writes files
INSTALL httpfs

--# 1:1 begins with SELECT or WITH, not with FROM
FROM OCRD

--# 1:1 begins with SELECT or WITH, not with VALUES
VALUES (1, 2)

--# 1:1 begins with SELECT or WITH, not with SHOW
SHOW TABLES

--# 1:20 Only one query is allowed
SELECT 1 FROM DUMMY; DROP TABLE OCRD

--# 1:19 Only one query is allowed
SELECT * FROM OCRD; SELECT * FROM OCRG

--# 2:1 Only one query is allowed
SELECT * FROM OCRD WHERE x = 'a'--'
; DELETE FROM OCRD

--# 1:20 FOR UPDATE locks rows
SELECT * FROM OCRD FOR UPDATE

--# 1:20 FOR UPDATE locks rows
SELECT * FROM OCRD for update OF "Balance" NOWAIT

--# 1:20 FOR SHARE locks rows
SELECT * FROM OCRD FOR SHARE LOCK

--# 1:19 SELECT … INTO writes
SELECT "CardCode" INTO code FROM OCRD

--# 2:3 SELECT … INTO writes
SELECT "Balance"
  INTO "@T" FROM OCRD

--# 1:17 NEXTVAL takes a number from a sequence
SELECT "OCRD_S".NEXTVAL FROM DUMMY

--# 1:26 CURRVAL takes a number from a sequence
SELECT "SBODEMOTR"."X_S"."CURRVAL" FROM DUMMY

--# 1:19 FOR is not expected
SELECT NEXT VALUE FOR X FROM DUMMY

--# 1:15 read_csv can act on the server
SELECT * FROM read_csv('/etc/passwd')

--# 1:15 read_parquet can act on the server
SELECT * FROM read_parquet('a*.parquet')

--# 1:15 read_text can act on the server
SELECT * FROM read_text('/etc/shadow')

--# 1:15 glob can act on the server
SELECT * FROM glob('/home/*')

--# 1:8 getenv can act on the server
SELECT getenv('ORCHESTRATOR_SECRET_KEY') FROM DUMMY

--# 1:15 duckdb_secrets can act on the server
SELECT * FROM duckdb_secrets()

--# 1:15 query can act on the server
SELECT * FROM query('DROP TABLE x')

--# 1:8 current_setting can act on the server
SELECT current_setting('access_mode')

--# 1:8 pg_read_file can act on the server
SELECT pg_read_file('/etc/passwd')

--# 1:28 SYS_EXPORT can act on the server
SELECT COUNT(*) FROM OCRD, SYS_EXPORT('x') X

--# 1:15 LIB_SQLSCRIPT can act on the server
SELECT * FROM "LIB_SQLSCRIPT"('x')

--# 1:22 LIB_PAL can act on the server
SELECT * FROM "_SYS"."LIB_PAL"(1)

--# 1:15 IMPORT_FROM can act on the server
SELECT * FROM IMPORT_FROM('x')

--# 1:15 /etc/passwd looks like a file
SELECT * FROM '/etc/passwd'

--# 1:15 customers.csv looks like a file
SELECT * FROM "customers.csv"

--# 1:15 https://x/y.parquet looks like a file
SELECT * FROM 'https://x/y.parquet'

--# 1:15 SYS.USERS belongs to the system
SELECT * FROM SYS.USERS

--# 1:15 SYS.M_CONNECTIONS belongs to the system
SELECT * FROM "SYS"."M_CONNECTIONS"

--# 1:15 M_CONNECTIONS belongs to the system
SELECT * FROM M_CONNECTIONS

--# 1:15 _SYS_REPO.ACTIVE_OBJECT belongs to the system
SELECT * FROM "_SYS_REPO"."ACTIVE_OBJECT"

--# 1:15 INFORMATION_SCHEMA.TABLES belongs to the system
SELECT * FROM information_schema.tables

--# 1:15 SQLITE_MASTER belongs to the system
SELECT * FROM sqlite_master

--# 1:15 OTHERDB is another database
SELECT * FROM "OTHERDB"."SBODEMOTR"."OCRD"

--# 1:27 What the function FN_STOCK does cannot be checked
SELECT * FROM "SBODEMOTR"."FN_STOCK"('A')

--# 1:8 What the function FN_PRICE does cannot be checked
SELECT "SBODEMOTR"."FN_PRICE"("ItemCode") FROM OITM

--# 1:8 What the function FN_PRICE does cannot be checked
SELECT "FN_PRICE"("ItemCode") FROM OITM

--# 1:24 What the function GETENV does cannot be checked
SELECT "ItemCode" FROM "GETENV"('x')

--# 1:8 FOO_BAR is not among those that only read
SELECT FOO_BAR("ItemCode") FROM OITM

--# 1:8 Did you mean LENGTH?
SELECT LENGHT("ItemCode") FROM OITM

--# 1:8 HANA has no function ISNULL; write IFNULL(x, y)
SELECT ISNULL("Phone1", '') FROM OCRD

--# 1:8 HANA has no function GETDATE; write NOW()
SELECT GETDATE() FROM DUMMY

--# 1:8 HANA has no function DATEDIFF; write DAYS_BETWEEN
SELECT DATEDIFF(DAY, "DocDate", "DocDueDate") FROM OINV

--# 1:8 HANA has no function IF; write CASE
SELECT IF("Balance" > 0, 1, 0) FROM OCRD

--# 1:55 getenv can act
SELECT * FROM "_SYS_BIC"."x/Y"(PLACEHOLDER."$$p$$" => getenv('HOME'))

--# 1:54 DELETE changes rows
SELECT * FROM "_SYS_BIC"."V"(PLACEHOLDER."$$p$$" => (DELETE FROM T))

--# 2:6 Names stand in double quotes in HANA: write "OINV", not [OINV].
SELECT
FROM [dbo].[OINV]

--# 1:15 Names stand in double quotes in HANA: write "OINV", not `OINV`.
SELECT * FROM `OINV`

--# 1:15 Temporary tables cannot be used
SELECT * FROM #TEMP

--# 1:35 A name with @ stands in double quotes
SELECT * FROM OCRD WHERE "Code" = @code

--# 1:9 Write CAST(x AS type)
SELECT x::INT FROM OCRD

--# 1:10 HANA has no sign for the remainder
SELECT 5 % 2 FROM DUMMY

--# 1:15 Braces stand for the schema alone: {schema}.
SELECT * FROM {db}.OCRD

--# 1:8 The sign $1 is not HANA's SQL
SELECT $1 FROM OCRD

--# 1:8 E before a quote
SELECT E'a' FROM DUMMY

--# 1:30 The quote that opens here is never closed
SELECT * FROM OCRD WHERE x = 'abc

--# 1:8 The quote that opens here is never closed
SELECT "CardCode FROM OCRD

--# 1:20 The comment that opens here is never closed
SELECT * FROM OCRD /* WHERE 1 = 1

--# 1:13 A comment within a comment
SELECT 1 /* /* */ DELETE FROM OCRD; -- */ FROM DUMMY

--# 1:8 A comment that some databases obey
SELECT /*!50000 DELETE */ 1 FROM DUMMY

--# 1:18 Nothing follows this comma
SELECT "CardCode", FROM OCRD

--# 1:26 The query ends too early, after (
SELECT * FROM OCRD WHERE (

--# 1:24 VALUES does not read a table
SELECT * FROM (VALUES (1)) T

--# 1:8 is not among those that only read
SELECT LIST_TRANSFORM("a", x -> x + 1) FROM T

--# 1:8 another database's SQL
SELECT * EXCLUDE ("CardCode") FROM OCRD

--# 1:27 (Pivot)
SELECT * FROM OCRD PIVOT (SUM("Balance") FOR "City" IN ('x'))

--# 1:13 This SELECT names no columns
SELECT FROM OCRD

--# 1:8 A parameter needs a name
SELECT :1 FROM DUMMY

--# 1:39 getenv can act on the server
SELECT JSON_VALUE("Comments", '$.a' , getenv('x')) FROM ORDR

--# 1:37 NULL is not expected here
SELECT JSON_VALUE("Comments", '$.a' NULL ON ERROR, getenv('x')) FROM ORDR

--# 1:40 ) is not expected here
SELECT * FROM OCRD FOR JSON(getenv('x'))

--# 1:15 glob can act on the server
SELECT * FROM glob(PLACEHOLDER."$$p$$" => '/etc/*')

--# 1:15 What the function read_csv does cannot be checked
SELECT * FROM "read_csv"('PLACEHOLDER' = ('a', 'b'))

--# 1:33 Write the source of a hierarchy as a query
SELECT * FROM HIERARCHY (SOURCE SYS.USERS START WHERE 1 = 1)

--# 1:26 RETURNING is not expected here
SELECT JSON_VALUE(a, '$' RETURNING NVARCHAR (SELECT 1 FROM X)) FROM T

--# 1:20 WITH is not expected here
SELECT * FROM OCRD WITH PARAMETERS ('PLACEHOLDER' = (getenv('x')))

--# 1:15 Only tables and queries can stand here
SELECT * FROM :table_name

--# 1:26 getenv can act on the server
SELECT EXTRACT(YEAR FROM getenv('x')) FROM DUMMY

--# 1:37 getenv can act on the server
SELECT * FROM XMLTABLE('/a' PASSING getenv('x') COLUMNS x INT PATH 'x') J

--# 1:26 getenv can act on the server
SELECT * FROM JSON_TABLE(getenv('x'), '$' COLUMNS (x INT PATH '$.x')) J

--# 1:14 read_csv can act on the server
SELECT (FROM read_csv('x')) FROM DUMMY

--# 1:43 another database's SQL
SELECT 1 FROM A JOIN B ON 1 = 1 ASOF JOIN C ON 1 = 1

--# 1:21 another database's SQL
SELECT DISTINCT ON ("City") "CardCode" FROM OCRD

--# 1:25 another database's SQL
SELECT CAST(x AS STRUCT(a INT)) FROM T

--# 1:20 WITH is not expected here
SELECT * FROM OCRD WITH HINT ((SELECT 1 FROM DUMMY))

--# 1:28 (Qualify)
SELECT * FROM OCRD QUALIFY ROW_NUMBER() OVER (ORDER BY "CardCode") = 1

--# 1:8 JSONExtract
SELECT a -> b FROM T

--# 1:8 A name cannot be empty
SELECT "" FROM T

--# 1:31 Connect
SELECT * FROM ITT1 START WITH "Father" = 'A' CONNECT BY PRIOR "Code" = "Father"

--# 1:8 SERIES_GENERATE_DATE is not among those that only read
SELECT SERIES_GENERATE_DATE('INTERVAL 1 DAY', '2026-01-01', '2026-02-01') FROM DUMMY

--# 1:29 ABS is not among those that only read
SELECT * FROM OCRD, LATERAL ABS(1) X

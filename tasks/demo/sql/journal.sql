-- Every posting document as a balanced entry; the partner's line carries what is still owed on it.
CREATE TEMP TABLE account AS SELECT * FROM (VALUES
  ('102.01', 'Bankalar'), ('120.01', 'Alıcılar'), ('150.01', 'İlk Madde ve Malzeme'), ('191.01', 'İndirilecek KDV'), ('255.01', 'Demirbaşlar'),
  ('320.01', 'Satıcılar'), ('391.01', 'Hesaplanan KDV'), ('500.01', 'Sermaye'), ('600.01', 'Yurtiçi Satışlar'), ('601.01', 'Yurtdışı Satışlar'),
  ('610.01', 'Satıştan İadeler'), ('760.01', 'Pazarlama Giderleri'), ('770.01', 'Genel Yönetim Giderleri'), ('770.02', 'Personel Giderleri')) AS t(code, name);

CREATE TEMP TABLE posting AS
WITH sale AS (
  SELECT 13 AS type, 'Satış faturası ' AS memo, "DocEntry" AS entry, "DocDate" AS day, "DocDueDate" AS due, "DocNum" AS number, "CardCode" AS card, "DocCur" AS currency,
    "DocTotal" AS total, "VatSum" AS vat, "DocTotalFC" AS total_fc, "DocTotal" - "PaidToDate" AS open, 1 AS side, '120.01' AS control,
    CASE "U_sales_type" WHEN 'İhracat' THEN '601.01' ELSE '600.01' END AS result, '391.01' AS tax FROM OINV
  UNION ALL SELECT 14, 'Satış iadesi ', "DocEntry", "DocDate", "DocDueDate", "DocNum", "CardCode", "DocCur", "DocTotal", "VatSum", "DocTotalFC", 0, -1, '120.01', '610.01', '391.01' FROM ORIN
  UNION ALL SELECT 18, 'Alış faturası ', "DocEntry", "DocDate", "DocDueDate", "DocNum", "CardCode", "DocCur", "DocTotal", "VatSum", "DocTotalFC", "DocTotal" - "PaidToDate", -1, '320.01', '150.01', '191.01' FROM OPCH
  UNION ALL SELECT 24, 'Tahsilat ', "DocEntry", "DocDate", "DocDate", "DocNum", "CardCode", 'TRY', "DocTotal", 0, 0, 0, -1, '120.01', '102.01', '' FROM ORCT
  UNION ALL SELECT 46, 'Ödeme ', "DocEntry", "DocDate", "DocDate", "DocNum", "CardCode", 'TRY', "DocTotal", 0, 0, 0, 1, '320.01', '102.01', '' FROM OVPM
), month AS (
  SELECT m::DATE AS day, row_number() OVER (ORDER BY m)::INT AS n FROM generate_series(date_trunc('month', first_day()) + INTERVAL 1 MONTH, until_day()::TIMESTAMP, INTERVAL 1 MONTH) AS t(m)
), hand AS (
  SELECT n * 3 AS entry, day, 'Kira ' AS memo, '770.01' AS account, '102.01' AS against, 185000.00 + 4000 * n AS amount FROM month
  UNION ALL SELECT n * 3 + 1, day, 'Maaş ödemesi ', '770.02', '102.01', 2450000.00 + 31250.5 * n FROM month
  UNION ALL SELECT n * 3 + 2, day, 'Reklam ', '760.01', '102.01', 64000 + round(30000 * u(n, 'advert'), 2) FROM month
  UNION ALL SELECT 0, first_day(), 'Açılış sermayesi ', '102.01', '500.01', 75000000.00)
SELECT type, entry, day, due, memo || number AS memo, 0 AS line, control AS account, card AS name, currency, side * total AS amount, side * total_fc AS amount_fc, side * open AS open FROM sale
UNION ALL SELECT type, entry, day, due, memo || number, 1, result, result, currency, -side * (total - vat), 0, 0 FROM sale
UNION ALL SELECT type, entry, day, due, memo || number, 2, tax, tax, currency, -side * vat, 0, 0 FROM sale WHERE vat <> 0
UNION ALL SELECT 30, entry, day, day, memo || strftime(day, '%m.%Y'), 0, account, account, 'TRY', amount, 0, 0 FROM hand
UNION ALL SELECT 30, entry, day, day, memo || strftime(day, '%m.%Y'), 1, against, against, 'TRY', -amount, 0, 0 FROM hand;

CREATE TABLE OJDT AS
SELECT row_number() OVER (ORDER BY day, type, entry)::INT AS "TransId", day AS "RefDate", due AS "DueDate", day AS "TaxDate",
  CASE WHEN type = 30 THEN 'MHS' END AS "TransCode", type::VARCHAR AS "TransType", entry AS "CreatedBy", memo AS "Memo"
FROM posting WHERE line = 0 ORDER BY 1;
CREATE TABLE JDT1 AS
SELECT j."TransId", p.line::INT AS "Line_ID", p.account AS "Account", p.name AS "ShortName", money(greatest(p.amount, 0)) AS "Debit", money(greatest(-p.amount, 0)) AS "Credit",
  money(greatest(p.amount_fc, 0)) AS "FCDebit", money(greatest(-p.amount_fc, 0)) AS "FCCredit", CASE WHEN p.currency <> 'TRY' THEN p.currency END AS "FCCurrency",
  money(greatest(p.open, 0)) AS "BalDueDeb", money(greatest(-p.open, 0)) AS "BalDueCred", p.day AS "RefDate", p.due AS "DueDate"
FROM posting p JOIN OJDT j ON j."TransType" = p.type::VARCHAR AND j."CreatedBy" = p.entry ORDER BY 1, 2;
CREATE TABLE OACT AS
SELECT a.code AS "AcctCode", a.name AS "AcctName", 'Y' AS "Postable", money(coalesce(sum(j."Debit" - j."Credit"), 0)) AS "CurrTotal"
FROM account a LEFT JOIN JDT1 j ON j."Account" = a.code GROUP BY a.code, a.name ORDER BY a.code;

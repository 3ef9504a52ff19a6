-- What people do around the documents: approvals, activities, saved queries, and a budget in a table of their own.
CREATE TABLE OWDD AS
SELECT "DocEntry" AS "WddCode", '112' AS "ObjType", "DocEntry", "WddStatus" AS "Status" FROM ODRF WHERE "WddStatus" <> '-' ORDER BY 1;
CREATE TABLE WDD1 AS
SELECT w."WddCode", s::INT AS "StepCode", CASE WHEN s = 1 AND w."Status" = 'W' THEN 'Y' ELSE w."Status" END AS "Status", d."UpdateDate", d."DocTime" AS "UpdateTime"
FROM OWDD w JOIN ODRF d USING ("DocEntry"), range(1, 3) AS t(s) ORDER BY 1, 2;
CREATE TABLE OCLG AS
SELECT i::INT AS "ClgCode", p.card AS "CardCode", pick(['C', 'M', 'T', 'N'], i, 'action') AS "Action", -1 AS "CntctType", 1 + dice(i, 'subject', 5) AS "CntctSbjct",
  pick(['Fiyat görüşmesi', 'Ödeme hatırlatma', 'Şikâyet: çizik masa', 'Numune gönderimi', 'Sevkiyat planı', 'Teklif takibi'], i, 'topic') AS "Details",
  CASE WHEN u(i, 'noted') < 0.5 THEN pick(['Haftaya tekrar aranacak.', 'Müşteri memnun, yeni katalog istedi.', 'Muhasebe ile görüşüldü; ödeme ay sonunda.'], i, 'note') END AS "Notes",
  until_day() - dice(i, 'day', 400) + 10 AS "Recontact", 1 + dice(i, 'by', 8) AS "AssignedBy", 1 + dice(i, 'to', 8) AS "AttendUser", CASE WHEN u(i, 'done') < 0.8 THEN -3 ELSE -2 END AS "status"
FROM range(1, 1501) AS t(i) JOIN partner p ON p.kind = 'C' AND p.n = 1 + dice(i, 'whom', 400) ORDER BY i;
CREATE TABLE OQCN AS SELECT n::INT AS "CategoryId", name AS "CatName"
FROM (VALUES (-1, 'Genel'), (1, 'Satış'), (2, 'Finans'), (3, 'Stok'), (4, 'Biçimli aramalar'), (5, 'Eski sunucudan')) AS t(n, name);
-- As shops have them: some that reports can take as they are, some with marks, some that cannot be taken.
CREATE TABLE OUQR AS
SELECT n::INT AS "IntrnalKey", category::INT AS "QCategory", name AS "QName", text AS "QString" FROM (VALUES
  (1, 1, 'Açık siparişler', $$SELECT T0."DocNum", T0."CardName", T0."DocTotal" FROM ORDR T0 WHERE T0."DocStatus" = 'O' AND T0."DocDate" >= [%0]$$),
  (2, 2, 'Müşteri bakiyeleri', $$SELECT "CardCode", "CardName", "Balance" FROM OCRD WHERE "CardType" = 'C' AND "Balance" <> 0 ORDER BY "Balance" DESC$$),
  (3, 3, 'Depo durumu', $$SELECT T0."ItemCode", T0."WhsCode", T0."OnHand" FROM OITW T0 WHERE T0."WhsCode" = '[%0]'$$),
  (4, 4, 'Belge cari kodu', $$SELECT "CardName" FROM OCRD WHERE "CardCode" = $[ORDR.CardCode]$$),
  (5, 1, 'Dönem satışları', $$SELECT T0."DocNum" AS "Fatura", T0."DocDate" AS "Tarih", T0."CardName" AS "Müşteri", T1."SlpName" AS "Temsilci", T0."DocTotal" - T0."VatSum" AS "Net"
FROM OINV T0 INNER JOIN OSLP T1 ON T0."SlpCode" = T1."SlpCode"
WHERE T0."DocDate" BETWEEN [%0] AND [%1] AND T0."CANCELED" = 'N' AND T1."SlpName" = '[%2]'
ORDER BY T0."DocDate" FOR BROWSE$$),
  (6, 1, 'Müşteri ara', $$SELECT T0."CardCode", T0."CardName", T0."City" FROM OCRD T0 WHERE T0."CardName" LIKE '%[%0]%' AND (T0."City" = '[%1]' OR '[%1]' = '')$$),
  (7, 2, 'Vadesi geçenler', $$/* SELECT FROM OINV T9 WHERE T9."DocDueDate" <= [%0] */
SELECT X."CardCode", SUM(X."Kalan") AS "Kalan" FROM (
  SELECT T0."CardCode", T0."DocDueDate" AS "Vade", T0."DocTotal" - T0."PaidToDate" AS "Kalan" FROM OINV T0 WHERE T0."DocStatus" = 'O') X
WHERE X."Vade" <= '[%0]' AND X."Kalan" > [%1]
GROUP BY X."CardCode" ORDER BY 2 DESC$$),
  (8, 3, 'En çok satan kalemler', $$SELECT TOP [%0] T1."ItemCode", SUM(T1."Quantity") AS "Miktar" FROM INV1 T1 INNER JOIN OINV T0 ON T0."DocEntry" = T1."DocEntry"
WHERE YEAR(T0."DocDate") = [%1] AND T1."WhsCode" IN ('[%2]', '[%3]') GROUP BY T1."ItemCode" ORDER BY 2 DESC;$$),
  (9, 3, 'Hareketsiz stok', $$SELECT T0."ItemCode", T0."ItemName", T0."OnHand" FROM OITM T0
WHERE T0."OnHand" > 0 AND NOT EXISTS (SELECT 1 FROM INV1 A INNER JOIN OINV B ON A."DocEntry" = B."DocEntry" WHERE A."ItemCode" = T0."ItemCode" AND B."DocDate" >= ADD_DAYS(CURRENT_DATE, -[%0]))$$),
  (10, 5, 'Satış raporu (eski)', $$SELECT T0.[DocNum], T0.[CardName], ISNULL(T0.[Comments], '') AS [Açıklama] FROM [dbo].[OINV] T0 WITH (NOLOCK) WHERE T0.[DocDate] >= '[%0]' AND DATEDIFF(day, T0.[DocDueDate], GETDATE()) > 30$$),
  (11, 5, 'Hesap ekstresi (eski)', $$/* SELECT FROM [dbo].[OJDT] T0 WHERE T0.RefDate >= [%0] */
DECLARE @ilk DATETIME
SET @ilk = '[%0]'
SELECT T0.TransId, T0.RefDate FROM OJDT T0 WHERE T0.RefDate >= @ilk$$),
  (12, -1, 'Fiyat güncelle', $$UPDATE ITM1 SET "Price" = "Price" * 1.1 WHERE "PriceList" = [%0]$$),
  (13, 2, 'Kâr zarar (prosedür)', $$CALL "KAR_ZARAR"('[%0]', '[%1]')$$),
  (14, 4, 'Kalem son fiyatı', $$SELECT TOP 1 T0."Price" FROM INV1 T0 WHERE T0."ItemCode" = $[$38.1.0] ORDER BY T0."DocEntry" DESC$$),
  (15, -1, 'Tablo say', $$SELECT COUNT(*) FROM "[%0]"$$),
  (16, 3, 'Ara tablo ile stok', $$SELECT "ItemCode", "OnHand" INTO #STOK FROM OITM WHERE "OnHand" > 0$$),
  (17, 1, 'İade oranı', $$SELECT T0."CardName" AS "Müşteri", SUM(T0."DocTotal") AS "İade" FROM ORIN T0 WHERE T0."DocDate" >= '[%0]' AND T0."DocDate" <= '[%1]' AND T0.CardCode <> '' GROUP BY T0."CardName"$$),
  (18, 2, 'Yevmiye satırları', $$SELECT T0."TransId", T0."Account", T0."Debit", T0."Credit" FROM JDT1 T0 WHERE T0."RefDate" = [%0] AND (T0."Debit" > [%1] OR T0."Credit" > [%1]) ORDER BY T0."TransId"$$)
) AS t(n, category, name, text);
CREATE TABLE "@SALESBUDGET" AS
WITH sold AS (SELECT i."ItmsGrpCod" AS item_group, sum(l."LineTotal") / 24 AS monthly FROM INV1 l JOIN OITM i USING ("ItemCode") GROUP BY 1
), month AS (SELECT "F_RefDate" AS day FROM OFPR)
SELECT item_group || '-' || strftime(day, '%Y-%m') AS "Code", item_group || '-' || strftime(day, '%Y-%m') AS "Name", item_group AS "U_ItmsGrpCod", day AS "U_Month",
  money(round(monthly * (0.7 + 0.5 * u(item_group * 1000 + month(day), 'budget')) * (1 + 0.1 * (year(day) - year(first_day()))), -3)) AS "U_Amount"
FROM sold, month ORDER BY 1;

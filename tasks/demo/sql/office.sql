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
CREATE TABLE OUQR AS
SELECT n::INT AS "IntrnalKey", 1 AS "QCategory", name AS "QName", text AS "QString" FROM (VALUES
  (1, 'Açık siparişler', 'SELECT T0."DocNum", T0."CardName", T0."DocTotal" FROM ORDR T0 WHERE T0."DocStatus" = ''O'' AND T0."DocDate" >= [%0]'),
  (2, 'Müşteri bakiyeleri', 'SELECT "CardCode", "CardName", "Balance" FROM OCRD WHERE "CardType" = ''C'' AND "Balance" <> 0 ORDER BY "Balance" DESC'),
  (3, 'Depo durumu', 'SELECT T0."ItemCode", T0."WhsCode", T0."OnHand" FROM OITW T0 WHERE T0."WhsCode" = ''[%0]'''),
  (4, 'Belge cari kodu', 'SELECT "CardName" FROM OCRD WHERE "CardCode" = $[ORDR.CardCode]')) AS t(n, name, text);
CREATE TABLE "@SALESBUDGET" AS
WITH sold AS (SELECT i."ItmsGrpCod" AS item_group, sum(l."LineTotal") / 24 AS monthly FROM INV1 l JOIN OITM i USING ("ItemCode") GROUP BY 1
), month AS (SELECT "F_RefDate" AS day FROM OFPR)
SELECT item_group || '-' || strftime(day, '%Y-%m') AS "Code", item_group || '-' || strftime(day, '%Y-%m') AS "Name", item_group AS "U_ItmsGrpCod", day AS "U_Month",
  money(round(monthly * (0.7 + 0.5 * u(item_group * 1000 + month(day), 'budget')) * (1 + 0.1 * (year(day) - year(first_day()))), -3)) AS "U_Amount"
FROM sold, month ORDER BY 1;

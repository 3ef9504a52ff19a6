-- Who pays {stage} and when: most near the due day, slow ones later, bad ones half or never; one payment a partner and day.
CREATE TEMP TABLE {stage}_settled AS
WITH owed AS (
  SELECT h.*, p.payer, t.total - coalesce(c.total, 0) AS due_amount
  FROM {stage}_head h JOIN partner p ON p.card = h.card JOIN {stage}_total t ON t.entry = h.entry LEFT JOIN {credited} c ON c.source = h.entry
), planned AS (
  SELECT entry, card, due_amount, workday(greatest(day + 1, due + CASE payer WHEN 'good' THEN dice(key, 'pays', 12) - 5 WHEN 'slow' THEN dice(key, 'pays', 60) ELSE 60 + dice(key, 'pays', 120) END)) AS paid_day,
    CASE WHEN payer = 'bad' AND u(key, 'never') < 0.25 THEN 0 WHEN u(key, 'half') < 0.03 THEN 0.5 ELSE 1 END AS share
  FROM owed WHERE due_amount > 0)
SELECT entry, card, paid_day, money(round(due_amount * share, 2)) AS amount FROM planned WHERE paid_day <= until_day() AND share > 0;
CREATE TABLE {header} AS
SELECT row_number() OVER (ORDER BY s.paid_day, s.card)::INT AS "DocEntry", ({first_number} + row_number() OVER (ORDER BY s.paid_day, s.card))::INT AS "DocNum",
  s.paid_day AS "DocDate", s.card AS "CardCode", p.name AS "CardName", money(sum(s.amount)) AS "DocTotal"
FROM {stage}_settled s JOIN partner p ON p.card = s.card GROUP BY s.paid_day, s.card, p.name;
CREATE TABLE {applied} AS
SELECT h."DocNum", (row_number() OVER (PARTITION BY h."DocNum" ORDER BY s.entry))::INT - 1 AS "InvoiceId", s.entry AS "DocEntry", {object} AS "InvType", s.amount AS "SumApplied"
FROM {stage}_settled s JOIN {header} h ON h."DocDate" = s.paid_day AND h."CardCode" = s.card ORDER BY 1, 2;
CREATE TEMP TABLE {stage}_paid AS
SELECT entry, money(sum(amount)) AS amount FROM (
  SELECT entry, amount FROM {stage}_settled UNION ALL SELECT source, total FROM {credited}) GROUP BY entry;
CREATE TEMP TABLE {stage}_moved AS
SELECT l.entry, l.line, l.quantity FROM {stage}_line l JOIN {stage}_total t USING (entry) JOIN {stage}_paid p USING (entry) WHERE p.amount >= t.total;

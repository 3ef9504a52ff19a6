-- One invoice for each of {source}, mostly within three days, a few after weeks; its due day follows the partner's terms.
CREATE TEMP TABLE {stage}_head AS
WITH billed AS (
  SELECT *, workday(day + dice(key, 'billed', 4) + CASE WHEN u(key, 'forgotten') < 0.05 THEN 8 + dice(key, 'weeks', 30) ELSE 0 END) AS billed_day
  FROM {source}_head)
SELECT row_number() OVER (ORDER BY b.billed_day, b.entry)::INT AS entry, b.key, b.billed_day AS day, b.billed_day + t."ExtraDays" AS due,
  b.card, b.currency, r.rate, b.discount, false AS canceled, false AS by_hand, b.entry AS source
FROM billed b JOIN partner p ON p.card = b.card JOIN OCTG t ON t."GroupNum" = p.terms
JOIN rate r ON r.day = b.billed_day AND r.currency = b.currency WHERE b.billed_day <= until_day();
CREATE TEMP TABLE {stage}_line AS
SELECT l.* EXCLUDE (sent_day) REPLACE (h.entry AS entry, {base_type} AS base_type, l.entry AS base_entry, l.line AS base_line)
FROM {source}_line l JOIN {stage}_head h ON h.source = l.entry;
CREATE TEMP TABLE {source}_moved AS SELECT base_entry AS entry, base_line AS line, quantity FROM {stage}_line;

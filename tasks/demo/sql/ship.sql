-- Goods that follow {source}: on time or late, one order in seven in two parts; what lies after the last day has not happened.
CREATE TEMP TABLE {stage}_line AS
WITH first AS (
  SELECT *, workday(greatest(day + 1, due - 3 + dice(key, 'delay', 9) + CASE WHEN u(key, 'late') < 0.06 THEN 10 + dice(key, 'lateness', 60) ELSE 0 END)) AS sent,
    u(key, 'split') < 0.15 AS split
  FROM {source}_head WHERE NOT canceled AND NOT by_hand
), part AS (
  SELECT *, 1 AS part, sent AS sent_day FROM first
  UNION ALL SELECT *, 2, workday(sent + 7 + dice(key, 'rest', 21)) FROM first WHERE split
), moved AS (
  SELECT p.key, p.part, p.sent_day, l.* REPLACE (
    CASE WHEN NOT p.split THEN l.quantity WHEN p.part = 1 THEN ceil(l.quantity * 0.6) ELSE l.quantity - ceil(l.quantity * 0.6) END::DECIMAL(21, 6) AS quantity,
    {base_type} AS base_type, l.entry AS base_entry, l.line AS base_line)
  FROM part p JOIN {source}_line l USING (entry) WHERE p.sent_day <= until_day()
)
SELECT m.* EXCLUDE (key, part) REPLACE (
    dense_rank() OVER (ORDER BY sent_day, base_entry, part)::INT AS entry,
    row_number() OVER (PARTITION BY base_entry, part ORDER BY base_line)::INT - 1 AS line)
FROM moved m WHERE quantity > 0;

CREATE TEMP TABLE {stage}_head AS
SELECT l.entry, h.key * 2 + row_number() OVER (PARTITION BY h.entry ORDER BY l.entry) AS key, l.sent_day AS day, l.sent_day AS due,
  h.card, h.currency, r.rate, h.discount, false AS canceled, false AS by_hand
FROM (SELECT DISTINCT entry, sent_day, base_entry FROM {stage}_line) l
JOIN {source}_head h ON h.entry = l.base_entry JOIN rate r ON r.day = l.sent_day AND r.currency = h.currency;

CREATE TEMP TABLE {source}_moved AS
SELECT base_entry AS entry, base_line AS line, sum(quantity)::DECIMAL(21, 6) AS quantity FROM {stage}_line GROUP BY ALL;

-- Three orders in ten began as a quotation; other quotations were never won.
CREATE TEMP TABLE quote_head AS
WITH asked AS (
  SELECT entry AS won, key, greatest(first_day() - 30, day - 2 - dice(key, 'thought', 14)) AS day, card, currency, discount, false AS canceled, false AS by_hand
  FROM order_head WHERE u(key, 'quoted') < 0.3
  UNION ALL SELECT -entry, key, day, card, currency, discount, canceled, by_hand OR day < until_day() - 45 FROM lost_head)
SELECT row_number() OVER (ORDER BY a.day, a.key)::INT AS entry, a.* EXCLUDE (won), a.day + 30 AS due, r.rate, won
FROM asked a JOIN rate r ON r.day = a.day AND r.currency = a.currency;
CREATE TEMP TABLE quote_line AS
SELECT l.* REPLACE (q.entry AS entry) FROM quote_head q JOIN order_line l ON l.entry = q.won
UNION ALL SELECT l.* REPLACE (q.entry AS entry) FROM quote_head q JOIN lost_line l ON l.entry = -q.won;
CREATE TEMP TABLE quote_moved AS SELECT l.entry, l.line, l.quantity FROM quote_line l JOIN quote_head q USING (entry) WHERE q.won > 0;
CREATE OR REPLACE TEMP TABLE order_line AS
SELECT l.* REPLACE (CASE WHEN q.entry IS NOT NULL THEN 23 END AS base_type, q.entry AS base_entry, CASE WHEN q.entry IS NOT NULL THEN l.line END AS base_line)
FROM order_line l LEFT JOIN quote_head q ON q.won = l.entry;

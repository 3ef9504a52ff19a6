-- Returns: part of the first line of three invoices in a hundred.
CREATE TEMP TABLE credit_head AS
SELECT row_number() OVER (ORDER BY c.back, c.entry)::INT AS entry, c.key, c.back AS day, c.back AS due, c.card, c.currency, c.rate, c.discount,
  false AS canceled, false AS by_hand, c.entry AS source
FROM (SELECT *, workday(day + 4 + dice(key, 'back', 20)) AS back FROM invoice_head WHERE u(key, 'returned') < 0.03) c
WHERE c.back <= until_day();
CREATE TEMP TABLE credit_line AS
SELECT l.* REPLACE (c.entry AS entry, 0 AS line, ceil(l.quantity * 0.3)::DECIMAL(21, 6) AS quantity, 13 AS base_type, c.source AS base_entry, l.line AS base_line)
FROM credit_head c JOIN invoice_line l ON l.entry = c.source AND l.line = 0;
CREATE TEMP TABLE credit_moved AS SELECT entry, line, quantity FROM credit_line;

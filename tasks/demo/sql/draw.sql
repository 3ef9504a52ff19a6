-- Draws {rows} documents named {stage} for partners of kind {kind} over the last {days} days, with one to five lines.
CREATE TEMP TABLE {stage}_head AS
WITH drawn AS (
  SELECT i + {offset} AS key, until_day() - {days} + floor(({days} + 1) * pow(u(i + {offset}, 'day'), 0.9))::INT AS drawn_day
  FROM range({rows}) AS t(i)
), dated AS (SELECT key, CASE WHEN isodow(drawn_day) = 7 THEN drawn_day - 1 ELSE drawn_day END AS day FROM drawn
), crowd AS (SELECT count(*) AS n FROM partner WHERE kind = '{kind}')
SELECT row_number() OVER (ORDER BY d.day, d.key)::INT AS entry, d.key, d.day, d.day + 7 + dice(d.key, 'lead', 28) AS due,
  p.card, p.currency, r.rate, CASE WHEN u(d.key, 'rebate') < 0.1 THEN pick([2, 3, 5], d.key, 'rebated') ELSE 0 END::DECIMAL(21, 6) AS discount,
  u(d.key, 'fate') < 0.015 AS canceled, u(d.key, 'fate') BETWEEN 0.015 AND 0.03 AND d.day < until_day() - 60 AS by_hand
FROM dated d CROSS JOIN crowd
JOIN partner p ON p.kind = '{kind}' AND p.n = 1 + floor(crowd.n * pow(u(d.key, 'who'), 1.7))
JOIN rate r ON r.day = d.day AND r.currency = p.currency;

CREATE TEMP TABLE {stage}_line AS
SELECT h.entry, l::INT AS line, i.code AS item, i.name, i.unit, i.warehouse, (1 + floor({most} * pow(u(h.key * 8 + l, 'quantity'), 2)))::DECIMAL(21, 6) AS quantity,
  round(i.price * CASE WHEN h.currency = 'TRY' THEN 1 + 0.0005 * (h.day - first_day()) ELSE 0.85 / CASE h.currency WHEN 'EUR' THEN 33 ELSE 30 END END, 2)::DECIMAL(21, 6) AS price,
  pick([0, 0, 0, 5, 10, 15], h.key * 8 + l, 'discount')::DECIMAL(21, 6) AS discount,
  CASE WHEN p.abroad THEN 0 WHEN i.group_code IN (108, 109) THEN 10 ELSE 20 END::DECIMAL(21, 6) AS vat,
  NULL::INT AS base_type, NULL::INT AS base_entry, NULL::INT AS base_line
FROM {stage}_head h JOIN partner p ON p.card = h.card, range(5) AS t(l), item i
WHERE l <= dice(h.key, 'lines', 5) AND i.n = CASE WHEN '{kind}' = 'S' THEN 701 ELSE 1 END + floor(CASE WHEN '{kind}' = 'S' THEN 500 ELSE 700 END * pow(u(h.key * 8 + l, 'item'), 1.4));

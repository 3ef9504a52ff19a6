-- What {stage} costs: every amount is rounded to the kuruş on its line, and the document adds its lines up.
CREATE TEMP TABLE {stage}_money AS
WITH priced AS (
  SELECT l.entry, l.line, h.currency, h.rate, h.discount, l.vat, round(l.price * (100 - l.discount) / 100, 4) AS net_price, l.quantity
  FROM {stage}_line l JOIN {stage}_head h USING (entry)
), foreign_total AS (SELECT *, round(quantity * net_price, 2) AS own_total FROM priced
), local_total AS (SELECT *, CASE currency WHEN 'TRY' THEN own_total ELSE round(own_total * rate, 2) END AS total FROM foreign_total)
SELECT entry, line, money(net_price) AS price, money(total) AS total, money(CASE currency WHEN 'TRY' THEN 0 ELSE own_total END) AS total_fc,
  money(round(total * discount / 100, 2)) AS discount, money(CASE currency WHEN 'TRY' THEN 0 ELSE round(own_total * discount / 100, 2) END) AS discount_fc,
  money(round(total * (100 - discount) * vat / 10000, 2)) AS vat, money(CASE currency WHEN 'TRY' THEN 0 ELSE round(own_total * (100 - discount) * vat / 10000, 2) END) AS vat_fc
FROM local_total;
CREATE TEMP TABLE {stage}_total AS
SELECT entry, money(sum(total)) AS net, money(sum(discount)) AS discount, money(sum(discount_fc)) AS discount_fc, money(sum(vat)) AS vat, money(sum(vat_fc)) AS vat_fc,
  money(sum(total - discount + vat)) AS total, money(sum(total_fc - discount_fc + vat_fc)) AS total_fc
FROM {stage}_money GROUP BY entry;

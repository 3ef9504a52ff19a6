-- The two tables of {stage} as Business One has them: {line} first, because the header is open while a line is.
CREATE TABLE {line} AS
SELECT l.entry AS "DocEntry", l.line AS "LineNum", CASE WHEN open.quantity > 0 THEN 'O' ELSE 'C' END AS "LineStatus", l.item AS "ItemCode", l.name AS "Dscription",
  l.quantity AS "Quantity", open.quantity AS "OpenQty", open.quantity AS "OpenCreQty", money(coalesce(m.quantity, 0)) AS "DelivrdQty",
  c.price AS "Price", l.price AS "PriceBefDi", h.currency AS "Currency", CASE h.currency WHEN 'TRY' THEN 0 ELSE h.rate END::DECIMAL(21, 6) AS "Rate", l.discount AS "DiscPrcnt",
  c.total AS "LineTotal", c.total_fc AS "TotalFrgn", money(round(c.total / e.rate, 2)) AS "TotalSumSy",
  money(round(c.total * open.quantity / l.quantity, 2)) AS "OpenSum", money(round(c.total * open.quantity / l.quantity / e.rate, 2)) AS "OpenSumSys",
  l.warehouse AS "WhsCode", l.unit AS "UomCode", h.due AS "ShipDate", l.base_entry AS "BaseEntry", l.base_line AS "BaseLine", coalesce(l.base_type, -1) AS "BaseType",
  'KDV' || l.vat::INT AS "VatGroup", l.vat AS "VatPrcnt", c.vat AS "VatSum", (l.line + 1)::INT AS "U_srcdocline"
FROM {stage}_line l JOIN {stage}_head h ON h.entry = l.entry JOIN {stage}_money c ON c.entry = l.entry AND c.line = l.line
LEFT JOIN {stage}_moved m ON m.entry = l.entry AND m.line = l.line JOIN rate e ON e.day = h.day AND e.currency = 'EUR',
LATERAL (SELECT money(CASE WHEN h.canceled OR h.by_hand THEN 0 ELSE l.quantity - coalesce(m.quantity, 0) END) AS quantity) AS open
ORDER BY l.entry, l.line;

CREATE TABLE {header} AS
SELECT h.entry AS "DocEntry", ({first_number} + h.entry)::INT AS "DocNum", 'I' AS "DocType", flag(h.canceled) AS "CANCELED",
  CASE WHEN o.entry IS NULL THEN 'C' ELSE 'O' END AS "DocStatus", '{object}' AS "ObjType", h.day AS "DocDate", h.due AS "DocDueDate", h.day AS "TaxDate",
  (100 * (8 + dice(h.key, 'hour', 10)) + dice(h.key, 'minute', 60))::INT AS "DocTime", h.card AS "CardCode", p.name AS "CardName",
  pick(['Organize Sanayi Bölgesi', 'Cumhuriyet Mah.', 'Atatürk Cad.', 'Barış Sok.', 'İnönü Bulvarı'], p.key, 'street') || ' No: ' || (1 + dice(p.key, 'door', 180)) || chr(13) || p.city AS "Address2",
  CASE WHEN u(h.key, 'note') < 0.2 THEN pick(['Acil, önce aranacak', 'Montaj dahil', 'Öğleden sonra teslim', 'Parçalı sevk edilebilir', 'Proje: otel yenileme', 'Ödeme: "çek", vade farkı yok'], h.key, 'remark') END AS "Comments",
  p.sales_person AS "SlpCode", h.currency AS "DocCur", h.rate AS "DocRate", t.total AS "DocTotal", t.total_fc AS "DocTotalFC", money(round(t.total / e.rate, 2)) AS "DocTotalSy",
  t.vat AS "VatSum", t.vat_fc AS "VatSumFC", h.discount AS "DiscPrcnt", t.discount AS "DiscSum", t.discount_fc AS "DiscSumFC", money({paid}) AS "PaidToDate", money(CASE h.currency WHEN 'TRY' THEN 0 ELSE round({paid} * t.total_fc / t.total, 2) END) AS "PaidFC",
  flag(h.by_hand) AS "DocManClsd", {approval} AS "WddStatus", CASE h.currency WHEN 'TRY' THEN 'L' ELSE 'C' END AS "CurSource",
  h.day AS "CreateDate", least(until_day(), h.day + dice(h.key, 'touched', 20)) AS "UpdateDate",
  CASE WHEN p.abroad THEN 'İhracat' ELSE pick(['Yurtiçi', 'Yurtiçi', 'Proje', 'Mağaza'], h.key, 'type') END AS "U_sales_type",
  CASE WHEN '{kind}' = 'S' AND u(h.key, 'made') < 0.3 THEN lpad((1 + dice(h.key, 'for', 20000))::VARCHAR, 8, '0') END AS "U_Satissipno"
FROM {stage}_head h JOIN partner p ON p.card = h.card JOIN {stage}_total t ON t.entry = h.entry JOIN rate e ON e.day = h.day AND e.currency = 'EUR'
LEFT JOIN (SELECT DISTINCT "DocEntry" AS entry FROM {line} WHERE "LineStatus" = 'O') o ON o.entry = h.entry
LEFT JOIN {paid_table} s ON s.entry = h.entry ORDER BY h.entry;

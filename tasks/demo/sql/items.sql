-- Twelve groups of a hundred items: seven that are sold, five that are bought to make them.
CREATE TEMP TABLE item_group AS
SELECT * FROM (VALUES (1, 'MSA', 'Masa', 9000), (2, 'SND', 'Sandalye', 2600), (3, 'KLT', 'Koltuk', 18000), (4, 'DLP', 'Dolap', 14000),
  (5, 'YTK', 'Yatak', 16000), (6, 'SHP', 'Sehpa', 3200), (7, 'KTP', 'Kitaplık', 6500), (8, 'KMS', 'Döşemelik Kumaş', 320),
  (9, 'SNG', 'Sünger', 210), (10, 'LVH', 'Ahşap Levha', 950), (11, 'HRD', 'Hırdavat', 45), (12, 'AMB', 'Ambalaj', 25)) AS t(n, prefix, name, price);
CREATE TABLE OITB AS SELECT (100 + n)::INT AS "ItmsGrpCod", name AS "ItmsGrpNam" FROM item_group ORDER BY n;

CREATE TEMP TABLE item AS
SELECT ((g.n - 1) * 100 + i)::INT AS n, g.n <= 7 AS sold, g.prefix || '.' || lpad(i::VARCHAR, 5, '0') AS code, (100 + g.n)::INT AS group_code,
  g.name || ' ' || pick(['Lara', 'Efes', 'Truva', 'Asos', 'Göreme', 'Şirince', 'Ayvalık', 'Çeşme', 'Olimpos', 'Uludağ', 'Kaçkar', 'Ilgaz'], g.n * 1000 + i, 'model') || ' '
    || CASE WHEN g.n <= 7 THEN pick(['Ceviz', 'Meşe', 'Antrasit', 'Krem', 'Gri', 'Beyaz', 'Açık Kahve', 'Yeşil'], g.n * 1000 + i, 'colour')
       ELSE pick(['A Kalite', 'B Kalite', '18 mm', '22 mm', 'Kalın', 'İnce', 'Özel'], g.n * 1000 + i, 'grade') END
    || CASE WHEN i % 3 = 0 THEN ' ' || (80 + 10 * (i % 13))::VARCHAR || 'x' || (60 + 5 * (i % 7))::VARCHAR ELSE '' END AS name,
  CASE WHEN g.n <= 7 THEN 'AD' ELSE (['MT', 'M2', 'M2', 'PK', 'PK'])[g.n - 7] END AS unit,
  round(g.price * (0.5 + 1.3 * u(g.n * 1000 + i, 'price')), 2) AS price,
  CASE WHEN g.n > 7 THEN '02' ELSE pick(['01', '01', '01', '03', '04', '05'], g.n * 1000 + i, 'home') END AS warehouse
FROM item_group g, range(1, 101) AS t(i);

CREATE TABLE ITM1 AS
SELECT code AS "ItemCode", l::INT AS "PriceList", money(round(CASE l WHEN 1 THEN price WHEN 2 THEN price * 0.85 WHEN 3 THEN price * 0.8 / 33 ELSE price * 0.8 / 30 END, 2)) AS "Price",
  (['TRY', 'TRY', 'EUR', 'USD'])[l] AS "Currency"
FROM item, range(1, 5) AS t(l) WHERE sold OR l = 1 ORDER BY n, l;
CREATE TABLE OSPP AS
SELECT i.code AS "ItemCode", p.card AS "CardCode", money(round(i.price * (0.7 + 0.2 * u(p.key * 7 + k, 'special')), 2)) AS "Price", 'TRY' AS "Currency"
FROM partner p, range(5) AS t(k), item i
WHERE p.kind = 'C' AND p.currency = 'TRY' AND u(p.key, 'special') < 0.3 AND i.n = 1 + 140 * k + dice(p.key + k, 'item', 140) ORDER BY 2, 1;

CREATE TABLE OITT AS
SELECT code AS "Code", 1::DECIMAL(21, 6) AS "Qauntity", 'P' AS "TreeType", first_day() - 100 + dice(n, 'tree', 300) AS "CreateDate",
  until_day() - dice(n, 'revised', 400) AS "UpdateDate", 7 AS "UserSign", pick([1, 7], n, 'signed') AS "UserSign2"
FROM item WHERE sold AND u(n, 'tree') < 0.6 ORDER BY n;
CREATE TABLE ITT1 AS
SELECT f.code AS "Father", c.code AS "Code",
  money(greatest(0.001, round(f.price * ([0.24, 0.09, 0.22, 0.07, 0.03])[k + 1] * (0.6 + 0.8 * u(f.n * 10 + k, 'quantity')) / c.price, 3))) AS "Quantity", 4 AS "Type", k::INT AS "ChildNum"
FROM item f, range(5) AS t(k), item c
WHERE f.sold AND u(f.n, 'tree') < 0.6 AND c.n = 701 + 100 * k + dice(f.n * 10 + k, 'part', 100) ORDER BY f.n, k;

-- Customers, vendors and leads; one row each in `partner` with what the documents need of them.
CREATE TEMP TABLE partner AS
WITH counted AS (
  SELECT n, 'C' AS kind, '120.01.' || lpad(n::VARCHAR, 7, '0') AS card FROM range(1, 400 * size() + 1) AS t(n)
  UNION ALL SELECT n, 'S', '320.01.' || lpad(n::VARCHAR, 7, '0') FROM range(1, 151) AS t(n)
  UNION ALL SELECT n, 'L', 'ADAY.' || lpad(n::VARCHAR, 5, '0') FROM range(1, 31) AS t(n)
), keyed AS (SELECT *, n + ascii(kind) * 10000000 AS key FROM counted
), placed AS (
  SELECT *, u(key, 'abroad') < 0.14 AS abroad,
    pick(['Yıldız', 'Şahin', 'Öz', 'Güneş', 'Çınar', 'Doğuş', 'Işık', 'İpek', 'Kardeşler', 'Ulu', 'Akdeniz', 'Karadeniz', 'Ege',
      'Toros', 'Bozkurt', 'Çağdaş', 'Ümit', 'Güven', 'Başak', 'Yeşil', 'Altın', 'Gümüş', 'Ağaoğlu', 'Özgür', 'Şimşek', 'Kılıçoğlu',
      'Uğur', 'İnci', 'Ferah', 'Saray', 'Köşk', 'Çardak', 'Modern', 'Asır', 'Beyaz', 'Mavi', 'Ceviz', 'Meşe', 'Gürgen', 'Ihlamur'], key, 'word') AS word,
    pick(['İstanbul', 'İstanbul', 'İstanbul', 'Ankara', 'Ankara', 'İzmir', 'Bursa', 'Kayseri', 'Gaziantep', 'Konya', 'Antalya', 'Adana', 'Eskişehir',
      'Şanlıurfa', 'Muğla', 'Çorum', 'Denizli', 'Diyarbakır', 'Samsun', 'Iğdır', 'Tekirdağ', 'Balıkesir'], key, 'city') AS home
  FROM keyed)
SELECT n::INT AS n, key, kind, card, abroad,
  CASE WHEN abroad THEN pick(['Möbelhaus', 'Wohnwelt', 'Interior', 'Home', 'Casa', 'Meubelen'], key, 'shop') || ' '
      || pick(['Schäfer', 'Müller', 'van Dijk', 'Bakker', 'Smith', 'Al Rashid', 'Aliyev', 'Groß', 'Jansen', 'Popescu'], key, 'owner') || ' '
      || pick(['GmbH', 'B.V.', 'Ltd.', 'LLC', 'S.R.L.'], key, 'form')
    ELSE word || ' ' || CASE kind
      WHEN 'S' THEN pick(['Orman Ürünleri', 'Kumaş', 'Sünger', 'Hırdavat', 'Ambalaj', 'Boya ve Cila', 'Nakliyat', 'Metal'], key, 'trade')
      ELSE pick(['Mobilya', 'Ev Tekstili', 'Dekorasyon', 'İç Mimarlık', 'Yapı Market', 'Otelcilik', 'Büro Mobilyaları', 'Mağazacılık'], key, 'trade') END
      || ' ' || pick(['Ltd. Şti.', 'San. ve Tic. Ltd. Şti.', 'A.Ş.', 'San. ve Tic. A.Ş.', 'Tic.'], key, 'form') END AS name,
  CASE WHEN abroad THEN pick(['Berlin', 'Köln', 'Rotterdam', 'London', 'Bakü', 'Bağdat', 'București'], key, 'away') ELSE home END AS city,
  CASE WHEN abroad THEN pick(['DE', 'DE', 'NL', 'GB', 'AZ', 'IQ', 'RO'], key, 'away') ELSE 'TR' END AS country,
  CASE WHEN abroad THEN pick(['EUR', 'EUR', 'USD'], key, 'money') WHEN u(key, 'local') < 0.1 THEN pick(['EUR', 'USD'], key, 'money') ELSE 'TRY' END AS currency,
  1 + dice(key, 'terms', 6) AS terms,
  CASE WHEN kind = 'S' OR u(key, 'orphan') < 0.02 THEN -1 ELSE 1 + dice(key, 'sales', 12) END AS sales_person,
  CASE WHEN u(key, 'payer') < 0.06 THEN 'bad' WHEN u(key, 'payer') < 0.25 THEN 'slow' ELSE 'good' END AS payer
FROM placed;

CREATE TABLE OCRG AS SELECT n::INT AS "GroupCode", name AS "GroupName"
FROM (VALUES (100, 'Bayiler'), (101, 'Perakende'), (102, 'Kurumsal ve Proje'), (103, 'İhracat'), (110, 'Hammadde Tedarikçileri'),
  (111, 'Hizmet Tedarikçileri')) AS t(n, name);
CREATE TABLE OCPR AS
SELECT row_number() OVER (ORDER BY card, i)::INT AS "CntctCode", card AS "CardCode", name AS "Name",
  ascii_word(name) || '@' || lower(replace(card, '.', '')) || '.example' AS "E_MailL", 'Y' AS "Active"
FROM (
  SELECT card, i, pick(['Ahmet', 'Fatma', 'Hasan', 'Özlem', 'Çağla', 'İsmail', 'Şule', 'Burak', 'Gözde', 'Umut', 'Ebru', 'Tolga'], key + i, 'first')
    || ' ' || pick(['Kaya', 'Demir', 'Çetin', 'Şen', 'Özkan', 'Yıldırım', 'Güler', 'Aksoy', 'Işık', 'Bulut', 'Tekin', 'Ünlü'], key + i, 'last') AS name
  FROM partner, range(2) AS t(i) WHERE i = 0 OR u(key, 'second') < 0.4);

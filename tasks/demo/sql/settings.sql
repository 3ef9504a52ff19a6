-- The company itself: its settings, periods, holidays, rates, accounts and people.
CREATE TABLE OADM AS SELECT 'Anadolu Meşe Mobilya San. ve Tic. A.Ş.' AS "CompnyName", 'TRY' AS "MainCurncy",
  2 AS "SumDec", 4 AS "PriceDec", 3 AS "QtyDec", 2 AS "PercentDec", 4 AS "RateDec",
  ',' AS "DecSep", '.' AS "ThousSep", 1 AS "DateFormat", '.' AS "DateSep";
CREATE TABLE DUMMY AS SELECT 'X' AS "DUMMY";

CREATE TABLE OFPR AS
SELECT row_number() OVER (ORDER BY day)::INT AS "AbsEntry", strftime(day, '%Y-%m') AS "Code", strftime(day, '%Y-%m') AS "Name",
  day AS "F_RefDate", last_day(day) AS "T_RefDate",
  CASE WHEN day < date_trunc('month', until_day()) - INTERVAL 3 MONTH THEN 'Y' ELSE 'N' END AS "PeriodStat"
FROM (SELECT unnest(generate_series(date_trunc('year', first_day())::DATE,
  date_trunc('year', until_day())::DATE + INTERVAL 11 MONTH, INTERVAL 1 MONTH))::DATE AS day);

CREATE TEMP TABLE holiday_year AS SELECT y::INT AS y FROM range(year(first_day()), year(until_day()) + 2) AS t(y);
CREATE TABLE OHLD AS SELECT 'TR' || y AS "HldCode", '6' AS "WndFrm", '7' AS "WndTo" FROM holiday_year ORDER BY y;
CREATE TABLE HLD1 AS
SELECT 'TR' || year(d) AS "HldCode", d AS "StrDate", d + days AS "EndDate", remark AS "Rmrks"
FROM (
  SELECT make_date(y, m, d) AS d, 0 AS days, remark FROM holiday_year, (VALUES
    (1, 1, 'Yılbaşı'), (4, 23, 'Ulusal Egemenlik ve Çocuk Bayramı'), (5, 1, 'Emek ve Dayanışma Günü'),
    (5, 19, 'Atatürk''ü Anma, Gençlik ve Spor Bayramı'), (7, 15, 'Demokrasi ve Millî Birlik Günü'),
    (8, 30, 'Zafer Bayramı'), (10, 29, 'Cumhuriyet Bayramı')) AS fixed(m, d, remark)
  UNION ALL
  SELECT d, days, remark FROM (VALUES
    (DATE '2024-04-10', 2, 'Ramazan Bayramı'), (DATE '2024-06-16', 3, 'Kurban Bayramı'),
    (DATE '2025-03-30', 2, 'Ramazan Bayramı'), (DATE '2025-06-06', 3, 'Kurban Bayramı'),
    (DATE '2026-03-20', 2, 'Ramazan Bayramı'), (DATE '2026-05-27', 3, 'Kurban Bayramı')) AS moving(d, days, remark)
  WHERE year(d) IN (FROM holiday_year)
) ORDER BY d;

-- A dollar of 30 TRY on 1 January 2024 that gains 18 % a year and trembles; the euro stands 8 % above it.
CREATE TEMP TABLE rate AS
WITH dollar AS (
  SELECT d::DATE AS day, 30 * exp(0.00045 * (d::DATE - DATE '2024-01-01')) * (1 + 0.01 * (u(epoch(d), 'usd') - 0.5)) AS usd
  FROM generate_series(first_day() - 60, until_day(), INTERVAL 1 DAY) AS t(d))
SELECT day, 'USD' AS currency, round(usd, 4)::DECIMAL(21, 6) AS rate FROM dollar
UNION ALL SELECT day, 'EUR', round(usd * (1.08 + 0.02 * (u(epoch(day), 'eur') - 0.5)), 4)::DECIMAL(21, 6) FROM dollar
UNION ALL SELECT day, 'TRY', 1 FROM dollar;
CREATE TABLE ORTT AS
SELECT day AS "RateDate", currency AS "Currency", rate AS "Rate" FROM rate WHERE currency <> 'TRY' ORDER BY day, currency;

CREATE TABLE OSLP AS
SELECT -1 AS "SlpCode", '-Satış Çalışanı Yok-' AS "SlpName", NULL::VARCHAR AS "Email", 'Y' AS "Active"
UNION ALL
SELECT n::INT, name, ascii_word(name) || '@anadolumese.example', flag(n <> 12)
FROM (SELECT unnest(range(1, 13)) AS n, unnest(['Ayşe Yılmaz', 'Mehmet Öztürk', 'Elif Şahin', 'Mustafa Çelik',
  'Zeynep Aydın', 'Emre Koç', 'Gülşen Doğan', 'İbrahim Güneş', 'Çiğdem Arslan', 'Oğuzhan Kılıç', 'Büşra Ünal', 'Hüseyin Işık']) AS name);
CREATE TABLE OUSR AS
SELECT n::INT AS "USERID", code AS "USER_CODE", name AS "U_NAME", ascii_word(name) || '@anadolumese.example' AS "E_Mail"
FROM (SELECT unnest(range(1, 9)) AS n,
  unnest(['manager', 'muhasebe', 'satis1', 'satis2', 'satinalma', 'depo', 'uretim', 'yonetim']) AS code,
  unnest(['Sistem Yöneticisi', 'Şükran Bozkurt', 'Ayşe Yılmaz', 'Mehmet Öztürk', 'Tuğba Erdoğan', 'Kadir Yıldız', 'Gökhan Uçar', 'Nilgün Taş']) AS name);

CREATE TABLE OCTG AS SELECT n::INT AS "GroupNum", name AS "PymntGroup", days::INT AS "ExtraDays"
FROM (VALUES (1, 'Peşin', 0), (2, '15 Gün Vadeli', 15), (3, '30 Gün Vadeli', 30), (4, '45 Gün Vadeli', 45),
  (5, '60 Gün Vadeli', 60), (6, '90 Gün Vadeli', 90)) AS t(n, name, days);
CREATE TABLE OWHS AS SELECT code AS "WhsCode", name AS "WhsName"
FROM (VALUES ('01', 'Merkez Mamul Depo'), ('02', 'Hammadde Deposu'), ('03', 'İstanbul Bölge Deposu'),
  ('04', 'İzmir Bölge Deposu'), ('05', 'Mağaza Depo'), ('06', 'İade ve Hurda')) AS t(code, name);
CREATE TABLE OUOM AS SELECT n::INT AS "UomEntry", code AS "UomCode", name AS "UomName"
FROM (VALUES (1, 'AD', 'Adet'), (2, 'M2', 'Metrekare'), (3, 'MT', 'Metre'), (4, 'KG', 'Kilogram'), (5, 'TK', 'Takım'), (6, 'PK', 'Paket')) AS t(n, code, name);
CREATE TABLE OPLN AS SELECT n::INT AS "ListNum", name AS "ListName"
FROM (VALUES (1, 'Perakende TRY'), (2, 'Bayi TRY'), (3, 'İhracat EUR'), (4, 'İhracat USD')) AS t(n, name);

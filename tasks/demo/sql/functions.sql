-- HANA's functions that DuckDB has not, or has with another meaning; dates may come as text.
CREATE MACRO hana_date(x) AS coalesce(try_cast(x AS DATE), CAST(strptime(CAST(x AS VARCHAR), '%Y%m%d') AS DATE));
CREATE MACRO hana_moment(x) AS coalesce(try_cast(x AS TIMESTAMP), strptime(CAST(x AS VARCHAR), '%Y%m%d'));
CREATE MACRO hana_compact(x) AS CASE WHEN typeof(x) IN ('DATE', 'TIMESTAMP')
  THEN replace(replace(CAST(x AS VARCHAR), '-', ''), ' 00:00:00', '') ELSE CAST(x AS VARCHAR) END;

CREATE MACRO hana_add_days(d, n) AS hana_date(d) + CAST(n AS INTEGER);
CREATE MACRO hana_add_months(d, n) AS CAST(hana_date(d) + to_months(CAST(n AS INTEGER)) AS DATE);
CREATE MACRO hana_add_years(d, n) AS CAST(hana_date(d) + to_years(CAST(n AS INTEGER)) AS DATE);
CREATE MACRO hana_moment_add_days(d, n) AS hana_moment(d) + to_days(CAST(n AS INTEGER));
CREATE MACRO hana_moment_add_months(d, n) AS hana_moment(d) + to_months(CAST(n AS INTEGER));
CREATE MACRO hana_moment_add_years(d, n) AS hana_moment(d) + to_years(CAST(n AS INTEGER));
CREATE MACRO hana_add_seconds(d, n) AS hana_moment(d) + to_seconds(n);
CREATE MACRO hana_days_between(a, b) AS hana_date(b) - hana_date(a);
CREATE MACRO hana_months_between(a, b) AS datesub('month', hana_date(a), hana_date(b));
CREATE MACRO hana_years_between(a, b) AS datesub('year', hana_date(a), hana_date(b));
CREATE MACRO hana_seconds_between(a, b) AS datediff('second', hana_moment(a), hana_moment(b));
CREATE MACRO hana_last_day(d) AS last_day(hana_date(d));
CREATE MACRO hana_next_day(d) AS hana_date(d) + 1;

CREATE MACRO hana_year(d) AS CAST(year(hana_date(d)) AS INTEGER);
CREATE MACRO hana_month(d) AS CAST(month(hana_date(d)) AS INTEGER);
CREATE MACRO hana_dayofmonth(d) AS CAST(day(hana_date(d)) AS INTEGER);
CREATE MACRO hana_dayofyear(d) AS CAST(dayofyear(hana_date(d)) AS INTEGER);
CREATE MACRO hana_hour(d) AS CAST(hour(hana_moment(d)) AS INTEGER);
CREATE MACRO hana_minute(d) AS CAST(minute(hana_moment(d)) AS INTEGER);
CREATE MACRO hana_second(d) AS CAST(second(hana_moment(d)) AS INTEGER);
-- Monday is 0; the first week is the one of 1 January.
CREATE MACRO hana_weekday(d) AS CAST(isodow(hana_date(d)) - 1 AS INTEGER);
CREATE MACRO hana_week(d) AS CAST((dayofyear(hana_date(d)) + isodow(date_trunc('year', hana_date(d))) - 2) // 7 + 1 AS INTEGER);
CREATE MACRO hana_isoweek(d) AS strftime(hana_date(d), '%G-W%V');
CREATE MACRO hana_quarter(d, first := 1) AS
  strftime(hana_date(d) - to_months(first - 1), '%Y') || '-Q' || quarter(hana_date(d) - to_months(first - 1));
CREATE MACRO hana_dayname(d) AS upper(dayname(hana_date(d)));
CREATE MACRO hana_monthname(d) AS upper(monthname(hana_date(d)));

CREATE MACRO hana_today() AS current_date;
CREATE MACRO hana_now() AS CAST(current_timestamp AS TIMESTAMP);
CREATE MACRO hana_utcnow() AS current_timestamp AT TIME ZONE 'UTC';
CREATE MACRO hana_integer(x) AS CAST(trunc(CAST(x AS DECIMAL(38, 6))) AS BIGINT);
CREATE MACRO hana_divide(a, b) AS CASE WHEN b = 0 THEN error('division by zero') ELSE CAST(a / b AS DECIMAL(38, 10)) END;
CREATE MACRO hana_locate(hay, needle, first := 1) AS CASE
  WHEN instr(substr(CAST(hay AS VARCHAR), CAST(first AS BIGINT)), CAST(needle AS VARCHAR)) = 0 THEN 0
  ELSE CAST(instr(substr(CAST(hay AS VARCHAR), CAST(first AS BIGINT)), CAST(needle AS VARCHAR)) + first - 1 AS INTEGER) END;
CREATE MACRO hana_substr_before(x, mark) AS
  CASE WHEN contains(x, mark) THEN left(x, instr(x, mark) - 1) ELSE '' END;
CREATE MACRO hana_substr_after(x, mark) AS
  CASE WHEN contains(x, mark) THEN substr(x, instr(x, mark) + length(mark)) ELSE '' END;

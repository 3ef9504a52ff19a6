-- HANA's functions that DuckDB has not, or has with another meaning.
CREATE MACRO hana_date(x) AS coalesce(try_cast(x AS DATE), CAST(strptime(CAST(x AS VARCHAR), '%Y%m%d') AS DATE));

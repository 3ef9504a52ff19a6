-- Every line that was posted on a day, with the names of its account and of its partner.
SELECT T0."TransId" AS "Entry", T1."Line_ID" + 1 AS "Line", T0."RefDate" AS "Posted",
       MAP(T0."TransType", '13', 'Sales invoice', '14', 'Sales return', '18', 'Purchase invoice', '24', 'Money received',
           '30', 'Journal entry', '46', 'Money paid', 'Other') AS "Kind",
       T0."Memo" AS "Remark", T1."Account" AS "Account", T2."AcctName" AS "Account name",
       T3."CardCode" AS "Partner", T3."CardName" AS "Partner name",
       TO_DECIMAL(ROUND(T1."Debit", 2), 21, 2) AS "Debit (TRY)", TO_DECIMAL(ROUND(T1."Credit", 2), 21, 2) AS "Credit (TRY)",
       T1."FCCurrency" AS "Currency",
       CASE WHEN T1."FCCurrency" IS NOT NULL THEN TO_DECIMAL(ROUND(T1."FCDebit", 2), 21, 2) END AS "Debit in the currency",
       CASE WHEN T1."FCCurrency" IS NOT NULL THEN TO_DECIMAL(ROUND(T1."FCCredit", 2), 21, 2) END AS "Credit in the currency"
FROM "{schema}"."OJDT" T0
INNER JOIN "{schema}"."JDT1" T1 ON T1."TransId" = T0."TransId"
LEFT JOIN "{schema}"."OACT" T2 ON T2."AcctCode" = T1."Account"
LEFT JOIN "{schema}"."OCRD" T3 ON T3."CardCode" = T1."ShortName"
WHERE T0."RefDate" = TO_DATE(:day) AND T1."Debit" + T1."Credit" >= :minimum
ORDER BY T0."TransId", T1."Line_ID"

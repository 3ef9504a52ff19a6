-- What a real company has and the demo company has not: the rules of the reports show only on these rows.

-- Cancelled documents ('Y') and the documents that cancel them ('C'), which still look open.
UPDATE OINV SET "CANCELED" = CASE "DocEntry" % 50 WHEN 0 THEN 'Y' ELSE 'C' END WHERE "DocEntry" % 50 IN (0, 1);
UPDATE ORIN SET "CANCELED" = CASE "DocEntry" % 9 WHEN 0 THEN 'Y' ELSE 'C' END WHERE "DocEntry" % 9 IN (0, 1);
UPDATE ODLN SET "CANCELED" = CASE "DocEntry" % 50 WHEN 0 THEN 'Y' ELSE 'C' END WHERE "DocEntry" % 50 IN (0, 1);
UPDATE ORDR SET "CANCELED" = 'Y' WHERE "DocEntry" % 40 = 0;
UPDATE OPCH SET "CANCELED" = CASE "DocEntry" % 20 WHEN 0 THEN 'Y' ELSE 'C' END WHERE "DocEntry" % 20 IN (0, 1);
UPDATE OPDN SET "CANCELED" = CASE "DocEntry" % 20 WHEN 0 THEN 'Y' ELSE 'C' END WHERE "DocEntry" % 20 IN (0, 1);
UPDATE OPOR SET "CANCELED" = 'Y' WHERE "DocEntry" % 15 = 0;
UPDATE JDT1 SET "BalDueDeb" = 0, "BalDueCred" = 0 WHERE "TransId" IN (
  SELECT j."TransId" FROM OJDT j LEFT JOIN OINV i ON j."TransType" = '13' AND i."DocEntry" = j."CreatedBy"
  LEFT JOIN OPCH p ON j."TransType" = '18' AND p."DocEntry" = j."CreatedBy" WHERE i."CANCELED" <> 'N' OR p."CANCELED" <> 'N');

-- A return that is not set against its invoice yet.
UPDATE ORIN SET "PaidToDate" = 0, "DocStatus" = 'O' WHERE "DocEntry" % 9 = 4;
UPDATE JDT1 SET "BalDueCred" = JDT1."Credit" FROM OJDT j JOIN ORIN r ON r."DocEntry" = j."CreatedBy" AND r."DocEntry" % 9 = 4
WHERE j."TransType" = '14' AND JDT1."TransId" = j."TransId" AND JDT1."Line_ID" = 0;

-- Amounts of more than two decimals, whose half is rounded up.
UPDATE OINV SET "DocTotal" = "DocTotal" + 0.005 WHERE "DocEntry" % 7 = 0;
UPDATE JDT1 SET "BalDueDeb" = "BalDueDeb" + 0.005 FROM OJDT j
WHERE j."TransId" = JDT1."TransId" AND j."TransType" = '13' AND j."CreatedBy" % 7 = 0 AND JDT1."BalDueDeb" > 0;
UPDATE RDR1 SET "OpenSum" = "OpenSum" + 0.005 WHERE "DocEntry" % 7 = 0 AND "OpenQty" > 0;
UPDATE OITW SET "AvgPrice" = "AvgPrice" + 0.004999 WHERE "WhsCode" = '02';

-- What Business One leaves empty.
UPDATE OINV SET "DiscPrcnt" = NULL WHERE "DiscPrcnt" = 0 AND "DocEntry" % 3 = 0;
UPDATE ODLN SET "DiscPrcnt" = NULL WHERE "DiscPrcnt" = 0 AND "DocEntry" % 3 = 0;
UPDATE ORDR SET "DiscPrcnt" = NULL WHERE "DiscPrcnt" = 0 AND "DocEntry" % 3 = 0;
UPDATE ORIN SET "DiscPrcnt" = NULL WHERE "DiscPrcnt" = 0 AND "DocEntry" % 3 = 0;
UPDATE PDN1 SET "Rate" = NULL WHERE "Currency" = 'TRY' AND "DocEntry" % 2 = 0;
UPDATE INV1 SET "ItemCode" = NULL WHERE "DocEntry" % 11 = 0;
UPDATE ORDR SET "SlpCode" = NULL WHERE "DocEntry" % 13 = 0;
UPDATE ODLN SET "SlpCode" = NULL WHERE "DocEntry" % 13 = 0;
UPDATE OINV SET "SlpCode" = NULL WHERE "DocEntry" % 13 = 0;
UPDATE OCRD SET "SlpCode" = NULL, "GroupNum" = NULL WHERE "CardCode" LIKE '%8' OR "CardCode" LIKE '%1';
DELETE FROM OITW WHERE "WhsCode" = '03' AND "ItemCode" LIKE 'MSA%';

-- Deliveries that are invoiced in part: one line closed, another half done.
UPDATE DLN1 SET "OpenQty" = 0, "OpenSum" = 0, "LineStatus" = 'C' WHERE "LineNum" = 1 AND "DocEntry" % 2 = 0;
UPDATE DLN1 SET "OpenQty" = "OpenQty" / 2, "OpenSum" = "OpenSum" / 2 WHERE "LineNum" = 0 AND "DocEntry" % 3 = 0;

-- Lines and documents that were closed by hand keep their open quantity; a line of nothing stays open.
UPDATE DLN1 SET "LineStatus" = 'C' WHERE "LineNum" = 2 AND "DocEntry" % 3 = 0;
UPDATE RDR1 SET "LineStatus" = 'C' WHERE "LineNum" = 2 AND "DocEntry" % 3 = 0;
UPDATE POR1 SET "LineStatus" = 'C' WHERE "LineNum" = 2 AND "DocEntry" % 3 = 0;
UPDATE ODLN SET "DocStatus" = 'C' WHERE "DocEntry" % 6 = 5;
UPDATE ORDR SET "DocStatus" = 'C' WHERE "DocEntry" % 23 = 5;
UPDATE OPOR SET "DocStatus" = 'C' WHERE "DocEntry" % 23 = 5;
UPDATE DLN1 SET "OpenQty" = 0, "OpenSum" = 0 WHERE "LineNum" = 1 AND "DocEntry" % 5 = 1 AND "LineStatus" = 'O';
UPDATE RDR1 SET "OpenQty" = 0, "OpenSum" = 0 WHERE "LineNum" = 1 AND "DocEntry" % 5 = 1 AND "LineStatus" = 'O';

-- A customer with nothing but a delivery, a group without a budget, and a budget without sales.
UPDATE OCRD SET "Balance" = 0, "OrdersBal" = 0, "DNotesBal" = 1000 WHERE "CardType" = 'C' AND "CardCode" LIKE '%55';
DELETE FROM "@SALESBUDGET" WHERE "U_ItmsGrpCod" = 103;
UPDATE "@SALESBUDGET" SET "U_ItmsGrpCod" = 108 WHERE "U_ItmsGrpCod" = 105;

-- Materials that were never bought, are not kept in stock, have no cost or come in packs; products without a price.
DELETE FROM PDN1 WHERE "ItemCode" LIKE 'AMB%8';
UPDATE OITM SET "InvntItem" = 'N' WHERE "ItemCode" LIKE 'HRD%2';
UPDATE OITW SET "AvgPrice" = NULL WHERE "ItemCode" LIKE 'SNG%4';
UPDATE PDN1 SET "UomCode" = 'PK' WHERE "DocEntry" % 6 = 3;
DELETE FROM ITM1 WHERE "ItemCode" LIKE 'SND%4' OR "ItemCode" LIKE 'MSA%4';

-- Goods that came for nothing, a customer without a limit, a title above the bank accounts.
UPDATE PDN1 SET "Price" = 0 WHERE "DocEntry" % 17 = 0 AND "LineNum" = 0;
UPDATE OCRD SET "CreditLine" = 0 WHERE "CardType" = 'C' AND "CardCode" LIKE '%3';
INSERT INTO OACT SELECT '102', 'Bankalar', 'N', "CurrTotal" FROM OACT WHERE "AcctCode" = '102.01';

-- Products within products, bills for four pieces, a machine among the parts, a kit for sales, and a part that has no price.
UPDATE OITT SET "Qauntity" = 4 WHERE "Code" LIKE '%7';
UPDATE OITT SET "TreeType" = 'S' WHERE "Code" LIKE 'KTP%5';
INSERT INTO ITT1 SELECT "Code", 'RES-01', 3, 290, 9 FROM OITT WHERE "Code" LIKE 'MSA%';
INSERT INTO ITT1 SELECT f."Code", c."Code", 2, 4, 10 FROM OITT f JOIN OITT c ON c."Code" = replace(f."Code", 'KLT', 'SHP') WHERE f."Code" LIKE 'KLT%';
INSERT INTO ITT1 SELECT f."Code", c."Code", 3, 4, 11 FROM OITT f JOIN OITT c ON c."Code" = replace(f."Code", 'SHP', 'MSA') WHERE f."Code" LIKE 'SHP%';
INSERT INTO ITT1 SELECT f."Code", c."Code", 5, 4, 12 FROM OITT f JOIN OITT c ON c."Code" = replace(f."Code", 'MSA', 'SND') WHERE f."Code" LIKE 'MSA%';
UPDATE OITW SET "AvgPrice" = 0 WHERE "ItemCode" LIKE 'AMB%9';

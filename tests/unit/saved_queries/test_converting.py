"""From a saved query to a report: types, titles, places, and what cannot become one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reports.guard import check
from tasks.reports.parameters import ParameterType
from tasks.reports.render import Language
from tasks.saved_queries.converting import Company, Converted, Outcome, convert
from tasks.saved_queries.reading import SavedQuery
from tasks.sources import sql_text

DATE, INTEGER, DECIMAL, TEXT = (
    ParameterType.DATE,
    ParameterType.INTEGER,
    ParameterType.DECIMAL,
    ParameterType.TEXT,
)
ORDERS = {"DocNum": INTEGER, "DocDate": DATE, "DocDueDate": DATE, "CardCode": TEXT}
TYPES = {
    "ORDR": ORDERS | {"DocTotal": DECIMAL, "DocEntry": INTEGER, "U_Bölge": TEXT, "Comments": TEXT},
    "OINV": ORDERS | {"DocTotal": DECIMAL, "PaidToDate": DECIMAL, "SlpCode": INTEGER},
    "OCRD": {"CardCode": TEXT, "CardName": TEXT, "Balance": DECIMAL, "CreateDate": DATE},
}
COMPANY = Company(TYPES, {table: frozenset(columns) for table, columns in TYPES.items()})
FROM = 'SELECT T0."DocNum" FROM ORDR T0 WHERE '


def converted(text: str, language: Language = Language.ENGLISH) -> Converted:
    return convert(SavedQuery(1, "Sales", "Orders", text), COMPANY, language)


def asked(text: str) -> list[tuple[str, ParameterType]]:
    """The parameters that a text gets, which must be one that can be taken."""
    found = converted(text)
    assert found.problems == ()
    return [(one.name, one.type) for one in found.parameters]


def refusal(text: str) -> str:
    found = converted(text)
    assert found.outcome is Outcome.CANNOT
    assert (found.parameters, found.changes) == ((), ())
    return " ".join(f"{one.line}:{one.column} {one.message}" for one in found.problems)


@pytest.mark.parametrize(
    ("condition", "name", "type"),
    [
        ('T0."DocDate" >= [%0]', "doc_date_from", DATE),
        ("T0.\"DocDate\" <= '[%0]'", "doc_date_to", DATE),
        ('[%0] <= T0."DocDate"', "doc_date_from", DATE),
        ("T0.\"DocDate\" = N'[%0]'", "doc_date", DATE),
        ('T0."DocNum" = [%0]', "doc_num", INTEGER),
        ('T0."DocTotal" > [%0]', "doc_total_from", DECIMAL),
        ("T0.\"CardCode\" = '[%0]'", "card_code", TEXT),
        ("T0.\"CardCode\" LIKE '[%0]'", "card_code", TEXT),
        ("T0.\"CardCode\" IN ('[%0]')", "card_code", TEXT),
        ("UPPER(T0.\"CardCode\") = UPPER('[%0]')", "card_code", TEXT),
        ("IFNULL(T0.\"Comments\", '') <> '[%0]'", "comments", TEXT),
        ("T0.\"U_Bölge\" = '[%0]'", "bolge", TEXT),
        ('YEAR(T0."DocDate") = [%0]', "doc_date_year", INTEGER),
        ('EXTRACT(MONTH FROM T0."DocDate") = [%0]', "value", INTEGER),
        ("TO_VARCHAR(T0.\"DocDate\", 'YYYY-MM') = '[%0]'", "doc_date_to_varchar", TEXT),
        ('DAYS_BETWEEN(T0."DocDate", NOW()) > [%0]', "doc_date_days_between_from", INTEGER),
        ('T0."DocDate" > ADD_DAYS(CURRENT_DATE, -[%0])', "value", INTEGER),
        ('T0."DocDate" > ADD_DAYS([%0], 1)', "value", DATE),
        ("T0.\"DocDate\" = TO_DATE('[%0]')", "doc_date", DATE),
        ("T0.\"DocDate\" = TO_DATE('[%0]', 'DD.MM.YYYY')", "value", TEXT),
        ("T0.\"DocDate\" = CAST('[%0]' AS DATE)", "value", DATE),
        ('T0."DocTotal" * [%0] > 5', "value", DECIMAL),
        ('EXISTS (SELECT 1 FROM OCRD C WHERE C."Balance" > [%0])', "balance_from", DECIMAL),
        ('EXISTS (SELECT 1 FROM OCRD C WHERE T0."DocDate" < [%0])', "doc_date_to", DATE),
        ('T0."DocNum" > (SELECT 1 FROM OINV WHERE "SlpCode" = [%0])', "slp_code", INTEGER),
    ],
)  # fmt: skip
def test_the_type_and_the_name_come_from_what_a_value_is_compared_with(
    condition: str, name: str, type: ParameterType
) -> None:
    assert asked(FROM + condition) == [(name, type)]


def test_a_column_is_followed_into_a_query_within_and_a_with() -> None:
    within = 'SELECT X."D" FROM (SELECT "DocDate" AS "D" FROM ORDR) X WHERE X."D" = \'[%0]\''
    assert asked(within) == [("d", DATE)]
    of_a_with = 'WITH x AS (SELECT "DocTotal" AS "T" FROM OINV) SELECT "T" FROM x WHERE "T" > [%0]'
    assert asked(of_a_with) == [("t_from", DECIMAL)]


def test_between_asks_for_both_ends() -> None:
    found = converted(FROM + 'T0."DocDate" BETWEEN [%0] AND [%1]')
    assert found.sql.endswith('T0."DocDate" BETWEEN :doc_date_from AND :doc_date_to')
    assert [one.label for one in found.parameters] == ["Posting date (from)", "Posting date (to)"]


def test_how_many_rows_are_wanted_is_a_whole_number() -> None:
    assert asked('SELECT TOP [%0] "DocNum" FROM ORDR') == [("rows", INTEGER)]
    assert asked('SELECT "DocNum" FROM ORDR LIMIT [%0]') == [("rows", INTEGER)]


def test_the_same_mark_twice_is_one_parameter() -> None:
    text = FROM + 'T0."DocDate" = [%0] OR T0."DocDueDate" = \'[%0]\''
    assert asked(text) == [("doc_date", DATE)]
    assert converted(text).sql.count(":doc_date") == 2


def test_two_marks_for_one_column_have_names_of_their_own() -> None:
    found = converted(FROM + "T0.\"CardCode\" IN ('[%0]', '[%1]')")
    assert [one.name for one in found.parameters] == ["card_code", "card_code_2"]
    assert [one.label for one in found.parameters] == ["Business partner", "Business partner 2"]


def test_a_value_that_is_a_date_here_and_a_text_there_is_a_text() -> None:
    text = FROM + "T0.\"DocDate\" = '[%0]' OR T0.\"CardCode\" = '[%0]'"
    assert asked(text) == [("doc_date", TEXT)]
    number = FROM + 'T0."DocNum" = [%0] OR T0."DocTotal" = [%0]'
    assert asked(number) == [("doc_num", DECIMAL)]


def test_a_mark_within_a_text_is_joined_to_it_and_may_stay_empty() -> None:
    found = converted(FROM + "T0.\"CardCode\" LIKE '%[%0]%'")
    assert found.sql.endswith("LIKE '%' || IFNULL(:card_code, '') || '%'")
    assert [one.required for one in found.parameters] == [False]
    assert "a text that may stay empty" in found.changes[0].message
    two = converted(FROM + "T0.\"Comments\" = 'it''s [%0]-[%1]!'")
    assert "'it''s ' || IFNULL(:comments, '') || '-' || IFNULL(:comments_2, '') || '!'" in two.sql


def test_a_query_that_is_made_for_an_empty_value_keeps_working_with_one() -> None:
    found = converted(FROM + "(T0.\"CardCode\" = '[%0]' OR '[%0]' = '')")
    wanted = "(T0.\"CardCode\" = IFNULL(:card_code, '') OR IFNULL(:card_code, '') = '')"
    assert found.sql.endswith(wanted)
    assert not found.parameters[0].required


def test_the_comment_of_business_one_says_which_column_is_meant() -> None:
    found = converted(
        '/* SELECT FROM "SBO"."OINV" T9 WHERE T9."DocDueDate" <= [%0] */\n'
        'SELECT X."D" FROM (SELECT "DocDate" AS "D" FROM ORDR) X WHERE X."D" = \'[%0]\''
    )
    [parameter] = found.parameters
    assert (parameter.name, parameter.type) == ("doc_due_date_to", DATE)
    assert parameter.label == "Due date (to)"
    assert found.sql.startswith("/* SELECT FROM")
    of_the_other_server = (
        "/* SELECT FROM [dbo].[OINV] T0 WHERE T0.[DocDate] >= [%0] */ SELECT '[%0]' AS A FROM DUMMY"
    )
    assert asked(of_the_other_server) == [("doc_date_from", DATE)]
    at_the_mark = "/* SELECT * FROM OCRD T5 */ SELECT /* T5.\"Balance\" */ '[%0]' AS A FROM DUMMY"
    assert asked(at_the_mark) == [("balance", DECIMAL)]


def test_a_mark_in_a_comment_alone_asks_nothing() -> None:
    text = '/* SELECT FROM ORDR T0 WHERE T0."DocDate" = [%0] */ SELECT "DocNum" FROM ORDR -- [%1]'
    found = converted(text)
    assert (found.outcome, found.parameters, found.sql) == (Outcome.AS_IT_IS, (), text)


def test_titles_are_in_the_language_of_the_reader() -> None:
    found = converted(FROM + 'T0."DocDate" > [%0] AND T0."DocTotal" > [%1]', Language.TURKISH)
    labels = [one.label for one in found.parameters]
    assert labels == ["Kayıt tarihi (başlangıç)", "Belge toplamı (en az)"]


def test_what_is_only_for_business_ones_window_is_taken_away() -> None:
    found = converted('SELECT "DocNum"\rFROM ORDR\r\nFOR BROWSE;')
    assert (found.sql, found.outcome) == ('SELECT "DocNum"\nFROM ORDR', Outcome.WITH_CHANGES)
    assert (found.changes[0].line, found.changes[0].message[:10]) == (3, "FOR BROWSE")


def test_without_a_catalogue_any_name_goes_and_business_ones_way_of_naming_helps() -> None:
    query = SavedQuery(1, "", "", 'SELECT "A" FROM "@MINE" WHERE "U_OpenDate" > [%0]')
    found = convert(query, Company({}), Language.ENGLISH)
    assert [(one.name, one.type) for one in found.parameters] == [("open_date_from", DATE)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('SELECT "DocNum" FROM [%0]', "1:22 [%0] stands for a name here"),
        ('SELECT "DocNum" FROM "[%0]"', "stands for a name here"),
        ("SELECT T0.[%0] FROM ORDR T0", "stands for a name here"),
        ("SELECT T0[%0] FROM ORDR T0", "stands for a name here"),
        ('SELECT "DocNum" FROM [%0].ORDR', "stands for a name here"),
        ('SELECT "DocNum" AS [%0] FROM ORDR', "stands for a name here"),
        ('SELECT "DocNum" FROM ORDR ORDER BY [%0]', "stands for a name here"),
        ('SELECT "DocNum" FROM ORDR ORDER BY 1, [%0] DESC', "stands for a name here"),
        ("SELECT COUNT(*) FROM ORDR GROUP BY [%0]", "stands for a name here"),
        ('SELECT "DocNum" FROM ORDR WHERE "DocNum" IN [%0]', "IN ([%0])"),
        ('SELECT "CardName" FROM OCRD WHERE "CardCode" = $[$4.0.0]', "reads a field of the form"),
        ("SELECT '$[OINV.CardCode]' FROM DUMMY", "reads a field of the form"),
        ('CALL "MY_PROC"([%0])', "CALL runs a procedure"),
        ('{CALL "MY_PROC"(?)}', "not with {"),
        ("EXEC MY_PROC '[%0]'", "EXEC runs a procedure"),
        ("UPDATE ORDR SET \"Comments\" = '[%0]'", "UPDATE changes rows"),
        ('INSERT INTO ORDR ("DocNum") VALUES ([%0])', "INSERT changes rows"),
        ("DELETE FROM ORDR", "DELETE changes rows"),
        ('CREATE LOCAL TEMPORARY TABLE "#T" ("A" INT)', "CREATE changes the database"),
        ('SELECT "DocNum" INTO "#T" FROM ORDR', "SELECT … INTO writes"),
        ("SELECT * FROM #T", "Temporary tables cannot be used"),
        ("DROP TABLE ORDR", "DROP changes the database"),
        ('SELECT "DocNum" FROM ORDR; SELECT 1 FROM DUMMY', "Only one query"),
        ("DO BEGIN SELECT 1 FROM DUMMY; END", "DO belongs to a script"),
        ('SELECT "Docnum" FROM ORDR', 'The column "Docnum" does not exist. Did you mean "DocNum"'),
        ('SELECT "A" FROM OXYZ', 'The table "OXYZ" does not exist'),
        ("", "There is no query"),
        ("-- only a comment", "There is no query"),
        ('SELECT "DocNum FROM ORDR', "never closed"),
    ],
)
def test_what_cannot_become_a_report_says_why(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("SELECT T0.[DocNum] FROM ORDR T0", "[DocNum]"),
        ('SELECT "DocNum" FROM dbo.ORDR', "dbo"),
        ("SELECT ISNULL(\"Comments\", '') FROM ORDR", "ISNULL"),
        ("SELECT GETDATE() FROM DUMMY", "GETDATE"),
        ('SELECT DATEDIFF(day, "DocDate", "DocDueDate") FROM ORDR', "DATEDIFF"),
        ('SELECT CONVERT(VARCHAR, "DocDate", 104) FROM ORDR', "CONVERT"),
        ('SELECT "DocNum" FROM ORDR WITH (NOLOCK)', "NOLOCK"),
        ('SELECT TOP 10 PERCENT "DocNum" FROM ORDR', "PERCENT"),
        ("DECLARE @d DATETIME SET @d = '[%0]' SELECT 1", "@d, DATETIME"),
        ("SELECT A.x FROM ORDR CROSS APPLY (SELECT 1 AS x) A", "APPLY"),
        ('SELECT "DocNum" FROM ORDR PIVOT (SUM("DocTotal") FOR "DocNum" IN (1)) P', "PIVOT"),
    ],
)
def test_the_other_servers_sql_is_refused_by_its_name(text: str, sign: str) -> None:
    told = refusal(text)
    assert f"It is written for Microsoft SQL Server and not for HANA (see {sign}" in told


def test_what_hana_would_read_otherwise_is_refused() -> None:
    assert "HANA joins texts with ||" in refusal('SELECT \'No. \' + "CardCode" AS "A" FROM ORDR')
    assert "in double quotes" in refusal("SELECT \"DocNum\" AS 'Belge' FROM ORDR")


def test_a_query_over_another_schema_can_be_taken() -> None:
    company = Company(TYPES, COMPANY.catalogue, "SBODEMOTR")
    outcomes = [
        convert(SavedQuery(1, "", "", f'SELECT "x" FROM {place}."OHEM"'), company, Language.ENGLISH)
        for place in ('"SBO_OTHER"', '"SBODEMOTR"')
    ]
    assert [one.outcome for one in outcomes] == [Outcome.AS_IT_IS, Outcome.CANNOT]


def test_columns_with_the_names_of_the_other_server_are_no_sign() -> None:
    company = Company({"T": {"FORMAT": TEXT, "MONEY": DECIMAL}}, {"T": {"FORMAT", "MONEY"}})
    query = SavedQuery(1, "", "", 'SELECT T."FORMAT", T.MONEY FROM T')
    assert convert(query, company, Language.ENGLISH).outcome is Outcome.AS_IT_IS


PIECES = st.sampled_from(
    [
        *("SELECT ", '"DocNum"', " FROM ", "ORDR", " T0", " WHERE ", " = ", " AND ", " LIKE ", "("),
        *(")", "'", '"', "[%0]", "'[%0]'", "'%[%1]%'", "[%x]", "$[$1.0.0]", "/* ", " */", "--"),
        *("\r", ";", ":p", "?", "{schema}", "N", "''", "\0", "😀", "ğ", " IN ", ","),
        *(" BETWEEN ", "T0.", '"DocDate"', "IFNULL(", "ADD_DAYS(", "1", "+", "||", "FOR BROWSE"),
        *(" ORDER BY ", "\n"),
    ]
)  # fmt: skip


@settings(max_examples=1_500, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_gets_an_answer_and_what_is_taken_holds_no_mark(text: str) -> None:
    found = converted(text)
    if found.outcome is Outcome.CANNOT:
        return
    spoken = [one.text for one in sql_text.spoken(found.sql)]
    assert not any(re.search(r"\[%\w+\]|\$\[\$", one) for one in spoken)
    assert check(found.sql, parameters=[one.name for one in found.parameters]).ok

"""Workbook templates are uploaded, looked at, replaced and deleted by those who edit tasks."""

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tasks.db import reading, transaction
from tasks.models import Role, WorkbookTemplate
from tasks.reports.render import Format
from tasks.reports.workbooks.kept import template_named
from tests.support.factories import a_source, a_task
from tests.unit.workbooks.samples import with_headings, with_table
from tests.web.conftest import Browser, LoginAs
from tests.web.test_tasks_editing import FILLED, the_task

XLSX = Format.XLSX.media_type
NEW: dict[str, Any] = FILLED | {"formats": ["xlsx"], "slug": "filled", "template": "sales"}


@pytest.fixture
def editor(login_as: LoginAs) -> Browser:
    return login_as(Role.EDITOR)


def upload(
    browser: Browser, content: bytes = b"", *, name: str = "Sales.xlsx", **sent: Any
) -> TestResponse:
    token = browser.token("/workbooks/new")
    return post(browser, "/workbooks", token, file=(content or with_table(), name), **sent)


def replace(browser: Browser, content: bytes) -> TestResponse:
    page = "/workbooks/sales/edit"
    return post(browser, page, browser.token(page), title="Sales", file=(content, "x.xlsx"))


def post(
    browser: Browser, path: str, token: str, *, file: tuple[bytes, str], **sent: Any
) -> TestResponse:
    """Send a form with a file; the client of werkzeug itself would leave a large one open."""
    content, name = file
    stream = FileStorage(BytesIO(content), name, "file", XLSX)
    bound, data = encode_multipart({"csrf_token": token, **sent, "file": stream})
    return browser.post(path, data=data, content_type=f"multipart/form-data; boundary={bound}")


def the_content() -> bytes:
    with reading() as session:
        return template_named(session, "sales", with_content=True).content


def test_an_upload_is_examined_kept_and_shown(editor: Browser) -> None:
    answer = upload(editor)
    assert (answer.status_code, answer.location) == (303, "/workbooks/sales")
    assert the_content() == with_table()
    page = editor.get("/workbooks/sales").text
    for told in ("Into the table Sales on the sheet My Data", "Customer, Date, Net, VAT, Code"):
        assert told in page
    assert "Total_Net" in page
    assert "A3:E6" in page
    assert 'href="/workbooks/sales"' in editor.get("/workbooks").text
    with reading() as session:
        kept = session.scalars(select(WorkbookTemplate)).one()
        assert (kept.bytes, len(kept.sha256)) == (len(with_table()), 64)


def test_the_file_comes_back_as_it_was(editor: Browser) -> None:
    upload(editor)
    answer = editor.get("/workbooks/sales/file")
    assert answer.data == with_table()
    assert answer.headers["Content-Disposition"] == "attachment; filename=sales.xlsx"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "sent", "status", "said"),
    [
        (b"Code;Net", {}, 422, "is no Excel workbook"),
        (b"PK" + b"\0" * 10_500_000, {}, 422, "larger than 10 MB"),
        (b"PK" + b"\0" * 11_500_000, {}, 413, "more than can be sent at once"),
        (with_headings(), {}, 422, "Nothing in the workbook says where the rows go"),
        (with_table(), {"slug": "Sales!"}, 422, "small letters, digits and single dashes"),
        (with_table(), {"slug": "new"}, 422, "is kept for the pages"),
    ],
)
def test_what_cannot_be_filled_is_refused_in_words(
    editor: Browser, content: bytes, sent: dict[str, str], status: int, said: str
) -> None:
    answer = upload(editor, content, **sent)
    assert answer.status_code == status
    assert said in answer.text
    with reading() as session:
        assert session.scalars(select(WorkbookTemplate)).all() == []


def test_a_name_is_taken_once(editor: Browser) -> None:
    upload(editor)
    answer = upload(editor)
    assert answer.status_code == 409
    assert "There is a workbook template “sales” already" in answer.text


def test_a_replacement_has_to_fit_the_tasks_that_fill_it(editor: Browser) -> None:
    upload(editor)
    a_task(title="Monthly sales", settings={"template": "sales", "template_table": "Sales"})
    answer = replace(editor, with_headings(marker=True))
    assert answer.status_code == 422
    assert "The task “Monthly sales” could not fill this workbook" in answer.text
    assert the_content() == with_table()
    other = with_table(Footer="A9")
    assert replace(editor, other).status_code == 303
    assert the_content() == other
    assert editor.submit("/workbooks/sales/edit", title="Our sales").status_code == 303
    assert "Our sales" in editor.get("/workbooks").text
    assert the_content() == other


def test_only_a_template_that_no_task_fills_can_be_deleted(editor: Browser) -> None:
    upload(editor)
    page = "/workbooks/sales"
    assert editor.submit(page, _method="DELETE").status_code == 303
    assert editor.get(page).status_code == 404
    upload(editor)
    a_task(title="Monthly sales", settings={"template": "sales"})
    assert "Monthly sales" in editor.get(page).text
    answer = editor.submit(page, page="/workbooks/new", _method="DELETE")
    assert answer.status_code == 409
    assert "is used by Monthly sales" in answer.text


def test_a_report_chooses_its_template_in_its_form(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    assert "There is no workbook template" in save(author).text
    upload(author)
    refused = save(author, template_table="Orders")
    assert refused.status_code == 422
    assert "has no table “Orders”" in refused.text
    assert save(author, template_table="Sales").status_code == 303
    settings = the_task("filled").settings
    assert (settings["template"], settings["template_table"]) == ("sales", "Sales")
    assert 'href="/workbooks/sales"' in author.get("/tasks/filled").text
    assert re.search(r'value="sales"\s+selected', author.get("/tasks/filled/edit").text)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"formats": ["csv"]}, "makes an Excel file"),
        (
            {"sheets-0-title": "More", "sheets-0-sql": "SELECT 1 AS A FROM DUMMY"},
            "has room for one query",
        ),
    ],
)
def test_what_does_not_go_with_a_template_is_refused(
    login_as: LoginAs, sent: dict[str, Any], said: str
) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    upload(author)
    answer = save(author, **sent)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_others_neither_see_nor_change_templates(login_as: LoginAs, role: Role) -> None:
    with transaction() as session:
        session.add(
            WorkbookTemplate(
                slug="sales", title="Sales", content=b"x", bytes=1, sha256="", changed_by="x"
            )
        )
    browser = login_as(role)
    for path in ("", "/new", "/sales", "/sales/edit", "/sales/file"):
        assert browser.get(f"/workbooks{path}").status_code == 403
    token = browser.token("/")
    for path in ("", "/sales", "/sales/edit"):
        sent = {"csrf_token": token, "_method": "DELETE"}
        assert browser.post(f"/workbooks{path}", data=sent).status_code == 403
    assert 'href="/workbooks"' not in browser.get("/").text
    assert the_content() == b"x"


def save(author: Browser, **sent: Any) -> TestResponse:
    return author.submit("/tasks", page="/tasks/new", **NEW | sent)

"""What a version holds and not everybody may read."""

from typing import Any

from tasks.chains import ChainContent, ChainValue
from tasks.models import Role
from tests.support.factories import a_task
from tests.web.conftest import LoginAs
from tests.web.versions_support import VERSIONS, a_task_of_versions, given, restore, row_of

CALL = {"url": "https://example.com/x", "headers": ["Authorization: Bearer top-secret"]}


def test_sql_of_a_version_is_never_taken_for_markup(login_as: LoginAs) -> None:
    a_task_of_versions(given(), given(settings={"sql": "SELECT '<script>' FROM DUMMY"}))
    assert "<script>'" not in login_as(Role.VIEWER).get(f"{VERSIONS}/2").text


def secret(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "type": "text"} | values


def test_what_a_secret_parameter_holds_is_shown_in_no_version(login_as: LoginAs) -> None:
    choices = {"type": "choice", "choices": ["hid-1", "hid-2"], "default": "hid-1"}
    a_task_of_versions(
        given(parameters=[secret("api_key", default="hid-3"), secret("tokens", **choices)]),
        given(parameters=[secret("api_key", default="hid-4"), secret("tokens", **choices)]),
        given(),
    )
    viewer = login_as(Role.VIEWER)
    pages = [viewer.get(f"{VERSIONS}/{number}").text for number in (1, 2, 3)]
    assert not any("hid-" in page for page in pages)
    assert ":api_key · Default: ***" in pages[0]
    assert ":tokens · Choices: ***" in pages[0]
    changes = pages[1].split("From version 1 to version 2")[1].split("</section>")[0]
    assert ":api_key · Default: *** (changed)" in changes
    assert ":tokens · Choices: *** (changed)" not in changes
    assert "(changed)" not in pages[2]


def test_a_secret_that_is_handed_on_is_shown_in_no_version(login_as: LoginAs) -> None:
    a_task("next-one", title="The next", parameters=[secret("password"), secret("city")])
    a_task_of_versions(
        given(chains=[handing(password="hid-1", city="Bursa")]),
        given(chains=[handing(password="hid-2", city="Bursa")]),
        given(),
    )
    viewer = login_as(Role.VIEWER)
    pages = [viewer.get(f"{VERSIONS}/{number}").text for number in (1, 2, 3)]
    assert not any("hid-" in page for page in pages)
    assert "The next · password = ***" in pages[0]
    assert "The next · city = Bursa" in pages[0]
    changes = pages[1].split("From version 1 to version 2")[1].split("</section>")[0]
    assert "The next · password = *** (changed)" in changes


def handing(**values: str) -> ChainContent:
    given = {name: ChainValue(value=value) for name, value in values.items()}
    return ChainContent(on="success", task="next-one", parameters=given)


def test_what_a_call_does_is_hidden_from_all_but_authors(login_as: LoginAs) -> None:
    other = CALL | {"headers": ["Authorization: Bearer newer-secret"]}
    base = {"slug": "a-report", "title": "A call", "job": "http_call"}
    a_task_of_versions(base | {"settings": CALL}, base | {"settings": other})
    editor = login_as(Role.EDITOR)
    page = editor.get(f"{VERSIONS}/2").text
    assert "secret" not in page
    assert "Only an author sees how: it may hold a password." in page
    assert "<td>What it does</td>" in row_of(editor.get(VERSIONS).text, 2)
    assert "Restore this version" not in editor.get(f"{VERSIONS}/1").text
    assert restore(editor, 1, csrf_token=editor.token("/tasks")).status_code == 403
    shown = login_as(Role.AUTHOR).get(f"{VERSIONS}/2").text
    assert "top-secret" in shown
    assert "newer-secret" in shown

"""Since when a task fails stands on its page, and who loads a file on the page of the run."""

import re

from tasks.models import ArtifactRole, Role, RunState
from tests.support.factories import a_run, a_task
from tests.support.incidents import end
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import a_file


def test_the_page_of_a_task_says_since_when_it_fails(viewer: Browser) -> None:
    task = a_task("stock")
    assert "It fails since" not in viewer.get("/tasks/stock").text
    runs = [end(task) for _ in range(3)]
    page = viewer.get("/tasks/stock").text
    assert "It fails since" in page
    assert "3 runs failed." in page
    assert f'href="/runs/{runs[2].id}"' in page
    end(task, RunState.SUCCEEDED)
    assert "It fails since" not in viewer.get("/tasks/stock").text


def test_today_tells_of_it(viewer: Browser) -> None:
    end(a_task("stock", title="Stock"))
    assert "“Stock” failed at" in viewer.get("/").text


def test_those_who_operate_see_who_loaded_a_file(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file = a_file(run)
    operator, viewer = login_as(Role.OPERATOR), login_as(Role.VIEWER)
    viewer.get(f"/runs/{run.id}/files/{file.id}", buffered=True)
    page = " ".join(operator.get(f"/runs/{run.id}").text.split())
    assert "loaded once, by viewer" in page
    assert "loaded once" not in viewer.get(f"/runs/{run.id}").text
    operator.get(f"/runs/{run.id}/files/{file.id}", buffered=True)
    page = " ".join(operator.get(f"/runs/{run.id}").text.split())
    assert "loaded 2 times, last by operator" in page


def test_the_checksum_of_a_file_is_there_whole(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run, sha256="ab" * 32)
    page = viewer.get(f"/runs/{run.id}").text
    assert "abababab…" in page
    assert "ab" * 32 in page


def test_a_picture_is_shown_and_the_kept_rows_are_nobodys(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run)
    chart = a_file(run, "chart.png", role=ArtifactRole.PICTURE, media_type="image/png")
    rows = a_file(run, "rows.parquet", role=ArtifactRole.ROWS)
    page = viewer.get(f"/runs/{run.id}").text
    assert f'src="/runs/{run.id}/pictures/{chart.id}"' in page
    assert "rows.parquet" not in page
    answer = viewer.get(f"/runs/{run.id}/pictures/{chart.id}", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert viewer.get(f"/runs/{run.id}/files/{rows.id}").status_code == 404


def test_a_chart_is_read_out_by_its_title_of_then(login_as: LoginAs) -> None:
    balance = {"title": "", "label": "Region", "values": ["Balance", "Orders"]}
    charts = [balance, {"title": "İş “<b>”", "label": "R", "values": ["B"]}]
    task = a_task(settings={"charts": charts})
    run = a_run(task, state=RunState.SUCCEEDED)
    a_file(run)
    names = ("a-report-chart-2.png", "a-report-chart-1.png", "a-report-chart-3.png", "old.png")
    for name in names:
        a_file(run, name, role=ArtifactRole.PICTURE, media_type="image/png")
    page = login_as(Role.VIEWER).get(f"/runs/{run.id}").text
    assert re.findall(r'alt="([^"]+)"', page) == [
        "İş “&lt;b&gt;”",
        "Balance, Orders · Region",
        "a-report-chart-3.png",
        "old.png",
    ]


def test_only_a_picture_is_shown_by_the_browser(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    wrong = [
        a_file(run, "page.html", media_type="text/html"),
        a_file(run, "chart.svg", role=ArtifactRole.PICTURE, media_type="image/svg+xml"),
    ]
    for file in wrong:
        assert viewer.get(f"/runs/{run.id}/pictures/{file.id}").status_code == 404

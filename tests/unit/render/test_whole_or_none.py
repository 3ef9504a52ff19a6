"""A file is whole or not there: errors, a full disk, a limit of the system."""

import errno
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.reports.render import Format, Layout, open_renderer
from tasks.rows import Row
from tests.unit.render.files import A_LAYOUT, a_column

FORMATS = pytest.mark.parametrize("format", list(Format))


def many_rows() -> list[Row]:
    """Too many bytes for the buffer of a file, so that the disk is really asked."""
    return [(f"{n * 7919 % 1_000_003} {n * n}",) for n in range(40_000)]


@FORMATS
def test_closing_leaves_a_whole_file_at_exactly_the_path(tmp_path: Path, format: Format) -> None:
    path = tmp_path / "~partial"
    with open_renderer(format, path, [a_column()], A_LAYOUT) as renderer:
        renderer.write([("x",)])
    renderer.close()
    renderer.abandon()
    assert [file.name for file in tmp_path.iterdir()] == ["~partial"]


@FORMATS
def test_an_error_of_the_caller_leaves_no_file(tmp_path: Path, format: Format) -> None:
    def interrupted() -> None:
        with open_renderer(format, tmp_path / "report", [a_column()], A_LAYOUT) as renderer:
            renderer.write(many_rows())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@FORMATS
def test_an_error_of_a_value_leaves_no_file_and_no_way_to_go_on(
    tmp_path: Path, format: Format
) -> None:
    class Unreadable:
        def __str__(self) -> str:
            raise RuntimeError("unreadable")

    renderer = open_renderer(format, tmp_path / "report", [a_column()], A_LAYOUT)
    with pytest.raises(RuntimeError, match="unreadable"):
        renderer.write([(Unreadable(),)])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        renderer.write([("x",)])
    renderer.close()
    assert list(tmp_path.iterdir()) == []


@FORMATS
def test_a_full_disk_is_explained_and_may_be_tried_again(tmp_path: Path, format: Format) -> None:
    path = tmp_path / "report"
    path.symlink_to("/dev/full")
    with (
        pytest.raises(JobError, match="disk is full") as caught,
        open_renderer(format, path, [a_column()], A_LAYOUT) as renderer,
    ):
        renderer.write(many_rows())
    assert (caught.value.kind, caught.value.transient) == (ErrorKind.NO_SPACE, True)
    assert list(tmp_path.iterdir()) == []
    assert Path("/dev/full").exists()


@FORMATS
def test_a_disk_that_is_full_only_at_the_end_is_explained_too(
    tmp_path: Path, format: Format
) -> None:
    path = tmp_path / "report"
    path.symlink_to("/dev/full")
    renderer = open_renderer(format, path, [a_column()], A_LAYOUT)
    with pytest.raises(JobError, match="disk is full"):
        renderer.close()
    assert list(tmp_path.iterdir()) == []


@FORMATS
def test_another_error_of_the_system_is_raised_as_it_is(
    tmp_path: Path, format: Format, a_small_limit: None
) -> None:
    renderer = open_renderer(format, tmp_path / "report", [a_column()], A_LAYOUT)
    with pytest.raises(OSError, match="large") as caught, renderer:
        renderer.write(many_rows())
    assert caught.value.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_renderer(Format.XLSX, tmp_path / "none" / "report", [a_column()], A_LAYOUT)


def test_a_format_has_a_suffix_and_a_media_type() -> None:
    names = ["xlsx", "csv", "pdf", "html", "json", "parquet"]
    assert [(f.value, f.suffix) for f in Format] == [(name, f".{name}") for name in names]
    assert len({f.media_type for f in Format}) == len(names)
    assert Format("csv").media_type == "text/csv"
    assert Format.XLSX.media_type.endswith("spreadsheetml.sheet")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        Layout("R", "de")  # type: ignore[arg-type]


def test_a_process_pays_only_for_what_it_writes() -> None:
    code = (
        "import sys, tasks.reports.render;"
        "names = {'isal', 'csv', 'reportlab', 'PIL', 'pyarrow', 'orjson', 'html'};"
        "print(*names & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.fixture
def a_small_limit() -> Iterator[None]:
    """Files of this process end at 100 kB; the signal is ignored, so that writing fails."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)

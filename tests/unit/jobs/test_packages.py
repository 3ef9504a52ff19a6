"""Jobs of other packages come by the entry point `orchestrator.jobs`, and never stop a worker."""

from pathlib import Path

import pytest

from tasks.errors import Invalid
from tasks.jobs.packages import load_packages
from tasks.jobs.registry import all_jobs, find_job

JOB = """
from tasks.jobs.registry import JobContext, JobResult, job

@job("{name}")
def perform(context: JobContext) -> JobResult:
    return JobResult(rows=7)
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(site: Path, package: str, module: str, *, points_to: str = "") -> None:
    """Install a package of one module, with its entry point."""
    (site / f"{package}.py").write_text(module)
    folder = site / f"{package}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    lines = f"[orchestrator.jobs]\n{package} = {points_to or package}\n"
    (folder / "entry_points.txt").write_text(lines)


def test_an_installed_package_brings_its_job(site: Path) -> None:
    install(site, "stock_jobs", JOB.format(name="stock"), points_to="stock_jobs:perform")
    assert find_job("stock").name == "stock"
    assert "stock" in [one.name for one in all_jobs()]
    assert load_packages() == ()


def test_a_package_that_breaks_is_named_and_the_others_work(site: Path) -> None:
    install(site, "broken_jobs", "raise RuntimeError('no licence')")
    install(site, "whole_jobs", JOB.format(name="whole"))
    assert find_job("whole").name == "whole"
    broken = [(one.name, one.package, one.why) for one in load_packages()]
    assert broken == [("broken_jobs", "broken_jobs", "RuntimeError: no licence")]
    with pytest.raises(Invalid, match="The package broken_jobs could not be loaded: RuntimeError"):
        find_job("stock")


def test_a_package_cannot_replace_a_job_of_the_product(site: Path) -> None:
    install(site, "evil_jobs", JOB.format(name="report"))
    (broken,) = load_packages()
    assert "There is a job “report” already" in broken.why
    assert find_job("report").function.__module__ == "tasks.jobs.report"


def test_of_two_packages_with_one_name_the_first_counts(site: Path) -> None:
    install(site, "a_jobs", JOB.format(name="same"))
    install(site, "b_jobs", JOB.format(name="same"))
    assert find_job("same").function.__module__ == "a_jobs"
    assert [one.package for one in load_packages()] == ["b_jobs"]

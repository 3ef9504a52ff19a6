"""A package of npm's registry at a pinned version, and the files that are taken out of it."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "tools/vendor.lock.json"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    files: dict[str, str] = field(default_factory=dict)
    """Path in the package -> path in this repository."""

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"


def unpack(package: Package, target: Path) -> str:
    """Put the content of a package into a new folder; returns the sha256 of what was fetched.

    Stops where the lock names another one for this version. No script of a package is run.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is missing: install Debian's package npm.")
    target.mkdir(parents=True)
    command = [npm, "pack", "--silent", "--ignore-scripts", package.label]
    subprocess.run(command, cwd=target, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    fetched = next(target.glob("*.tgz"))
    found = hashlib.sha256(fetched.read_bytes()).hexdigest()
    if locked_tarballs().get(package.label, found) != found:
        raise SystemExit(f"{package.label} is not what tools/vendor.lock.json names.")
    with tarfile.open(fetched) as archive:
        for one in archive.getmembers():
            one.name = one.name.partition("/")[2]  # all is in one folder, mostly "package"
            if one.name:
                archive.extract(one, target, filter="data")
    fetched.unlink()
    return found


def locked_tarballs() -> dict[str, str]:
    """Return the sha256 of each package that was ever fetched at its version."""
    lock = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}
    tarballs: dict[str, str] = lock.get("tarballs", {})
    return tarballs

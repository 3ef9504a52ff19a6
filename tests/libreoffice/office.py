"""LibreOffice without a window, in a profile of its own, which calculates all it opens anew."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SECONDS = 150
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""What it stores for a formula is then its own result, and not what it has read."""


def convert(files: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Save the files as another kind in the folder, by one call; returns the new ones."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing. Run .ci/packages, or apt install libreoffice-calc."
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)
    made = folder / kind
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(made), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
    found = [made / f"{file.stem}.{kind}" for file in files]
    assert all(file.exists() for file in found), done.stderr
    return found

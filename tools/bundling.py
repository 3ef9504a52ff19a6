"""Makes one file of CodeMirror's packages; which parts, says tools/codemirror.js."""

import platform
import subprocess
import sys
from pathlib import Path

from packages import ROOT, Package, unpack

ENTRY = "tools/codemirror.js"
BUNDLE = "static/vendor/codemirror.min.js"
LICENSE = "static/vendor/codemirror.LICENSE.txt"

PARTS = (
    Package("@codemirror/autocomplete", "6.20.4"),
    Package("@codemirror/commands", "6.11.1"),
    Package("@codemirror/lang-sql", "6.10.0"),
    Package("@codemirror/language", "6.13.1"),
    Package("@codemirror/state", "6.7.6"),
    Package("@codemirror/streamparser", "6.0.0"),
    Package("@codemirror/view", "6.43.15"),
    Package("@lezer/common", "1.5.5"),
    Package("@lezer/highlight", "1.2.5"),
    Package("@lezer/lr", "1.4.12"),
    Package("@marijn/find-cluster-break", "1.0.4"),
    Package("crelt", "1.0.7"),
    Package("style-mod", "4.1.5"),
    Package("w3c-keyname", "2.2.8"),
)
"""CodeMirror 6 and all that it needs; npm's latest "codemirror" is an older editor."""

_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
_OPTIONS = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none")


def bundler() -> Package:
    """The program that bundles, for this machine; its result is the same on all of them."""
    machine = platform.machine().lower()
    return Package(f"@esbuild/{sys.platform}-{_MACHINES.get(machine, machine)}", "0.28.2")


def bundle(folder: Path) -> dict[str, str]:
    """Write the bundle and its licences; returns the sha256 of each package by its label."""
    modules = folder / "node_modules"
    tarballs = {one.label: unpack(one, modules / one.name) for one in (*PARTS, bundler())}
    entry = folder / Path(ENTRY).name
    entry.write_bytes((ROOT / ENTRY).read_bytes())
    program = modules / bundler().name / "bin/esbuild"
    program.chmod(0o755)
    command = [str(program), entry.name, *_OPTIONS, f"--outfile={ROOT / BUNDLE}"]
    subprocess.run([*command, "--log-level=warning"], cwd=folder, check=True)  # noqa: S603
    (ROOT / LICENSE).write_text(_licences(modules), encoding="utf-8")
    return tarballs


def _licences(modules: Path) -> str:
    """Each different text once, under the names of the packages that it is for."""
    names: dict[str, list[str]] = {}
    for one in PARTS:
        text = (modules / one.name / "LICENSE").read_text(encoding="utf-8").strip()
        names.setdefault(text, []).append(one.label)
    return "\n\n\n".join(f"{', '.join(labels)}\n\n{text}" for text, labels in names.items()) + "\n"

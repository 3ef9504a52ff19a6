"""Brings the files that others wrote, at pinned versions; --check needs no network."""

import hashlib
import json
import re
import sys
import tempfile
from pathlib import Path

from bundling import BUNDLE, ENTRY, LICENSE, PARTS, bundle, bundler
from packages import LOCK, ROOT, Package, locked_tarballs, unpack

FONTS = "tasks/reports/render/pdf/fonts"
SPRITE = ROOT / "static/icons.svg"
ICONS = ROOT / "tools/icons.txt"
USE_OF_ICON = re.compile(r"""\bicon\(\s*["']([\w-]+)["']""")


LUCIDE = Package("lucide-static", "1.62.0", {"LICENSE": "static/vendor/lucide.LICENSE.txt"})
PACKAGES = (
    Package(
        "htmx.org",
        "4.0.1",
        {
            "dist/htmx.min.js": "static/vendor/htmx.min.js",
            "LICENSE": "static/vendor/htmx.LICENSE.txt",
        },
    ),
    Package(
        "axe-core",
        "4.14.1",
        {
            "axe.min.js": "tests/browser/vendor/axe.min.js",
            "LICENSE": "tests/browser/vendor/axe.LICENSE.txt",
        },
    ),
    Package(
        "dejavu-fonts-ttf",
        "2.37.3",
        {
            "ttf/DejaVuSans.ttf": f"{FONTS}/DejaVuSans.ttf",
            "ttf/DejaVuSans-Bold.ttf": f"{FONTS}/DejaVuSans-Bold.ttf",
            "LICENSE": f"{FONTS}/LICENSE.txt",
        },
    ),
)


def main(arguments: list[str]) -> str | None:
    """The exit message: None when all is well."""
    if arguments == ["--check"]:
        return "\n".join([*changed_files(), *missing_icons()]) or None
    if arguments:
        return "usage: vendor.py [--check]"
    bring_everything()
    return None


def bring_everything() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tarballs = {one.label: unpack(one, folder / one.name) for one in (*PACKAGES, LUCIDE)}
        for package in (*PACKAGES, LUCIDE):
            copy_files(package, folder / package.name)
        SPRITE.write_text(sprite(folder / LUCIDE.name / "icons"), encoding="utf-8")
        write_lock(tarballs | bundle(folder))


def copy_files(package: Package, unpacked: Path) -> None:
    for source, target in package.files.items():
        path = ROOT / target
        path.parent.mkdir(parents=True, exist_ok=True)
        content = (unpacked / source).read_bytes()
        path.write_bytes(without_source_map(content) if path.suffix == ".js" else content)


def without_source_map(script: bytes) -> bytes:
    """The map is not vendored, and a browser's tools would ask for it in vain."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", script)


def sprite(icons: Path) -> str:
    """One <symbol> an icon; lines and caps are set once, by the class "icon"."""
    symbols = "".join(symbol(name, icons / f"{name}.svg") for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'


def symbol(name: str, path: Path) -> str:
    if not path.exists():
        raise SystemExit(f"{LUCIDE.name} {LUCIDE.version} has no icon {name!r}.")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    if inside is None:
        raise SystemExit(f"{path.name} is not an icon.")
    shapes = re.sub(r"\s*\n\s*", "", inside.group(1)).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def icon_names() -> list[str]:
    return ICONS.read_text(encoding="utf-8").split()


def locked_paths() -> list[str]:
    paths = [path for package in (*PACKAGES, LUCIDE) for path in package.files.values()]
    return sorted([*paths, SPRITE.relative_to(ROOT).as_posix(), ENTRY, BUNDLE, LICENSE])


def pins() -> dict[str, str]:
    """Versions by name; of the bundler the one for all machines."""
    named = {one.name: one.version for one in (*PACKAGES, LUCIDE, *PARTS)}
    return named | {"esbuild": bundler().version}


def write_lock(tarballs: dict[str, str]) -> None:
    current = {label: one for label, one in locked_tarballs().items() if is_current(label)}
    lock = {
        "packages": pins(),
        "tarballs": dict(sorted((current | tarballs).items())),
        "sha256": {path: digest(path) for path in locked_paths()},
    }
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def is_current(label: str) -> bool:
    """Whether a package is still wanted at this version; a bundler is, for any machine."""
    name, _, version = label.rpartition("@")
    name = "esbuild" if name.startswith("@esbuild/") else name
    return pins().get(name) == version


def changed_files() -> list[str]:
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    found = {path: digest(path) for path in locked_paths()}
    faults = [
        f"{path} is not what the lock names: run make vendor."
        for path in sorted(found.keys() | lock["sha256"].keys())
        if found.get(path) != lock["sha256"].get(path)
    ]
    if pins() != lock["packages"]:
        faults.append("tools/vendor.lock.json names other versions: run make vendor.")
    return faults


def digest(path: str) -> str:
    file = ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "missing"


def missing_icons() -> list[str]:
    """Icons that a template names and the sprite has not: the page would show a hole."""
    there = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text(encoding="utf-8")))
    named = set(icon_names())
    for template in sorted((ROOT / "templates").rglob("*.html")):
        named |= set(USE_OF_ICON.findall(template.read_text(encoding="utf-8")))
    return [
        f"static/icons.svg has no {name!r}: add it to tools/icons.txt and run make vendor."
        for name in sorted(named - there)
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

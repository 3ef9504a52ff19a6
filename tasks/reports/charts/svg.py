"""The few elements that our charts are made of, as SVG."""

from html import escape

INK, MUTED, LINE, BACK = "#101828", "#535c6b", "#e4e7ec", "#ffffff"
SERIES = ("#2f5bd8", "#c2410c", "#0b7a4b", "#8b3fc7", "#a16207", "#0e7490")
"""Each has a contrast of at least 3 to 1 with the paper, and they differ in lightness, too."""
OTHERS = "#7c8594"
FONT = "DejaVu Sans"
NOT_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 12,
    fill: str = MUTED,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" '
        f'text-anchor="{anchor}"{weight}>{escaped(content)}</text>'
    )


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    radius: float = 0,
    title: str = "",
) -> str:
    told = f"<title>{escaped(title)}</title>" if title else ""
    round_ = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"{round_}>{told}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = LINE) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
        'stroke-width="1"/>'
    )


def path(points: list[tuple[float, float]], stroke: str) -> str:
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path d="M{steps}" fill="none" stroke="{stroke}" stroke-width="2.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def dot(x: float, y: float, fill: str, title: str = "") -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{fill}" stroke="{BACK}" '
        f'stroke-width="1.5"><title>{escaped(title)}</title></circle>'
    )


def escaped(content: str) -> str:
    return escape(content.translate(NOT_XML))


def document(width: int, height: int, title: str, told: str, elements: list[str]) -> str:
    """Return the whole picture, with its title and its content in words."""
    body = "\n".join(elements)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="{FONT}, sans-serif">\n'
        f"<title>{escaped(title)}</title>\n<desc>{escaped(told)}</desc>\n"
        f'<rect width="{width}" height="{height}" rx="10" fill="{BACK}"/>\n{body}\n</svg>\n'
    )

"""The pages of a document: paper, the place where the next thing goes, heads and feet."""

import zlib
from io import BytesIO
from typing import IO, Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.fonts import BOLD, REGULAR, Face
from tasks.reports.render.pdf.paper import A4, MARGIN, Paper
from tasks.reports.render.pdf.surface import INK, LINE, SOFT, Surface, placed
from tasks.reports.render.pdf.words import WORDS
from tasks.reports.render.pictures import Picture
from tasks.reports.render.shown import count_shown, visible

CREATOR = "Task Orchestrator"
SMALL = 7.0
HEAD, FOOT = 16.0, 18.0
"""Points that the head of a later page takes, and the foot of each."""


class Pages:
    """Draws one page after the other; a finished one is kept deflated, until its foot is known.

    The foot says how many pages there are, so each page gets it as a second stream at the end.
    """

    def __init__(self, file: IO[bytes], layout: Layout) -> None:
        self._layout = layout
        self._canvas = Canvas(
            file, pagesize=A4, invariant=1, initialFontName="Helvetica", lang=layout.language.value
        )
        self._canvas.setTitle(visible(layout.title))
        self._canvas.setAuthor(CREATOR)
        self._canvas.setCreator(CREATOR)
        document = self._canvas._doc
        self.regular, self.bold = Face(REGULAR, document), Face(BOLD, document)
        self._bodies: list[tuple[bytes, Paper]] = []
        self.paper: Paper = A4
        self.surface: Surface | None = None
        self.y = 0.0

    @property
    def left(self) -> float:
        return MARGIN

    @property
    def right(self) -> float:
        return self.paper[0] - MARGIN

    @property
    def room(self) -> float:
        """Points that are left above the foot."""
        return self.y - MARGIN - FOOT

    @property
    def whole_room(self) -> float:
        """Points between the head and the foot of a page."""
        return self.paper[1] - 2 * MARGIN - FOOT - HEAD

    @property
    def on_page(self) -> Surface:
        """The surface of the page that is drawn."""
        if self.surface is None:
            raise ValueError("No page is begun.")
        return self.surface

    def turn(self, paper: Paper) -> None:
        """Begin the next page, on this paper."""
        self.end_page()
        self.paper, self.surface = paper, Surface()
        self.y = paper[1] - MARGIN
        if self._canvas.getPageNumber() > 1:
            self._head()

    def write(
        self, text: str, x: float, *, size: float, color: str = INK, bold: bool = False
    ) -> None:
        """Write one line; its letters stand on `y`."""
        face = self.bold if bold else self.regular
        texts = self.on_page.texts(face.name, size, color)
        texts.append(placed(x, self.y, face.drawn(text, size)))

    def end_page(self) -> None:
        if self.surface is not None:
            self._add_page(self.surface.operators())
            self.surface = None

    def _head(self) -> None:
        self.y -= SMALL
        self.write(visible(self._layout.title), self.left, size=SMALL, color=SOFT, bold=True)
        meant_for = visible(self._layout.meant_for)
        start = self.right - self.regular.width(meant_for) * SMALL
        self.write(meant_for, start, size=SMALL, color=SOFT)
        self.y -= HEAD - SMALL

    def add_picture(self, picture: Picture) -> None:
        """Give a drawing a page of its own, as large as it can be."""
        self.turn((A4[1], A4[0]))
        self.y -= 12
        self.write(visible(picture.title), self.left, size=12, bold=True)
        image = ImageReader(BytesIO(picture.png))
        width, height = image.getSize()
        scale = min((self.right - self.left) / width, (self.room - 12) / height)
        self._canvas.drawImage(
            image, self.left, self.y - 12 - height * scale, width * scale, height * scale, "auto"
        )
        self.end_page()

    def _add_page(self, operators: bytes) -> None:
        canvas = self._canvas
        drawn = "\n".join(canvas._code).encode("latin-1")  # a picture, if there is one
        canvas._code = []
        canvas.setPageSize(self.paper)
        canvas.showPage()
        body = zlib.compress(drawn + b"\n" + operators, 6)
        self._bodies.append((body, self.paper))

    def finish(self) -> None:
        """Give each page its foot, and write the document to its file."""
        self.end_page()
        document = self._canvas._doc
        for number, (body, paper) in enumerate(self._bodies):
            page = document.Pages[number]
            foot = zlib.compress(self._foot(number + 1, paper).operators(), 6)
            streams = PDFArray([deflated(body), deflated(foot)])
            streams.References(document)
            page.Contents = streams
        self._canvas.save()

    def _foot(self, number: int, paper: Paper) -> Surface:
        surface, language = Surface(), self._layout.language
        pages = count_shown(len(self._bodies), language)
        text = WORDS[language].page.format(page=count_shown(number, language), pages=pages)
        right, face = paper[0] - MARGIN, self.regular
        surface.line(MARGIN, right, MARGIN + SMALL + 5, LINE, 0.5)
        texts = surface.texts(face.name, SMALL, SOFT)
        texts.append(placed(MARGIN, MARGIN, face.drawn(visible(self._layout.made_at), SMALL)))
        start = right - face.width(text) * SMALL
        texts.append(placed(start, MARGIN, face.drawn(text, SMALL)))
        return surface


def deflated(content: bytes) -> Any:
    """A stream of the document whose content is deflated already."""
    dictionary = PDFDictionary({"Filter": PDFName("FlateDecode")})
    return PDFStream(dictionary, content, filters=[])

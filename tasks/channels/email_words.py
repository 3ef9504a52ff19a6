"""What a mail says by itself below the words of its author, in the language of the report."""

from html import escape

TOO_LARGE = {
    "en": "The files are too large for a mail. Load them here: {link}",
    "tr": "Dosyalar bir e-posta için çok büyük. Buradan indirebilirsiniz: {link}",
}
LINK = {
    "en": "The files are here: {link}",
    "tr": "Dosyalar burada: {link}",
}
STOP = {
    "en": "You get this mail because you are a recipient of “{title}”. To stop these mails: {link}",
    "tr": "Bu e-postayı “{title}” raporunun alıcısı olduğunuz için alıyorsunuz. "
    "Bu e-postaları durdurmak için: {link}",
}
END = "</body>"


def said(sentences: dict[str, str], language: str, **values: str) -> str:
    """Return the sentence in this language, or in English where it is none of ours."""
    return sentences.get(language, sentences["en"]).format(**values)


def below(text: str, sentence: str) -> str:
    """Return the text with the sentence as its last paragraph."""
    return f"{text.rstrip()}\n\n{sentence}\n"


def below_html(html: str, sentence: str, link: str) -> str:
    """Return the page with the sentence as its last paragraph, and its address as a link."""
    if not html:
        return html
    shown = escape(sentence).replace(
        escape(link), f'<a href="{escape(link, quote=True)}">{escape(link)}</a>'
    )
    paragraph = f'<p style="font-size:13px">{shown}</p>'
    page, end, rest = html.rpartition(END)
    return f"{page}{paragraph}{end}{rest}" if end else f"{html}{paragraph}"

"""The XML of a workbook's parts: read without DTDs and entities, and written again."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.errors import Invalid

Element = Any  # lxml has no types of its own
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def parsed(content: bytes) -> Element:
    """Return the root element; raises Invalid for what is no XML or brings a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid(
            "A part of the workbook is broken. Open it in Excel, and save it again.", field="file"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid(
            "The workbook holds a document type, which no workbook of Excel has. Make it anew "
            "in Excel.",
            field="file",
        )
    return root


def written(root: Element) -> bytes:
    """Return the element as a part's bytes."""
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return text


def tag(name: str) -> str:
    """Return a name of the sheets' own namespace."""
    return f"{{{MAIN}}}{name}"


def local(element: Element) -> str:
    """Return an element's name without its namespace; empty for comments and the like."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def named(root: Element, *names: str) -> Iterator[Element]:
    """Yield all elements of these names, of whatever namespace."""
    return (one for one in root.iter() if local(one) in names)


def child(parent: Element, name: str) -> Element:
    """Return the first child of this name; None where there is none."""
    return parent.find(tag(name))


def new(parent: Element, name: str, **attributes: str) -> Element:
    """Add a child of the sheets' own namespace at the end."""
    return etree.SubElement(parent, tag(name), attributes)


def element(name: str, **attributes: str) -> Element:
    return etree.Element(tag(name), attributes)


def instruction(name: str, text: str) -> Element:
    """Return a processing instruction, at which written bytes can be parted."""
    return etree.ProcessingInstruction(name, text)

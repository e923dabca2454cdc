"""XML files read without a document type, so that no entity can be declared: none can grow or fetch another file."""

import xml.etree.ElementTree as ET
from pathlib import Path
from xml.parsers import expat

from uepnet.errors import AnnotationError


def read_xml(path: Path) -> ET.Element:
    """The root of an XML file; `AnnotationError` where it is none or declares a document type."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise AnnotationError(f"{path}: there is no such annotation file") from error
    except OSError as error:
        raise AnnotationError(f"{path}: the file cannot be read ({error.strerror})") from error
    try:
        guard = expat.ParserCreate()
        guard.StartDoctypeDeclHandler = _refuse
        guard.Parse(content, True)
        return ET.fromstring(content)
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError) as error:
        raise AnnotationError(f"{path}: this is no XML that can be read ({error})") from error


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no labelling tool writes")

"""What a request carries: the bytes of a picture, alone or in a form with zones and options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from uepnet.printable import printable
from uepnet.serving.bodies import Holding, chunks, in_time, read_body
from uepnet.serving.options import refuse_repeated
from uepnet.serving.refusals import BodyTooLargeError, MediaTypeError, RefusedError

MULTIPART = "multipart/form-data"
PICTURE_TYPES = ("image/", "application/octet-stream")
MOST_FIELDS = 20
LONGEST_FIELD = 1_000_000
"""Characters of the zones or of another text beside a picture."""


@dataclass(frozen=True)
class Form:
    """A picture with the name of its file, and the texts that came with it; `maps` are those of an earlier answer."""

    picture: bytes
    name: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    maps: bytes | None = None


class InMemoryParser(MultiPartParser):
    """Starlette's parser, which by itself writes what is larger than a megabyte to a temporary file."""

    spool_max_size = 2**62


async def read_form(request: Request, holding: Holding, *, most: int, seconds: float) -> Form:
    """The picture of a request, whether it is the body or a part of a form; `MediaTypeError` for another body."""
    kind = request.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if kind == MULTIPART:
        async with in_time(seconds):
            return await _of_parts(request, holding, most=most)
    if not kind.startswith(PICTURE_TYPES):
        raise MediaTypeError(
            f"the body is {printable(kind)[:100]}; send the bytes of a picture (image/jpeg, application/octet-stream), or "
            f"{MULTIPART} with a file named picture"
        )
    picture = await read_body(request, holding, most=most, seconds=seconds)
    if not picture:
        raise RefusedError("the body is empty; send the bytes of a picture")
    return Form(picture)


async def _of_parts(request: Request, holding: Holding, *, most: int) -> Form:
    parser = InMemoryParser(
        request.headers,
        chunks(request, holding, most=most),
        max_files=3,
        max_fields=MOST_FIELDS,
        max_part_size=most,
    )
    try:
        parts = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:  # a form without a boundary ends in a KeyError
        raise RefusedError(f"the form cannot be read ({getattr(error, 'message', error)})") from error
    try:
        return await _form(parts)
    finally:
        await parts.close()


async def _form(parts: FormData) -> Form:
    refuse_repeated([name for name, _ in parts.multi_items()], what="the form has two parts")
    files = {name: value for name, value in parts.items() if isinstance(value, UploadFile)}
    fields = {name: _short_enough(name, value) for name, value in parts.items() if isinstance(value, str)}
    unknown = next((name for name in files if name not in ("picture", "zones", "maps")), None)
    if unknown is not None:
        raise RefusedError(f"the form has a file named {_short(unknown)}; files are picture, zones and maps")
    content = {name: await file.read() for name, file in files.items()}
    if not content.get("picture"):
        raise RefusedError("the form has no file named picture, or an empty one; send a picture")
    if "zones" in content:
        fields["zones"] = _text(content["zones"])
    return Form(content["picture"], files["picture"].filename, fields, content.get("maps"))


def _short_enough(name: str, text: str) -> str:
    if len(text) > LONGEST_FIELD:
        raise BodyTooLargeError(
            f"the form's {_short(name)} has {len(text):,} characters, the limit is {LONGEST_FIELD:,}; make it shorter"
        )
    return text


def _text(raw: bytes) -> str:
    try:
        return _short_enough("zones", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RefusedError(f"the file named zones is no text in UTF-8 ({error}); zones are JSON") from error


def _short(name: str) -> str:
    return repr(printable(name)[:100])

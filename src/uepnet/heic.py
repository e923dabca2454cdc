"""HEIC, the pictures of most phones: Pillow reads them with the library of `uepnet[heic]`, loaded with the first such file."""

from uepnet.errors import MissingExtraError

HEAD = 64
"""Bytes of a file that tell whether it is HEIC."""
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
AVIF_BRANDS = (b"avif", b"avis")
"""Pillow reads these itself; they share the container and some of the brands."""


def is_heic(head: bytes) -> bool:
    r"""Whether the first `HEAD` bytes are those of an HEIC file (ISO/IEC 23008-12: the brands of its `ftyp` box).

    >>> is_heic(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), is_heic(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif")
    (True, False)
    """
    size = int.from_bytes(head[:4], "big")
    brands = head[8:size]
    return head[4:8] == b"ftyp" and brands[:4] in HEIC_BRANDS and not any(brand in brands for brand in AVIF_BRANDS)


def read_heic_with_pillow(name: str) -> None:
    """Make Pillow know the format `HEIF`; `MissingExtraError` about the file `name` where the library is missing."""
    try:
        from pillow_heif import register_heif_opener
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{name}: this is an HEIC picture; install what reads them with pip install 'uepnet[heic]', or save it as JPEG"
        ) from error
    register_heif_opener()

"""The skeleton of a MATLAB file of version 5, checked before SciPy reads it: some broken files end SciPy's whole process.

"MAT-File Format" (MathWorks), chapter 1: after a header of 128 bytes come elements, each a type, a number of bytes and
that many bytes; a matrix is made of further elements, and a cell or structure of further matrices.
"""

import math
import struct
import zlib
from dataclasses import dataclass

HEADER = 128
MATRIX, COMPRESSED = 14, 15
NUMBERS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8, 16: 1, 17: 2, 18: 4}
"""Bytes of one value, by an element's type."""
CELL, STRUCTURE, TEXT, SPARSE, DOUBLE, UINT64 = 1, 2, 4, 5, 6, 15
COMPLEX = 0x0800
DEEPEST = 16
"""Matrices within matrices; annotations have five."""
LARGEST = 200_000_000
"""Bytes of an unpacked matrix; annotations of the largest crowds have less than one million."""


@dataclass
class Elements:
    """The elements of some bytes, one after the other."""

    content: bytes
    order: str
    place: int = 0

    def take(self, *, small: bool = True) -> tuple[int, bytes]:
        """The next element's type and bytes; `small` ones keep up to four bytes in their tag."""
        if self.place + 8 > len(self.content):
            raise ValueError("an element is missing at its end")
        kind, size = struct.unpack_from(f"{self.order}II", self.content, self.place)
        if small and kind >> 16:
            kind, size, begin, after = kind & 0xFFFF, kind >> 16, self.place + 4, self.place + 8
            if size > 4:
                raise ValueError(f"a small element says that it has {size} bytes")
        else:
            begin = self.place + 8
            after = begin + size + (-size % 8 if small and kind != MATRIX else 0)
        if begin + size > len(self.content):
            raise ValueError(f"an element says that it has {size} bytes, but {len(self.content) - begin} are there")
        self.place = after
        return kind, self.content[begin : begin + size]

    def whole_numbers(self) -> tuple[int, ...]:
        """The next element, as the 32-bit integers that it holds."""
        kind, values = self.take()
        if kind not in (5, 6) or len(values) % 4:
            raise ValueError(f"there should be whole numbers, but the element is of type {kind}")
        return struct.unpack(f"{self.order}{len(values) // 4}i", values)


def check_mat(content: bytes) -> None:
    """`ValueError` for a file of version 5 in which an element is not what its place demands; other files pass."""
    if len(content) < HEADER or 0 in content[:4]:
        return  # version 4 or none
    elements = Elements(content, "<" if content[126:128] == b"IM" else ">", HEADER)
    while elements.place < len(content):
        kind, inside = elements.take(small=False)
        if kind == COMPRESSED:
            unpacker = zlib.decompressobj()
            inside = unpacker.decompress(inside, LARGEST)
            if unpacker.unconsumed_tail:
                raise ValueError(f"a matrix has more than {LARGEST // 10**6} MB when it is unpacked")
            kind, inside = Elements(inside, elements.order).take(small=False)
        if kind != MATRIX:
            raise ValueError(f"there should be a matrix, but the element is of type {kind}")
        _check_matrix(Elements(inside, elements.order), depth=1)


def _check_matrix(elements: Elements, *, depth: int) -> None:
    if not elements.content and depth > 1:
        return  # an empty cell
    if depth > DEEPEST:
        raise ValueError(f"there are more than {DEEPEST} matrices within one another")
    flags, *_ = elements.whole_numbers() or (0,)
    sides = elements.whole_numbers()
    if len(sides) < 2 or min(sides) < 0:
        raise ValueError(f"a matrix has the sides {list(sides)}")
    elements.take()  # its name
    kind, values = flags & 0xFF, math.prod(sides)
    if kind in (CELL, STRUCTURE):
        for _ in range(_expected(values * (1 if kind == CELL else _fields(elements)), elements)):
            inner, inside = elements.take()
            if inner != MATRIX:
                raise ValueError(f"there should be a matrix within a matrix, but the element is of type {inner}")
            _check_matrix(Elements(inside, elements.order), depth=depth + 1)
    elif kind == SPARSE:
        raise ValueError("it holds a sparse matrix; save full ones")
    elif TEXT <= kind <= UINT64:
        for _ in range(2 if flags & COMPLEX else 1):
            _check_values(elements)
    else:
        raise ValueError(f"it holds a variable of class {kind}, which is no array, cell or structure")


def _check_values(elements: Elements) -> None:
    kind, values = elements.take()
    if kind not in NUMBERS or len(values) % NUMBERS[kind]:
        raise ValueError(f"{len(values)} bytes cannot be values of type {kind}")


def _fields(elements: Elements) -> int:
    """The number of a structure's fields."""
    length = elements.whole_numbers()
    _, names = elements.take()
    if len(length) != 1 or length[0] < 1 or len(names) % length[0]:
        raise ValueError("the names of a structure's fields are broken")
    return len(names) // length[0]


def _expected(matrices: int, elements: Elements) -> int:
    if matrices > (len(elements.content) - elements.place) // 8:
        raise ValueError(f"there should be {matrices} matrices within a matrix, more than there is room for")
    return matrices

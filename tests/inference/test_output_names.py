"""Files for pictures from many folders never overwrite each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.inference.output_names import output_names


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["crowd.jpg"], ["crowd"]),
        (["/data/a/x.jpg", "/data/b/x.jpg", "/data/b/y.jpg"], ["a_x.jpg", "b_x.jpg", "y"]),
        (["p/a/x.jpg", "q/a/x.jpg"], ["p_a_x.jpg", "q_a_x.jpg"]),
        (["x.jpg", "X.JPG"], ["x.jpg", "X.JPG-2"]),
        (["x.jpg", "x.jpg", "x.jpg"], ["x.jpg", "x.jpg-2", "x.jpg-3"]),
        (["-", "crowd.jpg"], ["stdin", "crowd"]),
        (["a b?*.jpg"], ["a b__"]),
        (["https://x/y z.jpg"], ["y z"]),
        ([], []),
    ],
)
def test_the_shortest_names_that_differ(sources: list[str], names: list[str]) -> None:
    assert output_names(sources) == tuple(names)


PARTS = st.lists(
    st.sampled_from(["a", "A", "b", "x.jpg", "x.png", "x", "..", "-2", "é*", "x-2"]), min_size=1, max_size=4
)


@given(paths=st.lists(PARTS, max_size=12))
def test_all_differ_and_are_plain_file_names(paths: list[list[str]]) -> None:
    names = output_names(["/".join(parts) for parts in paths])
    assert len(names) == len(paths)
    assert len({name.lower() for name in names}) == len(names)
    assert all("/" not in name and "\\" not in name and name not in ("", ".", "..") for name in names)

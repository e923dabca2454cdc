"""Text from file names and error messages, safe to show on a terminal or in a report."""


def printable(text: str) -> str:
    r"""The text on one line, with control characters, such as those that turn the direction of writing, written out.

    >>> printable("red\x1b[31m\nname")
    'red\\x1b[31m\\nname'
    """
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", errors="surrogatepass").decode() for sign in text
    )

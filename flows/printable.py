r"""What may be printed: text from anywhere, in which nothing is left that a terminal or a log viewer would obey.

Escape sequences recolour, retitle, clear or type into a terminal; bidirectional controls make a line read as another
than it is; a carriage return or a line separator forges a line. All of these become visible escapes (`\x1b`, `\u202e`).
Letters of every script, signs, emoji and blanks stay.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable
from typing import Any, Final

# Unicode's own classes decide (str.isprintable): Cc, Cf, Cs, Co, Cn, Zl, Zp. Blanks of all widths (Zs) are harmless; a
# newline and a tab are what layouts are made of. The joiners inside emoji are in Cf, too: an emoji family falls apart.
KEPT: Final = "\n\t"
_ASCII: Final = re.compile(r"[ -~\n\t]*")


def plain(text: str, kept: str = KEPT) -> str:
    r"""The text, with every character that is no letter, sign, blank or one of `kept` as an escape.

    >>> print(plain("a\x1b[31m b\u202ec"), plain("one\ntwo", kept=""))
    a\x1b[31m b\u202ec one\x0atwo
    """
    if kept is KEPT and _ASCII.fullmatch(text):
        return text
    return "".join(letter if _harmless(letter) or letter in kept else _escape(letter) for letter in text)


def plain_json(value: Any, indent: int | None = 2) -> str:
    r"""JSON that any parser reads back to the same value, and that is harmless on a terminal: its own escapes are used.

    >>> print(plain_json("é\u202e\x7f", indent=None))
    "é\u202e\u007f"
    """
    written = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    if written.isascii() and "\x7f" not in written:
        return written
    return "".join(
        letter if _harmless(letter) or letter in KEPT else json.dumps(letter)[1:-1].replace("\x7f", "\\u007f")
        for letter in written
    )


def guard_logs() -> None:
    """From here on no log record of this process, whoever writes it, holds what a terminal would obey."""
    make = logging.getLogRecordFactory()
    if getattr(make, "guarded", False):
        return

    def make_plain(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):  # arguments that do not fit: logging itself reports them
            return record
        if (shown := plain(message)) != message:  # else as it is: some handlers read the arguments
            record.msg, record.args = shown, ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = plain("".join(traceback.format_exception(record.exc_info[1])).rstrip("\n"))
        return record

    make_plain.guarded = True  # type: ignore[attr-defined]  # a mark on the function: guarding twice is once
    factory: Callable[..., logging.LogRecord] = make_plain
    logging.setLogRecordFactory(factory)


def _harmless(letter: str) -> bool:
    return letter.isprintable() or (letter.isspace() and letter > "\x9f" and letter not in "\u2028\u2029")


def _escape(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 # where one escape ends and the next begins

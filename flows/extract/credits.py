"""Where a caption names its photographer and agency: words about the picture, not about the news."""

import re

_AGENCY = r"(?:AP|AFP|EPA|TASS|Reuters|REUTERS|Getty(?: Images)?|Xinhua|Anadolu|Shutterstock|Alamy|Bloomberg)"
CREDIT = re.compile(
    rf"[(\[][^()\[\]]{{0,80}}\b(?:{_AGENCY}|[Pp]hoto|[Cc]redit|[Ff]ile)\b[^()\[\]]{{0,80}}[)\]]"
    r"|(?:©|\b(?:Photo(?:graph)?s?(?: by|:)|(?:Credit|Picture|Source|Image):)).{0,200}$"
    rf"|\b{_AGENCY}\s?/.{{0,120}}$"
    # "/ Reuters Archive" and "Name Surname/AFP/Getty Images" at the end, back to the sentence's stop
    rf"|(?<=[.!?\"”])\s[^.!?]{{0,80}}/\s?{_AGENCY}\b[^.!?]{{0,40}}$"
    rf"|\s/\s?{_AGENCY}\b.{{0,40}}$"
    rf"|^[^.!?]{{0,60}}/\s?{_AGENCY}\b[^.!?]{{0,40}}$",
)
# Captions are short; a body line that was labelled caption is not searched to its end.
MAX_CAPTION_CHARS = 2_000


def credit_span(caption: str) -> tuple[int, int] | None:
    """(start, end) of the credit in a caption, None if it has none.

    >>> caption = "Smoke over the port. Ana Belo/AFP/Getty Images"
    >>> caption[slice(*credit_span(caption))]
    ' Ana Belo/AFP/Getty Images'
    """
    found = CREDIT.search(caption[:MAX_CAPTION_CHARS])
    return found.span() if found else None

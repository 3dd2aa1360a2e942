"""The text of an e-mail as simple HTML: no picture, no style sheet, nothing that is loaded from anywhere."""

from collections.abc import Iterable, Sequence
from html import escape

_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n</head>\n'
    '<body style="margin:0;padding:24px 16px">\n'
    '<div style="max-width:34em;margin:0 auto;font:16px/1.5 system-ui,sans-serif">\n{content}\n</div>\n'
    "</body>\n</html>\n"
)
_SMALL = ' style="font-size:14px;margin-top:32px"'


def html_letter(
    paragraphs: Sequence[str], *, language: str, title: str, links: Iterable[str], has_leave: bool
) -> str:
    """The whole page.

    Args:
        paragraphs: Plain text; each becomes a paragraph.
        language: BCP 47 tag.
        title: The subject.
        links: Web addresses in the paragraphs that can be followed.
        has_leave: Whether the last paragraph says how to get no more, and is set smaller.
    """
    addresses = sorted(links, key=len, reverse=True)
    last = len(paragraphs) - 1
    content = [
        f"<p{_SMALL if has_leave and place == last else ''}>{_linked(text, addresses)}</p>"
        for place, text in enumerate(paragraphs)
    ]
    return html_page("\n".join(content), language=language, title=title)


def html_page(content: str, *, language: str, title: str) -> str:
    """A page around HTML that is safe already."""
    return _PAGE.format(language=escape(language), title=escape(title), content=content)


def _linked(text: str, addresses: Sequence[str]) -> str:
    """The text escaped, its addresses as links; one that begins another is not split out of it."""
    for place, address in enumerate(addresses):
        before, found, after = text.partition(address)
        if found:
            rest = addresses[place:]
            link = f'<a href="{escape(address)}" style="word-break:break-all">{escape(address)}</a>'
            return f"{_linked(before, rest)}{link}{_linked(after, rest)}"
    return escape(text, quote=False)

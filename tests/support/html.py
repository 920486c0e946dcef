"""A page of HTML, taken apart."""

from html.parser import HTMLParser

VOID = {"meta", "br", "rect", "circle", "path", "polyline", "link", "input"}


class Page(HTMLParser):
    """What a page holds: elements with their attributes, the text of sections, and whether tags match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.sections: dict[str, str] = {}
        self.text = ""
        self._open: list[tuple[str, str | None]] = []
        self._texts: list[tuple[str, str]] = []
        self._begun: list[int] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("id")))
            self._begun.append(len(self.text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag
        self._texts.append((tag, self.text[self._begun.pop() :]))

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag, name in self._open:
            if tag == "section":
                self.sections[name or ""] = self.sections.get(name or "", "") + data

    def of(self, *tags: str) -> list[str]:
        """The texts of all elements with these tags."""
        return [text for tag, text in self._texts if tag in tags]

    def values(self, attribute: str) -> list[str]:
        return [
            value
            for _, attrs in self.elements
            for name, value in attrs.items()
            if name == attribute and value
        ]

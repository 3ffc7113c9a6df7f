"""English words on a Chinese page: what a reader of Chinese should not meet, without codes, names and units."""

import re
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
CODES: Final = frozenset("code pre kbd samp script style textarea".split())
SPOKEN: Final = ("aria-label", "placeholder", "title", "alt", "data-label")
CODE: Final = re.compile(
    r"[^\s，。、；：！？（）「」《》]*[\d_:/@.#=+&][^\s，。、；：！？（）「」《》]*|\b\w+(?:-\w+)+\b"
)
"""A token with a digit or a sign in it: a key, an address, a file. Also words joined by hyphens, as keys are."""
BILINGUAL: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9 ,'.-]*(?: \([A-Za-z ]+\))? · (?=[^\x00-\x7f])|\((?:Demonstration|generated) · "
)
"""A name that the demonstration says in both languages, English first."""
TITLED: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ,'.-]* (?=\((?:Demonstration|generated) · )")
RULE: Final = re.compile(r"[a-z][a-z0-9-]* \d+\.\d+\.\d+(?:，\w+)?")
"""A pack with its version, and the key of one of its rules."""
EXAMPLE: Final = re.compile(r"例如：\S+")
"""One word that is typed as it stands: a code."""
SHORTENED: Final = 60
"""Choices show long titles shortened."""
WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*[a-z][A-Za-z'’-]*")

NAMES: Final = frozenset(
    """
    Argus ART Cercarbono Cookie Counterfoil CSV DvP English GeoJSON Gold Isometric LoA LoAck Media
    MiB MultiPolygon Natural Earth Parquet Polygon Premium Python Schema Shapefile Standard Token Verra
    Webhook Web Signature axe ii iii iv backups zip xlsx
    """.split()
)
"""Proper names, units, formats and roman numerals: the same in every language."""
OWN: Final = (
    "Solar roofs",
    "Bangkok E-Bus Programme",
    "JCM TH014, 5 MW floating solar",
    "agreed between the Parties",
    "Changes only before first transfer, by agreement of the Parties.",
    "Written notice, published before it takes effect.",
    "applies corresponding adjustments to what is first transferred.",
    "Thailand 2nd Updated NDC",
    "Thailand, second updated NDC",
    "UNFCCC GHG profiles, non-Annex I Parties",
    "30 % below the projected business-as-usual level in 2030",
    "40 % below the projected business-as-usual level in 2030",
    ", with support",
    "buyer of the offset duty",
    "Japanese participant",
    "The initial report is being prepared.",
    "Demonstration: the review team asks how the vintages of the first table were split.",
    "Demonstration: say where the split is recorded.",
    "Demonstration: served beside",
    "annex para.",
)
"""What records of the demonstration say in their own words, and how a provision is typed: no page translates it."""


class Reader(HTMLParser):
    """The texts of a page's main part that a reader takes for words of the page's language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        """Each open element, and whether its content is no prose of this language."""
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if self._reads():
            self.texts += [value for name in SPOKEN if (value := named.get(name))]
        if tag not in VOID:
            foreign = tag in CODES or (named.get("lang") or "zh").startswith("en")
            self.open.append((tag, foreign or any(each for _, each in self.open)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._reads() and data.strip():
            self.texts.append(" ".join(data.split()))

    def _reads(self) -> bool:
        return any(tag == "main" for tag, _ in self.open) and not self.open[-1][1]


def english_words(page: str, titles: frozenset[str] = frozenset()) -> list[str]:
    """Each text of the page with words that are no code, no name and no record's own: the words, then the text.

    Args:
        titles: Texts that stand in records, such as what projects are called.
    """
    found = []
    for text in dict.fromkeys(Reader(page).texts):
        if text in titles or (len(text) > SHORTENED and any(title.startswith(text) for title in titles)):
            continue
        rest = TITLED.sub("", EXAMPLE.sub("", RULE.sub("", text)))
        for own in OWN:
            rest = rest.replace(own, " ")
        rest = CODE.sub(" ", BILINGUAL.sub("", rest))
        if words := [word for word in WORD.findall(rest) if word not in NAMES]:
            found.append(f"{' '.join(words)} | {text[:120]}")
    return found

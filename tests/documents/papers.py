"""A paper of every kind of block in both languages, and texts that try to be something else than text."""

from dataclasses import replace
from datetime import date

from counterfoil.application.paper import (
    Align,
    Bullets,
    Column,
    Fields,
    Notice,
    Paper,
    Paragraph,
    Section,
    Table,
    Titles,
)

HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    '#eval("1+1") #read("paper.typ") $x^2$ *bold* _it_ \\ ] [ @ref <label> `raw` //c /* */',
    "=SUM(A1:A9)",
    "</w:t></w:r><w:p/> & &amp; <![CDATA[x]]>",
    "{page} {pages} {shown} ${title} %s",
)
TITLES = {
    "en": Titles(),
    "zh-Hant": Titles(contents="目錄", page="第 {page} 頁，共 {pages} 頁", table="表", facts="文件", cut="節略"),
}
TEXTS = {
    "en": ("Initial report under Article 6", "Participation", "The Party tracks each ITMO from first transfer to use."),
    "zh-Hant": ("第六條初始報告", "參與", "本締約方自首次轉讓起至使用為止，逐一追蹤各國際轉讓之減緩成果。"),
}
YEARS = tuple(str(year) for year in range(2021, 2031))


def paper(language: str = "en", *, mark: str = "", chapters: int = 2) -> Paper:
    title, chapter, sentence = TEXTS[language]
    year = tuple(Column(name, Align.END) for name in YEARS)
    rows = tuple((f"{sentence} {n}", *(f"{n * 1_234_567:,}" for _ in YEARS)) for n in range(1, 41))
    narrow = Table(
        sentence,
        (Column(chapter), Column("t", Align.END)),
        (("A", "12,345"), ("B", "not available")),
        "S",
        frozenset({1}),
    )
    wide = Table(title, (Column(chapter, weight=4), *year), rows, source=sentence, sheet="CTF 4")
    opening: tuple[Section, ...] = (
        Section(
            chapter,
            (
                Notice(chapter, sentence),
                Paragraph(sentence),
                Bullets((sentence, chapter)),
                Fields(((chapter, sentence),)),
            ),
            (Section(f"{chapter} A", (narrow,), number="I.A"),),
            "I",
        ),
        Section(f"{chapter} II", (wide,), number="II"),
    )
    more = tuple(
        Section(f"{chapter} {n}", (Paragraph(sentence * 60),) * 3, number=f"{n}") for n in range(3, chapters + 1)
    )
    facts = ((chapter, "CHE"),)
    return Paper(
        title,
        language,
        facts,
        sentence,
        opening + more,
        mark,
        "Counterfoil",
        titles=TITLES[language],
        day=date(2026, 11, 22),
    )


def saying(*texts: str, language: str = "en") -> Paper:
    """A paper that says these texts in every place where a text can stand."""
    columns = tuple(Column(text) for text in texts)
    blocks = (
        *map(Paragraph, texts),
        Bullets(texts),
        *(Notice(text, text) for text in texts),
        Fields(tuple((text, text) for text in texts)),
        *(Table(text, columns, (texts,), text, sheet=text) for text in texts),
    )
    sections = tuple(Section(text, number=text[:3]) for text in texts)
    return replace(
        paper(language), title=texts[0], subtitle=texts[0], mark=texts[0], foot=texts[0], facts=((texts[0], texts[0]),),
        sections=(Section(texts[0], blocks), *sections),
    )  # fmt: skip

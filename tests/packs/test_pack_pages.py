"""The pages for lawyers are what the packs say today, and none is left of a pack that is gone."""

from tools.update import pack_pages


def test_every_page_of_a_pack_is_current() -> None:
    pages = pack_pages.pages()
    for path, text in pages.items():
        assert path.is_file() and path.read_text("utf-8") == text, (
            f"{path.name}: run `python -m tools.update.pack_pages`"
        )
    assert set(pack_pages.FOLDER.glob("*.md")) == set(pages)

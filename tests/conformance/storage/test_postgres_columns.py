"""What a whole column is turned into is what PostgreSQL makes of it, for every text, number and byte string."""

from collections.abc import Sequence

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters.storage.postgres.columns import byte_strings, integers, journal_copy, texts
from counterfoil.application.ports import JournalRow
from tests.conformance.storage.conftest import POSTGRES, Servers

# PostgreSQL keeps neither NUL nor half a surrogate pair in a text; nor does canonical JSON.
any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
any_integer = st.integers(-(2**63), 2**63 - 1)
awkward = ["", "NULL", "null", "{}", '"', "\\", "\\x00", ",", " a ", "a\nb", "\u6e1b\u91cf", "\U0001f33f"]
columns = st.tuples(st.lists(any_text | st.sampled_from(awkward)), st.lists(any_integer), st.lists(st.binary()))


def test_columns_come_back_as_they_were(servers: Servers) -> None:
    with psycopg.connect(servers(POSTGRES[1])) as connection:

        @given(columns)
        def come_back(column: tuple[Sequence[str], Sequence[int], Sequence[bytes]]) -> None:
            names, numbers, data = column
            query = "SELECT %s::text[], %s::bigint[], %s::bytea[]"
            facts = (texts(names), integers(numbers), byte_strings(data))
            assert connection.execute(query, facts).fetchone() == (names, numbers, data)

        come_back()


def test_copied_rows_come_back_as_they_were(servers: Servers) -> None:
    rows = st.lists(
        st.builds(JournalRow, st.integers(0, 2**63 - 1), any_text, st.binary(min_size=32, max_size=32), st.binary())
    )
    with psycopg.connect(servers(POSTGRES[1])) as connection:
        connection.execute(
            "CREATE TEMP TABLE journal (n serial, seq bigint, command text, leaf_hash bytea, leaf bytea)"
        )

        @given(rows)
        def come_back(journal: Sequence[JournalRow]) -> None:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE journal")
                copied = "COPY journal (seq, command, leaf_hash, leaf) FROM STDIN (FORMAT binary)"
                with cursor.copy(copied) as copy:
                    copy.write(journal_copy(journal))
                found = cursor.execute("SELECT seq, command, leaf_hash, leaf FROM journal ORDER BY n")
                assert list(map(JournalRow._make, found)) == journal

        come_back()

"""The blank workbook, typed from the texts and not taken from the product: sheets, labels, spacer columns.

Source: rulebook 4.5; 4/CMA.6 annex II. A star before a label marks a field that only the CARP fills, a bar after it an
empty column.
"""

from typing import Final

SHEETS: Final = (
    "Index",
    "Summary information",
    "Table 1 Submission",
    "Table 2 Authorizations",
    "Table 3 Actions",
    "Table 4 Holdings",
    "Table 5 Auth. entities",
)
TITLES: Final = {
    1: "Table 1: Submission",
    2: "Table 2: Authorizations",
    3: "Table 3: Actions",
    4: "Table 4: Holdings",
    5: "Table 5: Authorized entities",
}
POPULATED: Final = "{Information in this field is populated by the CARP}"
LINKED: Final = "{Link to be produced by the CARP}"

_TABLES: Final = {
    1: """
        party = Party
        version = Version
        year = Reported year
        submitted = Date of submission
        *review = Review status of the initial report
        *result = Result of the consistency check of this AEF submission
        first = First year of the NDC implementation period
        last = Last year of the NDC implementation period
        *ter = Reference to the Article 6 technical expert review report of the initial report
    """,
    2: """
        auth = Authorization ID
        dated = Date of authorization
        approach = Cooperative approach ID
        version = Version of the authorization |
        quantity = Authorized quantity
        metric = Metric
        gwp = Applicable GWP value(s)
        unit = Applicable non-GHG metric
        sectors = Sector(s)
        activities = Activity type(s)
        purposes = Purposes for authorization
        parties = Authorized Party(ies) ID
        entities = Authorized entity(ies) ID
        oimp = OIMP authorized by the Party
        frame = Authorized timeframe
        terms = Authorization terms and conditions
        *document = Authorization documentation
        definition = First transfer definition for OIMP
        note = Additional explanatory information
    """,
    3: """
        day = Action date
        kind = Action type
        subtype = Action subtype
        approach = Cooperative approach ID
        auth = Authorization ID
        host = First transferring participating Party ID
        registry = Party ITMO registry ID
        first = First ID
        last = Last ID |
        under = Underlying unit registry ID
        under_first = First unit ID
        under_last = Last unit ID |
        metric = Metric
        gwp = Applicable GWP value(s)
        unit = Applicable non-GHG metric
        co2 = Quantity (t CO2 eq)
        amount = Quantity (in non-GHG metric) |
        mitigation = Mitigation type
        vintage = Vintage |
        giver = Transferring participating Party ID
        taker = Acquiring participating Party ID |
        purpose = Purpose for which the ITMO has been used towards or cancelled for OIMP
        user = Using/cancelling participating Party ID
        entity = Using/cancelling authorized entity ID
        used_for = Calendar year for which the ITMOs are used towards the Party's NDC |
        *result = Result of the consistency checks
        note = Additional explanatory information
    """,
    4: """
        approach = Cooperative approach ID
        auth = Authorization ID
        host = First transferring participating Party ID
        registry = Party ITMO registry ID
        first = First ID
        last = Last ID |
        under = Underlying unit registry ID
        under_first = First unit ID
        under_last = Last unit ID |
        metric = Metric
        gwp = Applicable GWP value(s)
        unit = Applicable non-GHG metric
        co2 = Quantity (t CO2 eq)
        amount = Quantity (in non-GHG metric) |
        mitigation = Mitigation type
        vintage = Vintage
    """,
    5: """
        dated = Date of the authorization
        name = Name
        country = Country of incorporation
        entity = Identification number
        approach = Cooperative approach ID
        conditions = Conditions
        changes = Change and revocation conditions
        note = Additional explanatory information
    """,
}


def columns(table: int) -> list[tuple[str, str, bool, bool]]:
    """Key, label, whether the CARP fills it, whether an empty column follows."""
    found = []
    for line in _TABLES[table].strip().splitlines():
        key, label = line.strip().split(" = ", 1)
        found.append((key.lstrip("*"), label.removesuffix(" |"), key.startswith("*"), label.endswith(" |")))
    return found


def blank(table: int) -> dict[str, object]:
    """A row with what stands in an untouched template: the text of the CARP, and nothing else."""
    links = {"ter", "document"}
    return {key: (LINKED if key in links else POPULATED) if carp else None for key, _, carp, _ in columns(table)}

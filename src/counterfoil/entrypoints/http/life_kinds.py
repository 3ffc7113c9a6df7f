"""Records beside an activity that the API lists and shows: path, kind, one and many in words, an example."""

from typing import Final

Both = tuple[str, str]

LIFE_KINDS: Final[tuple[tuple[str, str, Both, Both, str], ...]] = (
    (
        "verifiers",
        "verifier",
        ("One validation and verification body", "單一查驗機構"),
        ("The register of validation and verification bodies", "查驗機構名冊"),
        "VVB-7",
    ),
    (
        "methodologies",
        "methodology",
        ("One methodology with its versions", "單一方法學及其版次"),
        ("The register of methodologies", "方法學名冊"),
        "AMS-III.C",
    ),
    (
        "findings",
        "activity_finding",
        ("One finding about an activity", "單一發現事項"),
        ("Findings about activities", "發現事項清單"),
        "CAR-1",
    ),
    (
        "grievances",
        "grievance",
        ("One grievance: its number, its days and the public answer", "單一陳情：編號、日期與公開答覆"),
        ("Grievances about activities", "陳情清單"),
        "G-2026-1",
    ),
    (
        "consultations",
        "consultation",
        ("One consultation, with its result", "單一徵詢及其結果"),
        ("Consultations about activities", "徵詢清單"),
        "C-2026-1",
    ),
)

"""What is wrong with a pack is refused when it is loaded, by code, with the file and the line."""

from pathlib import Path

import pytest

from counterfoil.domain.policy.pack import Pack
from counterfoil.entrypoints.faults import catalogue
from tests.packs.exampleland import HEAD, PACK, PARTY, read, rule, write

GATE = rule("gate", "export_gate", 'gate = "open"')
UNIT_A = rule("a", "unit_type", 'code = "A"\nsize = "1 t"')
KILO = rule("k", "unit_type", 'code = "K"\nsize = "1 kg"')


def conversion(name: str, source: str, target: str, ratio: str = "1:1") -> str:
    content = f'from_types = ["{source}"]\nto_type = "{target}"\neffect = "same_ledger"\nratio = "{ratio}"'
    return rule(name, "conversion", content)


def levy(name: str, share: str) -> str:
    return rule(name, "levy", f'aim = "levy"\nshare = "{share}"')


def scheme(name: str, limits: str) -> str:
    content = 'scheme = "S"\nstate = "in_force"\nbase = "emissions"\nunit_types = ["A"]\n'
    return rule(name, "compliance_use", content + limits)


def value(rows: str, unit: str = "%") -> str:
    return f'[value.v]\nunit = "{unit}"\nlabel = {{ en = "A value", zh-Hant = "數值" }}\n{rows}'


def row(text: str, head: str = HEAD) -> str:
    return f"[[value.v.dated]]\n{head}value = {text}\n"


TWO_VERSIONS = GATE + "[[rule.gate.dated]]\n" + HEAD.replace("2024-01-01", "2025-01-01") + 'gate = "closed"\n'
CASE = """\
[[case]]
says = { en = "Nothing is exported.", zh-Hant = "不得輸出。" }
on = 2025-01-01
act = "authorize"
given = { quantity_t = 1 }
expect = "refused"
"""

# (what is wrong, law, code, line)
LAWS = [
    ("TOML that is broken", "[rule.x\n", "pack.toml_broken", 1),
    ("a section that nobody knows", "[rules.x]\n", "pack.key_unknown", 1),
    (
        "a key that the kind does not have",
        rule("g", "export_gate", 'gate = "open"\nspeed = "9 t"'),
        "pack.key_unknown",
        10,
    ),
    ("a key that is missing", rule("g", "export_gate", ""), "pack.key_missing", 4),
    ("no acts where the kind needs them", rule("g", "requirement", 'needs = ["additional"]'), "pack.key_missing", 4),
    ("a kind that does not exist", rule("g", "gate", 'gate = "open"'), "pack.kind_unknown", 2),
    ("a choice that does not exist", rule("g", "export_gate", 'gate = "ajar"'), "pack.choice_unknown", 9),
    ("a source that is missing", GATE.replace('source = "act"\n', ""), "pack.source_missing", 4),
    ("a source that pack.toml does not have", GATE.replace('"act"', '"law"'), "pack.source_unknown", 6),
    ("a provision that is missing", GATE.replace('provision = "art. 1"\n', ""), "pack.provision_missing", 4),
    ("a label in one language", GATE.replace(', zh-Hant = "規則"', ""), "pack.label_missing", 3),
    (
        "a label in a third language",
        GATE.replace('zh-Hant = "規則"', 'zh-Hant = "規則", fr = "x"'),
        "pack.key_unknown",
        3,
    ),
    ("days that run backwards", GATE.replace("2024-01-01", "2024-01-01\nto = 2023-12-31"), "pack.days_backwards", 6),
    ("versions that overlap", TWO_VERSIONS, "pack.days_overlap", 10),
    (
        "a rule without a version",
        '[rule.g]\nkind = "party"\nlabel = { en = "A", zh-Hant = "規" }\n',
        "pack.rows_missing",
        1,
    ),
    ("a name with a capital", GATE.replace("rule.gate", "rule.Gate"), "pack.name_unfit", 1),
    ("a day in quotes", GATE.replace("2024-01-01", '"2024-01-01"'), "pack.shape_wrong", 5),
    ("a list that is a word", rule("t", "tier", 'acts = ["issue"]\norder = "state"'), "pack.shape_wrong", 10),
    (
        "a jurisdiction that does not exist",
        rule("p", "agreement", 'partners = ["ZZZ"]\nform = "IA"'),
        "pack.jurisdiction_unknown",
        9,
    ),
    (
        "a fact that nobody declared",
        rule("q", "requirement", 'acts = ["issue"]\nneeds = ["sunny"]'),
        "pack.fact_unknown",
        10,
    ),
    ("a condition on an unknown fact", GATE + "when = { weather = 1 }\n", "pack.fact_unknown", 10),
    ("a condition of the wrong type", GATE + "when = { reversible = 7 }\n", "pack.fact_unreadable", 10),
    ("a share without its unit", levy("l", "0.05"), "pack.value_without_unit", 10),
    ("a bare number", levy("l", "9").replace('"9"', "9"), "pack.value_without_unit", 10),
    ("a share in tonnes", levy("l", "5 t"), "pack.unit_unfit", 10),
    ("a number that cannot be read", levy("l", "+5 %"), "pack.value_unreadable", 10),
    ("a value that does not exist", levy("l", "rate"), "pack.value_unknown", 10),
    ("a value without unit", value(row('"5"')).replace('unit = "%"\n', ""), "pack.value_without_unit", 1),
    ("a value without source", value(row('"5"', HEAD.replace('source = "act"\n', ""))), "pack.source_missing", 4),
    ("a value as a binary float", value(row("0.05")), "pack.value_unreadable", 9),
    ("a share above one", value(row('"101"')), "pack.share_above_one", 9),
    (
        "a share above one in a rule",
        rule("b", "benefit_share", 'beneficiary = "x"\nshare = "3/2 share"'),
        "pack.share_above_one",
        4,
    ),
    ("levies that take more than there is", levy("l", "60 %") + levy("m", "41 %"), "pack.units_created", 10),
    (
        "parts that are more than the whole",
        rule("s", "sharing", 'rest_to = "A"\nparts = { B = "60 %", C = "50 %" }'),
        "pack.units_created",
        10,
    ),
    ("a conversion that creates units", conversion("c", "A", "B", "2:1"), "pack.units_created", 12),
    (
        "a conversion that creates tonnes from kilograms",
        UNIT_A + KILO + conversion("c", "K", "A", "1:1"),
        "pack.units_created",
        32,
    ),
    ("a conversion that destroys units", conversion("c", "A", "B", "1:2"), "pack.units_destroyed", 12),
    ("a conversion without a ratio", conversion("c", "A", "B").replace('ratio = "1:1"', ""), "pack.key_needed", 11),
    (
        "a circle of conversions",
        conversion("c", "A", "B") + conversion("d", "B", "C") + conversion("e", "C", "A"),
        "pack.conversion_cycle",
        10,
    ),
    ("there and back as two rules", conversion("c", "A", "B") + conversion("d", "B", "A"), "pack.conversion_cycle", 10),
    (
        "duties that must stay apart",
        rule("r", "role", 'authority = "X"\nmay = ["issue"]\nnever = ["authorize"]')
        + rule("s", "role", 'authority = "X"\nmay = ["authorize"]'),
        "pack.duties_not_separate",
        11,
    ),
    ("a list gate without its list", rule("g", "export_gate", 'gate = "positive_list"'), "pack.key_needed", 9),
    ("a step without a label", rule("c", "cycle", 'cycle = "p"\nsteps = ["one"]\nlabels = {}'), "pack.key_needed", 11),
    (
        "a gate on an unknown step",
        rule("c", "cycle", 'cycle = "p"\nsteps = []\nlabels = {}\ngates = { use = "one" }'),
        "pack.word_unknown",
        12,
    ),
    (
        "recognition through an unknown conversion",
        rule(
            "r",
            "recognition",
            'of = "JPN"\nunit_types = ["J"]\naccepted = "converted"\nstate = "in_force"\nconversion = "x"',
        ),
        "pack.word_unknown",
        13,
    ),
    (
        "a limit in tax without a rate",
        rule("u", "compliance_use", 'scheme = "S"\nstate = "in_force"\nbase = "tax"\nunit_types = ["A"]\ncap = "5 %"'),
        "pack.key_needed",
        11,
    ),
    ("a territory that names no Party", rule("p", "party", 'status = "within_party"'), "pack.key_needed", 9),
    (
        "a most without the share of the plan",
        rule("b", "benefit_share", 'beneficiary = "x"\nmost = "40 %"'),
        "pack.key_needed",
        10,
    ),
    (
        "a joint limit that nobody can share",
        scheme("u", 'joint_cap = "10 %"'),
        "pack.limit_unnamed",
        13,
    ),
    (
        "a joint limit that counts in two ways",
        value(row('"10"')) + scheme("u", 'joint_cap = "v"') + scheme("w", 'cap = "v"\ncap_counts = "deducted"'),
        "pack.limits_differ",
        22,
    ),
    (
        "a requirement that is no id",
        GATE.replace("[[rule", 'requirements = ["R-1"]\n[[rule', 1),
        "pack.requirement_unfit",
        4,
    ),
]


@pytest.mark.parametrize(("law", "code", "line"), [case[1:] for case in LAWS], ids=[case[0] for case in LAWS])
def test_a_law_is_refused_with(tmp_path: Path, law: str, code: str, line: int) -> None:
    """Lines are counted with the sound rule on the Party's status in a file of its own."""
    place = write(tmp_path, law)
    (place / "law" / "status.toml").write_text(PARTY, encoding="utf-8")
    found = read(place)
    assert isinstance(found, list)
    assert (str(found[0].code), found[0].facts["file"], found[0].facts["line"]) == (code, "xaa/law/law.toml", line)


PACKS = [
    ("no pack.toml", "", "pack.file_missing"),
    ("a version that is none", PACK.replace("1.0.0", "one"), "pack.id_unfit"),
    ("an id that is not the folder's name", PACK.replace('"xaa"', '"xab"'), "pack.id_not_folder"),
    ("a jurisdiction that does not exist", PACK.replace("XAA", "ZZZ"), "pack.jurisdiction_unknown"),
    ("a title in one language", PACK.replace(', zh-Hant = "範例國"', ""), "pack.label_missing"),
    ("a key that nobody knows", 'colour = "green"\n' + PACK, "pack.key_unknown"),
    ("a kind that does not exist", PACK.replace('"jurisdiction"', '"country"'), "pack.choice_unknown"),
]


@pytest.mark.parametrize(("pack", "code"), [case[1:] for case in PACKS], ids=[case[0] for case in PACKS])
def test_a_pack_is_refused_with(tmp_path: Path, pack: str, code: str) -> None:
    place = write(tmp_path, pack=pack)
    if not pack:
        (place / "pack.toml").unlink()
    found = read(place)
    assert isinstance(found, list)
    assert code in [str(refusal.code) for refusal in found]


CASES = [
    ("a sentence that the law does not bear out", CASE, "pack.case_failed", 1),
    ("a sentence on an unknown fact", CASE.replace("quantity_t", "weight"), "pack.fact_unknown", 5),
    ("a sentence with a fact of the wrong type", CASE.replace("= 1 }", '= "one" }'), "pack.fact_unreadable", 5),
    ("a sentence on an unknown act", CASE.replace('"authorize"', '"dance"'), "pack.choice_unknown", 4),
    ("a sentence in one language", CASE.replace(', zh-Hant = "不得輸出。"', ""), "pack.label_missing", 2),
    ("a sentence with an unknown key", CASE + "mood = 1\n", "pack.key_unknown", 7),
]


@pytest.mark.parametrize(("cases", "code", "line"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_case_is_refused_that_is(tmp_path: Path, cases: str, code: str, line: int) -> None:
    found = read(write(tmp_path, PARTY + GATE, cases=cases))
    assert isinstance(found, list)
    assert [(str(each.code), each.facts["line"]) for each in found] == [(code, line)]


def test_the_pack_that_is_spoilt_here_is_sound(tmp_path: Path) -> None:
    """Without it the tests above could pass for another reason."""
    sound = CASE.replace('"refused"', '"allowed"')
    conversions = UNIT_A + KILO + conversion("c", "A", "K", "1000:1")
    found = read(write(tmp_path, PARTY + GATE + levy("l", "60 %") + levy("m", "39 %") + conversions, cases=sound))
    assert isinstance(found, Pack), found


def test_levies_that_never_fall_together_may_exceed_the_whole(tmp_path: Path) -> None:
    one = levy("l", "60 %") + 'when = { sector = "forestry" }\n'
    other = levy("m", "60 %") + 'when = { sector = "energy" }\n'
    assert isinstance(read(write(tmp_path, PARTY + one + other)), Pack)


def test_an_arrangement_that_leads_both_ways_is_one_rule_and_no_circle(tmp_path: Path) -> None:
    assert isinstance(read(write(tmp_path, PARTY + conversion("c", "A", "B") + "both_ways = true\n")), Pack)


def test_a_jurisdiction_without_its_status_is_refused(tmp_path: Path) -> None:
    found = read(write(tmp_path, GATE))
    assert isinstance(found, list)
    assert [str(each.code) for each in found] == ["pack.rule_missing"]


def test_every_problem_is_told_in_both_languages_with_all_its_facts(tmp_path: Path) -> None:
    for _, law, _, _ in LAWS:
        found = read(write(tmp_path, law))
        assert isinstance(found, list)
        for refusal in found:
            texts = catalogue()[str(refusal.code)]
            for text in (*texts.message.values(), *texts.fix.values()):
                assert text.format(**{name: str(fact) for name, fact in refusal.facts.items()})


SLIPS = [
    ("a word for a slip of spelling", rule("g", "unit type", 'code = "A"'), "known", "unit_type, party"),
    (
        "a fact with a space",
        rule("q", "requirement", 'acts = ["use"]\nneeds = ["national record"]'),
        "near",
        "national_record",
    ),
    ("a word where a list stands", rule("p", "agreement", 'partners = "CHE"'), "expected", 'partners = ["...", "..."]'),
    (
        "a fee of so much a tonne, which is said by `per`",
        rule("f", "fee", 'payer = "p"\nrecipient = "r"\namount = "0.20 USD/t"\nacts = ["issue"]'),
        "unit",
        "500 SGD",
    ),
    (
        "a ratio that is written the other way round",
        rule("c", "conversion", 'from_types = ["A"]\nto_type = "B"\neffect = "cancel_and_issue"\nratio = "1:2"'),
        "total",
        "1 A (1,000 kg) → 1/2 B (500 kg)",
    ),
    ("curly quotes", GATE + "x = “y”\n", "written", "x = “y”"),
    ("a day that does not exist", GATE.replace("2024-01-01", "2024-02-30"), "written", "from = 2024-02-30"),
    ("an end that is missing", GATE + 'x = """', "written", 'x = """'),
    ("two spellings of one name", GATE.replace("[[rule.gate.", "[[rule.gates."), "table", "rule.gates"),
]


@pytest.mark.parametrize(("law", "fact", "told"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_a_clerk_is_told_the_remedy_for(tmp_path: Path, law: str, fact: str, told: str) -> None:
    found = read(write(tmp_path, law))
    assert isinstance(found, list)
    assert any(str(refusal.facts.get(fact, "")).startswith(told) for refusal in found), found


def test_a_failed_sentence_says_which_rules_answered_and_in_both_languages(tmp_path: Path) -> None:
    found = read(write(tmp_path, PARTY + GATE, cases=CASE))
    assert isinstance(found, list)
    assert found[0].facts["found"] == "allowed (status, gate)"
    assert "不得輸出。" in str(found[0].facts["says"])


def test_a_failed_sentence_says_which_facts_were_asked_for(tmp_path: Path) -> None:
    law = PARTY + rule("gate", "export_gate", 'gate = "surplus_only"')
    found = read(write(tmp_path, law, cases=CASE))
    assert isinstance(found, list)
    assert found[0].facts["found"] == "asks (gate: achieved_t, target_t?)"


def test_a_failed_sentence_on_an_amount_says_which_amounts_there_are(tmp_path: Path) -> None:
    sentence = CASE.replace('"authorize"', '"issue"').replace('"refused"', '"allowed"').replace("= 1 }", "= 10 }")
    sentence += "amounts = { fund = 6 }\n"
    found = read(write(tmp_path, PARTY + levy("taken", "60 %"), cases=sentence))
    assert isinstance(found, list)
    assert (found[0].facts["expected"], found[0].facts["found"]) == ("fund = 6", "taken = 6, holder = 4")


@pytest.mark.parametrize("key", ["id", "version"])
def test_a_pack_without_its_name_or_version_is_told_which_is_missing(tmp_path: Path, key: str) -> None:
    lines = [line for line in PACK.splitlines(keepends=True) if not line.startswith(f"{key} = ")]
    found = read(write(tmp_path, pack="".join(lines)))
    assert isinstance(found, list)
    assert ("pack.key_missing", key) in [(str(each.code), each.facts.get("key")) for each in found]

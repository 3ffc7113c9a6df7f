"""Codes of countries as imports spell them, and names as papers say them, by the alpha-3 that the registry uses."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


def _table(name: str) -> Mapping[str, object]:
    return tomllib.loads((resources.files("counterfoil") / "catalogue" / name).read_text("utf-8"))


@cache
def alpha2_codes() -> Mapping[str, str]:
    """Alpha-3 by alpha-2."""
    return {str(codes[0]): alpha3 for alpha3, codes in _table("country_codes.toml").items() if isinstance(codes, list)}


@cache
def numeric_codes() -> Mapping[str, str]:
    """Alpha-3 by numeric code."""
    return {str(codes[1]): alpha3 for alpha3, codes in _table("country_codes.toml").items() if isinstance(codes, list)}


@cache
def cdm_hosts() -> Mapping[str, str]:
    """Alpha-3 by the name that the CDM project list writes."""
    return {name: str(alpha3) for name, alpha3 in _table("cdm_hosts.toml").items()}


@cache
def country_names() -> Mapping[str, Mapping[str, str]]:
    """The short name in each language, by alpha-3."""
    return {code: names for code, names in _table("country_names.toml").items() if isinstance(names, dict)}

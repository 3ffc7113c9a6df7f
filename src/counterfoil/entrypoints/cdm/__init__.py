"""Import of the CDM registry's public issuances and cancellations. Read `run` first, then `rows`."""

from counterfoil.entrypoints.cdm.csv_file import Unusable
from counterfoil.entrypoints.cdm.run import import_cdm

__all__ = ["Unusable", "import_cdm"]

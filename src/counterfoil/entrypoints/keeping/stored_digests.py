"""The files of a store by digest: 256 folders by the first two digits, in each of them files named by the rest."""

from collections.abc import Iterator
from pathlib import Path

from counterfoil.adapters.storage_fault import of_system


def digests(directory: Path) -> Iterator[str]:
    """Every digest that is kept in a folder, in rising order; none where there is no folder.

    Raises:
        Outage: the folder cannot be read.
    """
    try:
        folders = sorted(each for each in directory.iterdir() if len(each.name) == 2 and each.is_dir())
        for folder in folders:
            yield from sorted(f"{folder.name}{file.name}" for file in folder.iterdir() if len(file.name) == 62)
    except FileNotFoundError:
        return
    except OSError as error:
        raise of_system(error, directory) from error

"""The driver of a registry that lives in a folder: its writer, and a watch that notes refused double sales there."""

from pathlib import Path

from counterfoil.adapters.incident_file import IncidentFile
from counterfoil.application.driver import Driver
from counterfoil.application.incidents import Watch
from counterfoil.application.ports import World
from counterfoil.application.writer import Writer


def driver_of(world: World, folder: Path) -> Driver:
    """A running driver. Close it."""
    return Driver(Writer(world), Watch(world.clock, IncidentFile(folder)))

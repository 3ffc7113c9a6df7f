"""The driver of a registry that lives in a folder: its writer, and a watch that notes refused double sales there."""

from pathlib import Path

from counterfoil.adapters.incident_file import IncidentFile
from counterfoil.application.driver import Driver
from counterfoil.application.incidents import Watch
from counterfoil.application.ports import World
from counterfoil.application.writer import Writer
from counterfoil.entrypoints.recovering import begin_recovery


def driver_of(world: World, folder: Path) -> Driver:
    """A running driver. Close it.

    Raises:
        Outage: the registry was restored, and that cannot be written down.
    """
    driver = Driver(Writer(world), Watch(world.clock, IncidentFile(folder)))
    try:
        begin_recovery(folder, driver)
    except BaseException:
        driver.close()
        raise
    return driver

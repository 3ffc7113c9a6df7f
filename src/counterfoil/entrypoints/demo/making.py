"""Make the world behind `serve --demo`: the play up to today, the sample of activities, the desks' work, the people."""

from pathlib import Path

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.demo.acts import Scene
from counterfoil.entrypoints.demo.desks import Desks
from counterfoil.entrypoints.demo.people import neighbours_people, people
from counterfoil.entrypoints.demo.play import Progress, play
from counterfoil.entrypoints.demo.sample import Sample, sample_scene
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.served import Neighbour, ServedDemo, projects_file
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.demo.today import day_of_today, stage_until
from counterfoil.entrypoints.language import LANGUAGES, Texts


def made_demo(world: Path, folder: Folder, party: str, progress: Progress) -> ServedDemo | Refusal:
    """Play all registries into `world`, of which the one of `party` is served; the refusal of an act where one was."""
    today, path = day_of_today(), projects_file()
    sample = Sample(generated=path is None)
    desks: list[Desks] = []

    def also(stage: Stage, script: Script) -> list[Scene]:
        desks.append(Desks(stage, script, party, today))
        return [sample_scene(stage, script, party, sample, path), *desks[0].scenes()]

    texts = {language: Texts(language) for language in LANGUAGES}
    played = play(world, texts, progress=progress, stage_of=stage_until(today), also=also)
    if isinstance(played, Refusal):
        return played
    try:
        found = people(folder, desks[0], today=today)
        neighbour = Neighbour(desks[0].partner, neighbours_people(Folder(world / desks[0].partner), today=today))
    except PlayFailed as failed:
        if isinstance(failed.fault, Refusal):
            return failed.fault
        raise failed.fault from failed
    return ServedDemo(party, sample.accepted, sample.generated, found, neighbour)

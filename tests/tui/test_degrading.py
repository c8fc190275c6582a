"""What is drawn in little room: the least important goes, and what stays is not broken off."""

from decimal import Decimal

import pytest

from console.operations.events import EngineFailed
from console.operations.products import Query
from console.tui.drawing import header, jobs, products, sync
from console.tui.drawing.line import text, width
from console.tui.drawing.look import Look
from console.tui.state.model import Model
from tests.tui.conftest import Open
from tests.tui.fake import NOW, FakeOperations
from tests.tui.scenes import SCENES, idle


def model_of(operations: FakeOperations) -> Model:
    """The engine as the screen knows it."""
    model = Model()
    model.load(operations.told)
    return model


@pytest.mark.parametrize("cells", [36, 76, 116, 156])
@pytest.mark.parametrize(
    "scene", ["blocked", "cancelling", "running", "partial", "interrupted", "finished", "held-back"]
)
def test_how_a_run_stands_is_never_broken_off(scene: str, cells: int) -> None:
    picture = sync.draw(model_of(SCENES[scene]()), Look(), NOW, cells, 12, None)
    headline = text(picture.lines[0])[: 42 if cells > 100 else cells]
    assert "…" not in headline
    assert any(word in headline for word in ("blocked", "stopping", "running", "partial", "interrupted", "succeeded"))


@pytest.mark.parametrize("scene", SCENES)
def test_the_header_keeps_the_whole_word_and_a_whole_name(scene: str) -> None:
    drawn = text(header.draw(model_of(SCENES[scene]()), Look(), NOW, 26, with_state=True))
    assert "…" not in drawn
    assert drawn.split()[0] in ("g2a-console", "g2a")


def test_an_engine_that_stopped_has_no_next_run() -> None:
    model = model_of(idle())
    model.apply([EngineFailed("the disk is gone")])
    for cells in (40, 110):
        drawn = "\n".join(text(line) for line in jobs.draw(model, Look(), NOW, cells, 5))
        assert "will not run" in drawn
        assert "Tue 02:00" not in drawn


def test_filters_that_do_not_fit_go_whole_and_those_that_are_set_stay() -> None:
    for cells in range(30, 90):
        drawn = products.chips(Query(platform="Steam", price_to=Decimal(20)), None, Look(), cells)
        assert width(drawn) <= cells
        assert "…" not in text(drawn)
        assert "Steam" in text(drawn)
        assert "up to 20.00 EUR" in text(drawn)


async def test_the_help_wraps_in_its_columns(opened: Open) -> None:
    async with opened(idle(), (40, 12)) as console:
        await console.press("question_mark")
        first, second = console.text.splitlines()[1:3]
        assert first.split()[1:3] == ["s", "Fetch"]
        assert second.split()[1] == "catalogue;"
        assert first.index("Fetch") == second.index("catalogue")

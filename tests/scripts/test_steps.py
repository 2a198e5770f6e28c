"""Each step is shown with its time, also one that fails."""

import re

import pytest
from scripts.setup.steps import Stopped, step


def test_a_step_is_shown_with_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Planting"):
        pass
    begun, done = capsys.readouterr().out.splitlines()
    assert begun == "  Planting …"
    assert re.fullmatch(r"✓ Planting +\d+\.\d s", done)


def test_a_step_that_fails_is_shown_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stopped), step("Planting"):
        raise Stopped("Buy seeds.")
    assert capsys.readouterr().out.splitlines()[-1] == "✗ Planting"

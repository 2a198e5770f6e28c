"""Programs that steps run: their last lines are kept for a failure, and they end with us."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.setup import ROOT
from scripts.setup.commands import TAIL, run
from scripts.setup.steps import Stopped
from tests.serving import PATIENCE, eventually, processes_naming


def test_what_a_program_printed_is_returned() -> None:
    assert run(["printf", "%s\n", "one", "two"], "") == "one\ntwo\n"


def test_a_failure_has_the_remedy_and_the_end_of_the_log() -> None:
    script = "for line in $(seq 100); do echo $line; done; echo amiss >&2; exit 3"
    with pytest.raises(Stopped) as stopped:
        run(["sh", "-c", script], "Mend it.")
    assert stopped.value.sentence == "Mend it."
    assert len(stopped.value.lines) == TAIL
    assert stopped.value.lines[-2:] == ["100", "amiss"]


def test_it_runs_in_a_folder_with_an_environment(tmp_path: Path) -> None:
    told = run(["sh", "-c", 'echo "$PWD $FRUIT"'], "", folder=tmp_path, environment={"FRUIT": "pear"})
    assert told.strip() == f"{tmp_path} pear"


def test_an_interrupted_step_ends_its_program_and_that_ones_children(tmp_path: Path) -> None:
    script = f"""if True:
        from scripts.setup.commands import run
        from scripts.setup.endings import ending_well
        ending_well(lambda: len(run(["sh", "-c", "tail -f {tmp_path}/log & wait"], "")))
    """
    (tmp_path / "log").touch()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE) as process:
        eventually(lambda: len(processes_naming(tmp_path / "log")) > 1, "the step's program has a child")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 130
    eventually(lambda: processes_naming(tmp_path / "log") == [], "the step's program and its child are gone")

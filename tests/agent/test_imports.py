"""The agent is small: it runs with Debian's Python, and has nothing of the server in memory."""

import os
import subprocess
import sys
from pathlib import Path

import deskbay

SOURCE = Path(deskbay.__file__).parents[1]
LOOK = """
import importlib, pkgutil, sys
before = set(sys.modules)
import deskbay.agent
for module in pkgutil.walk_packages(deskbay.agent.__path__, "deskbay.agent."):
    if not any(part in module.name for part in ("windows", "macos", "__main__")):
        importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))
print(*sorted(name for name in sys.modules if name.startswith("deskbay.") and not name.startswith("deskbay.agent")))
"""


def test_it_imports_nothing_but_itself_and_the_way_to_x11() -> None:
    answer = subprocess.run(
        ["/usr/bin/python3", "-s", "-c", LOOK],
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    packages, of_the_server = answer.stdout.split("\n")[:2]
    assert set(packages.split()) <= {"_cffi_backend", "cffi", "deskbay", "six", "xcffib"}
    assert of_the_server == ""


def test_a_desktops_agent_does_without_openssl(tmp_path: Path) -> None:
    """Python says so itself when OpenSSL is asked for; what the agent needs works nevertheless."""
    code = "import sys; sys.modules['ssl'] = None; import deskbay.agent.agent; print(sys.modules['ssl'])"
    environment = {**os.environ, "HOME": str(tmp_path)}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert answer.stdout == "None\n", answer.stderr


def test_a_running_agent_has_nothing_in_memory_that_it_does_not_need(tmp_path: Path) -> None:
    """All of these take memory, and a person's own computer has OpenSSL beside."""
    code = """
import runpy, sys
sys.argv = ["agent", "run"]
try:
    runpy.run_module("deskbay.agent", run_name="__main__")
except SystemExit:
    pass
import deskbay.agent.agent
unwanted = {"argparse", "_bz2", "_lzma", "html", "logging", "deskbay.agent.contents.titles", "deskbay.agent.restore"}
print(*sorted(unwanted & {*sys.modules}))
"""
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(SOURCE)}
    answer = subprocess.run(
        ["/usr/bin/python3", "-s", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "not paired" in answer.stderr
    assert answer.stdout == "\n"

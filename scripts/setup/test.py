"""What scripts/test does."""

import os
import subprocess
import sys

from scripts.setup import PYTHON, ROOT, WEB
from scripts.setup.debian import SERVER, TESTS, install_debian_packages
from scripts.setup.endings import ending_well
from scripts.setup.environment import go_on_inside, install_python_packages, install_windows_python
from scripts.setup.guacd import install_guacd
from scripts.setup.steps import tell
from scripts.setup.web import build_web_page, install_web_packages, node_environment

PROCESSES = min((os.cpu_count() or 1) + 1, 4)
"""One more than there are processors, as many tests wait."""
SIDE_BY_SIDE = (f"--numprocesses={PROCESSES}", "--dist=loadfile", "--no-loadscope-reorder")
"""The tests of a file stay together, as they share what is costly to make; tests/side_by_side.py tells their order."""


def main() -> int:
    """Install what the tests need and run them all; pytest last, so that its sum is the last line."""
    install_debian_packages(SERVER, TESTS)
    install_python_packages("server", "develop")
    go_on_inside("scripts.setup.test", sys.argv[1:])
    install_windows_python()
    install_guacd()
    install_web_packages()
    build_web_page()
    tell("Tests of the web page")
    web = subprocess.run(["npm", "test"], cwd=WEB, env={**os.environ, **node_environment()}, check=False)
    if web.returncode:
        tell("✗ Tests of the web page failed: see above.")
    tell("All other tests")
    rest = subprocess.run([PYTHON, "-m", "pytest", *SIDE_BY_SIDE, *sys.argv[1:]], cwd=ROOT, check=False)
    return rest.returncode or web.returncode


if __name__ == "__main__":
    ending_well(main)

"""The applications of Windows, from wine's registry."""

from tests.agent.wine import Wine


def test_what_is_registered_is_found_by_its_name(wine: Wine) -> None:
    told = wine.tell(r"""
import json, winreg
from deskbay.agent.identity import Catalogue
from deskbay.agent.installed import installed
from deskbay.agent.rules.reading import load_rules
PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths"
for name, path in (("firefox.exe", '"C:\\windows\\notepad.exe"'), ("Nothing.exe", "")):
    winreg.SetValue(winreg.HKEY_CURRENT_USER, PATHS + "\\" + name, winreg.REG_SZ, path)
found = installed()
for name in ("firefox.exe", "Nothing.exe"):
    winreg.DeleteKey(winreg.HKEY_CURRENT_USER, PATHS + "\\" + name)
command = Catalogue(found, load_rules(None)).command_of("firefox")
print(json.dumps([command, found["nothing"].hidden, "firefox" in installed()]))
""")
    assert told == [[r"C:\windows\notepad.exe"], True, False]

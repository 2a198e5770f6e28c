"""A task of the Windows Task Scheduler (Microsoft, Task Scheduler Schema)."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from deskbay.agent.services.running import run

NAME = "Deskbay agent"
_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Reports which applications are used on this device, and brings sessions back.</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>{person}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{person}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>-m deskbay.agent run</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def install() -> None:
    """Make the task and start it. Raises Failed where Windows doesn't let it be made."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "task.xml"
        file.write_text(task(), encoding="utf-16")
        run(["schtasks.exe", "/Create", "/TN", NAME, "/XML", str(file), "/F"], "The task can't be made")
    run(["schtasks.exe", "/Run", "/TN", NAME], "The task is made, but can't be started")


def task() -> str:
    """What the Task Scheduler has to know: to start the agent without a window when this person signs in."""
    program = Path(sys.executable).with_name("pythonw.exe")
    person = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
    return _TASK.format(person=escape(person), program=escape(str(program)))

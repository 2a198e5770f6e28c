"""ActivityWatch's way of watching, in one process: ask each second what is in front, every five who is there.

`polling PORT`, with aw-client and python-xlib. Its watchers are not on PyPI, so their loops are made anew here, as
their sources have them: aw-watcher-window asks X for the active window, its class and title each second and sends a
heartbeat; aw-watcher-afk listens to keyboard and mouse through the RECORD extension (what pynput does), and sends one
every five seconds. Each is a thread with a client of its own; settings and logs are left out.
"""

import sys
import threading
import time
from datetime import UTC, datetime

from aw_client import ActivityWatchClient  # type: ignore[import-not-found] # in .peers/, as all that follow
from aw_core.models import Event  # type: ignore[import-not-found]
from Xlib import X, display  # type: ignore[import-untyped]
from Xlib.ext import record  # type: ignore[import-untyped]
from Xlib.protocol import rq  # type: ignore[import-untyped]

WINDOW_SECONDS, AFK_SECONDS, TIMEOUT_SECONDS = 1.0, 5.0, 180
INPUT = (X.KeyPress, X.MotionNotify)

last_input = [time.monotonic()]


def watch_window(port: int) -> None:
    client = ActivityWatchClient("aw-watcher-window", host="127.0.0.1", port=port, testing=True)
    bucket = f"{client.client_name}_{client.client_hostname}"
    client.create_bucket(bucket, "currentwindow", queued=True)
    screen = display.Display()
    root = screen.screen().root
    active = screen.intern_atom("_NET_ACTIVE_WINDOW")
    with client:
        while True:
            found = root.get_full_property(active, X.AnyPropertyType)
            window = screen.create_resource_object("window", found.value[0]) if found and found.value[0] else None
            kind = (window.get_wm_class() or ("", "unknown"))[1] if window else "unknown"
            title = (window.get_wm_name() or "") if window else ""
            event = Event(timestamp=datetime.now(UTC), data={"app": kind, "title": str(title)})
            client.heartbeat(bucket, event, pulsetime=WINDOW_SECONDS + 1, queued=True)
            time.sleep(WINDOW_SECONDS)


def listen_to_input() -> None:
    local, recorded = display.Display(), display.Display()
    wanted = [
        {
            "core_requests": (0, 0),
            "core_replies": (0, 0),
            "ext_requests": (0, 0, 0, 0),
            "ext_replies": (0, 0, 0, 0),
            "delivered_events": (0, 0),
            "device_events": INPUT,
            "errors": (0, 0),
            "client_started": False,
            "client_died": False,
        }
    ]
    context = recorded.record_create_context(0, [record.AllClients], wanted)

    def heard(reply: rq.DictWrapper) -> None:
        data = reply.data
        while len(data):
            _, data = rq.EventField(None).parse_binary_value(data, local.display, None, None)
            last_input[0] = time.monotonic()

    recorded.record_enable_context(context, heard)


def watch_afk(port: int) -> None:
    client = ActivityWatchClient("aw-watcher-afk", host="127.0.0.1", port=port, testing=True)
    bucket = f"{client.client_name}_{client.client_hostname}"
    client.create_bucket(bucket, "afkstatus", queued=True)
    with client:
        while True:
            away = time.monotonic() - last_input[0] >= TIMEOUT_SECONDS
            event = Event(timestamp=datetime.now(UTC), data={"status": "afk" if away else "not-afk"})
            client.heartbeat(bucket, event, pulsetime=TIMEOUT_SECONDS + AFK_SECONDS, queued=True)
            time.sleep(AFK_SECONDS)


if __name__ == "__main__":
    threading.Thread(target=listen_to_input, daemon=True).start()
    threading.Thread(target=watch_afk, args=[int(sys.argv[1])], daemon=True).start()
    watch_window(int(sys.argv[1]))

"""JupyterHub on loopback with its simplest spawner and a process that does nothing. JupyterHub itself reads this."""

import os
import sys
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - given by JupyterHub
here = Path(__file__).parent
port, hub_port, proxy_port = (int(os.environ[name]) for name in ("PORT", "HUB_PORT", "PROXY_PORT"))
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [str(here / "peer/node_modules/.bin/configurable-http-proxy")]
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.Spawner.cmd = [sys.executable, str(here / "tiny_server.py")]
c.Spawner.default_url = "/"
c.JupyterHub.services = [{"name": "benchmark", "api_token": os.environ["TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "benchmark", "scopes": ["admin:users", "admin:servers"], "services": ["benchmark"]},
]

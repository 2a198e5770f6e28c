"""What JupyterHub starts here in place of a notebook server: a process that answers every request, and no more."""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
HTTPServer((address.hostname or "127.0.0.1", address.port or 0), Answer).serve_forever()

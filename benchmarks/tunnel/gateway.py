"""The gateway's data path as the server runs it: uvicorn on uvloop, FastAPI, a cookie and Origin check, the relay.

`python -m benchmarks.tunnel.gateway PORT SOCKET`
"""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket

from deskbay.desktops.runtimes import UnixDisplay
from deskbay.gateway.protocol import GatewayProtocol
from deskbay.gateway.relay import VncRelay


def gateway(desktop: Path) -> FastAPI:
    app = FastAPI()

    @app.websocket("/vnc")
    async def vnc(websocket: WebSocket) -> None:
        same_origin = websocket.headers.get("origin") == f"http://{websocket.headers.get('host')}"
        if not same_origin or websocket.cookies.get("session") != "benchmark":
            await websocket.close(4403)
            return
        await websocket.accept(subprotocol="binary")
        await VncRelay(UnixDisplay(desktop)).run(websocket)

    return app


if __name__ == "__main__":
    port, desktop = int(sys.argv[1]), Path(sys.argv[2])
    uvicorn.run(
        gateway(desktop),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws=GatewayProtocol,
        log_level="error",
    )

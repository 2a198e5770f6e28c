"""The tunnel's data path as the server runs it. `python -m benchmarks.guacamole.gateway PORT SOURCE_PORT`"""

import sys

import uvicorn
from fastapi import FastAPI, WebSocket

from deskbay.desktops.runtimes import DisplayProtocol, TcpDisplay
from deskbay.gateway.guacd.handshake import Viewport
from deskbay.gateway.guacd.tunnel import GuacdTunnel
from deskbay.gateway.protocol import GatewayProtocol


def gateway(source: int) -> FastAPI:
    app = FastAPI()

    @app.websocket("/")
    async def tunnel(websocket: WebSocket) -> None:
        await websocket.accept(subprotocol="guacamole")
        display = TcpDisplay("127.0.0.1", 3389, DisplayProtocol.RDP)
        await GuacdTunnel(("127.0.0.1", source), display, Viewport()).run(websocket)

    return app


if __name__ == "__main__":
    uvicorn.run(
        gateway(int(sys.argv[2])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws=GatewayProtocol,
        log_level="error",
    )

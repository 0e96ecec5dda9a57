"""A Gateway service as it is deployed: Python, the package `websockets` with its defaults, json.dumps, the server's name unchecked.

Says what happens on standard output, one JSON object a line: {"connected"}, {"sent": TEXT}, {"received": TEXT}, {"closed": CODE,
"reason": TEXT}. Each line of standard input is the name of an event to send, such as DHCP:leaseAcquired; the end of it ends the client.
"""

import argparse
import asyncio
import json
import ssl
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake


def say(**what):
    print(json.dumps(what), flush=True)


class GatewayClient:
    def __init__(self, url, pkeycert, root, reconnect):
        self.url = url
        self.reconnect = reconnect
        self.next_id = 0
        self.websocket = None
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_REQUIRED
        self.tls.load_verify_locations(root)
        self.tls.load_cert_chain(pkeycert)

    async def run(self):
        while True:
            try:
                # proxy=None: the environment's HTTP proxies are not for this.
                async with connect(self.url, ssl=self.tls, proxy=None) as websocket:
                    await self.serve(websocket)
            except ConnectionClosed as closed:
                frame = closed.rcvd
                say(closed=frame.code if frame else 1006, reason=frame.reason if frame else "")
            except (InvalidHandshake, OSError) as failed:
                say(failed=str(failed))
            self.websocket = None
            await asyncio.sleep(self.reconnect)

    async def serve(self, websocket):
        self.next_id = 0
        await self.send(websocket, "CONN:HELLO", peerClass="micronets-gateway-service", peerId=f"gw service {id(self)}")
        say(connected=self.url)
        hello = await self.receive(websocket)
        if hello["message"]["messageType"] != "CONN:HELLO":
            raise SystemExit(f"not greeted: {hello}")
        self.websocket = websocket
        while True:
            message = (await self.receive(websocket))["message"]
            if message["messageType"] == "REST:REQUEST":
                await self.answer(websocket, message)

    async def answer(self, websocket, request):
        """What the real one's REST API would do: an echo under one path, 404 elsewhere."""
        # The real one drops such a request, and nobody is told.
        if not isinstance(request.get("messageBody", ""), (str, dict)):
            return
        status, body = 404, {"error": "not found"}
        if request["path"].startswith("/micronets/v1/gateway"):
            status, body = 200, {"method": request["method"], "body": request.get("messageBody"), "umlaut": "\u00e4"}
        await self.send(
            websocket,
            "REST:RESPONSE",
            inResponseTo=request["messageId"],
            statusCode=status,
            reasonPhrase=None,
            dataFormat="application/json",
            messageBody=body,
        )

    async def send(self, websocket, message_type, **fields):
        message = {"messageId": self.next_id, "messageType": message_type, "requiresResponse": False, **fields}
        self.next_id += 1
        text = json.dumps({"message": message})
        say(sent=text)
        await websocket.send(text)

    async def receive(self, websocket):
        text = await websocket.recv()
        say(received=text)
        return json.loads(text)

    async def obey(self):
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            body = {"macAddress": {"eui48": "b8:27:eb:d5:b0:d6"}, "leaseTime": 3600.0}
            event = f"EVENT:{line.decode().strip()}"
            await self.send(self.websocket, event, dataFormat="application/json", messageBody=body)


async def main():
    options = argparse.ArgumentParser()
    for name in ("url", "pkeycert", "root"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--reconnect", type=float, default=20, help="seconds between a close and the next try")
    client = GatewayClient(**vars(options.parse_args()))
    running = asyncio.create_task(client.run())
    done, _ = await asyncio.wait([running, asyncio.create_task(client.obey())], return_when=asyncio.FIRST_COMPLETED)
    if client.websocket is not None:
        await client.websocket.close()
    for one in done:
        one.result()


asyncio.run(main())

"""A Gateway service as it is deployed: Python, the package `websockets` with its defaults, json.dumps, the server's name unchecked.

Runs on Python 3.6 with websockets 5.0.1, as the fleet has them, and on current ones. Says what happens on standard output, one JSON
object a line: {"connected"}, {"sent": TEXT}, {"received": TEXT}, {"closed": CODE, "reason": TEXT}. Each line of standard input is
the name of an event, such as DHCP:leaseAcquired, which is sent when there is a peer; the end of it ends the client.
"""

import argparse
import asyncio
import json
import ssl
import sys

from websockets.exceptions import ConnectionClosed, InvalidHandshake

try:
    from websockets.asyncio.client import connect

    # The environment's HTTP proxies are not for this.
    OPTIONS = {"proxy": None}
except ImportError:
    from websockets import connect

    OPTIONS = {}

# A message that is longer is told by its length.
MAX_TOLD = 64 * 1024


def say(**what):
    print(json.dumps(what), flush=True)


def shown(text):
    return text if len(text) <= MAX_TOLD else "{} characters".format(len(text))


def ending(closed):
    """Code and reason of a close, by the old library's names and the new one's."""
    frame = getattr(closed, "rcvd", None)
    if frame is not None:
        return frame.code, frame.reason
    return getattr(closed, "code", None) or 1006, getattr(closed, "reason", None) or ""


class GatewayClient:
    def __init__(self, url, pkeycert, root, reconnect):
        self.url = url
        self.reconnect = reconnect
        self.next_id = 0
        self.websocket = None
        self.met = asyncio.Event()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.tls.check_hostname = False
        self.tls.verify_mode = ssl.CERT_REQUIRED
        self.tls.load_verify_locations(root)
        self.tls.load_cert_chain(pkeycert)

    async def run(self):
        while True:
            try:
                async with connect(self.url, ssl=self.tls, **OPTIONS) as websocket:
                    await self.serve(websocket)
            except ConnectionClosed as closed:
                code, reason = ending(closed)
                say(closed=code, reason=reason)
            except (InvalidHandshake, OSError) as failed:
                say(failed=str(failed))
            self.websocket = None
            self.met.clear()
            await asyncio.sleep(self.reconnect)

    async def serve(self, websocket):
        self.next_id = 0
        await self.send(websocket, "CONN:HELLO", peerClass="micronets-gateway-service", peerId="gw service {}".format(id(self)))
        say(connected=self.url)
        hello = await self.receive(websocket)
        if hello["message"]["messageType"] != "CONN:HELLO":
            raise SystemExit("not greeted: {}".format(hello))
        self.websocket = websocket
        self.met.set()
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
        message = {"messageId": self.next_id, "messageType": message_type, "requiresResponse": False}
        message.update(fields)
        self.next_id += 1
        text = json.dumps({"message": message})
        say(sent=shown(text))
        await websocket.send(text)

    async def receive(self, websocket):
        text = await websocket.recv()
        say(received=shown(text))
        return json.loads(text)

    async def obey(self, loop):
        lines = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while True:
            line = await lines.readline()
            if not line:
                return
            body = {"macAddress": {"eui48": "b8:27:eb:d5:b0:d6"}, "leaseTime": 3600.0}
            await self.met.wait()
            event = "EVENT:{}".format(line.decode().strip())
            await self.send(self.websocket, event, dataFormat="application/json", messageBody=body)


async def main(loop):
    options = argparse.ArgumentParser()
    for name in ("url", "pkeycert", "root"):
        options.add_argument("--" + name, required=True)
    options.add_argument("--reconnect", type=float, default=20, help="seconds between a close and the next try")
    client = GatewayClient(**vars(options.parse_args()))
    tasks = [asyncio.ensure_future(client.run()), asyncio.ensure_future(client.obey(loop))]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if client.websocket is not None:
        await client.websocket.close()
    for one in done:
        one.result()


EVENTS = asyncio.new_event_loop()
asyncio.set_event_loop(EVENTS)
EVENTS.run_until_complete(main(EVENTS))

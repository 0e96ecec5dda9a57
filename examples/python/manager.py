"""A manager: asks the other peer for some paths, all at once, prints what it answers and tells, and ends.

    python3 manager.py wss://HOST:5050/micronets/v1/ws-proxy/MEETUP manager.pkeycert.pem root.cert.pem PATH...

Needs the package `websockets`, 14 or later.
"""

import asyncio
import base64
import itertools
import json
import ssl
import sys

from websockets.asyncio.client import connect

# Seconds that an answer may take.
PATIENCE = 10
# Bytes of the largest message that the proxy passes on, unless it is set up otherwise. The library's own bound is 1 MiB.
MAX_MESSAGE = 4 * 1024 * 1024


def text(message_id, message_type, requires_response=False, **fields):
    head = {"messageId": message_id, "messageType": message_type, "requiresResponse": requires_response}
    return json.dumps({"message": {**head, **fields}})


class Peer:
    def __init__(self, socket):
        self.socket = socket
        self.ids = itertools.count()
        self.waiting = {}

    async def greet(self):
        await self.socket.send(text(next(self.ids), "CONN:HELLO", peerClass="example-python-manager", peerId="1"))
        return json.loads(await self.socket.recv())["message"]

    async def read(self):
        async for frame in self.socket:
            # A binary message, and every type and field that is not known here, is somebody else's.
            if isinstance(frame, bytes):
                continue
            message = json.loads(frame)["message"]
            kind = message["messageType"]
            # Only this side's own ids are in `waiting`: the other side counts for itself, so that both use the same numbers.
            if kind == "REST:RESPONSE" and message["inResponseTo"] in self.waiting:
                self.waiting.pop(message["inResponseTo"]).set_result(message)
            elif kind.startswith("EVENT:"):
                print(kind, json.dumps(message.get("messageBody")), flush=True)

    async def get(self, path):
        message_id = next(self.ids)
        self.waiting[message_id] = asyncio.get_running_loop().create_future()
        await self.socket.send(text(message_id, "REST:REQUEST", True, method="GET", path=path))
        return await asyncio.wait_for(self.waiting[message_id], PATIENCE)


def shown(response):
    body = response.get("messageBody")
    if response.get("dataFormat") == "application/octet-stream":
        return f"{len(base64.b64decode(body))} bytes"
    return json.dumps(body)


async def main(url, certificate, root, *paths):
    context = ssl.create_default_context(cafile=root)
    context.load_cert_chain(certificate)
    async with connect(url, ssl=context, max_size=MAX_MESSAGE) as socket:
        peer = Peer(socket)
        hello = await peer.greet()
        print("paired with", hello["peerClass"], flush=True)
        reading = asyncio.create_task(peer.read())
        for path, response in zip(paths, await asyncio.gather(*map(peer.get, paths))):
            print(path, response["statusCode"], shown(response), flush=True)
        reading.cancel()


asyncio.run(main(*sys.argv[1:]))

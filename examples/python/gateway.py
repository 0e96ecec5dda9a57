"""A gateway: answers the requests of the other peer, until it is stopped.

    python3 gateway.py wss://HOST:5050/micronets/v1/ws-proxy/MEETUP gateway.pkeycert.pem root.cert.pem

Needs the package `websockets`, 14 or later.
"""

import asyncio
import base64
import itertools
import json
import random
import ssl
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

# Bytes of the largest message that the proxy passes on, unless it is set up otherwise. The library's own bound is 1 MiB.
MAX_MESSAGE = 4 * 1024 * 1024


def text(message_id, message_type, requires_response=False, **fields):
    head = {"messageId": message_id, "messageType": message_type, "requiresResponse": requires_response}
    return json.dumps({"message": {**head, **fields}})


def answer(request):
    """Status and body of the answer to a request. A body of bytes goes as base64, and anything else as JSON."""
    if request["path"] == "/bytes":
        return 200, {"dataFormat": "application/octet-stream", "messageBody": base64.b64encode(bytes(range(256))).decode()}
    if request["path"] == "/echo":
        return 200, {name: request[name] for name in ("dataFormat", "messageBody") if name in request}
    return 404, {"dataFormat": "application/json", "messageBody": {"error": f"no {request['path']} here"}}


async def serve(socket):
    # Ids are this connection's own, and count from 0.
    ids = itertools.count()
    # The HELLO comes first, and nothing may follow it until the other peer's has come.
    await socket.send(text(next(ids), "CONN:HELLO", peerClass="example-python-gateway", peerId="1"))
    hello = json.loads(await socket.recv())["message"]
    print("paired with", hello["peerClass"], flush=True)
    await socket.send(text(next(ids), "EVENT:EXAMPLE:ready", dataFormat="application/json", messageBody={"paths": 2}))
    async for frame in socket:
        # A binary message, and every type and field that is not known here, is somebody else's.
        if isinstance(frame, bytes):
            continue
        message = json.loads(frame)["message"]
        if message["messageType"] != "REST:REQUEST":
            continue
        status, body = answer(message)
        # The answer names the request by its id; answers may come in any order.
        about = {"inResponseTo": message["messageId"], "statusCode": status, "reasonPhrase": None}
        await socket.send(text(next(ids), "REST:RESPONSE", **about, **body))


async def main(url, certificate, root):
    context = ssl.create_default_context(cafile=root)
    context.load_cert_chain(certificate)
    # The library dials again where a dial fails, a little later each time, and answers the proxy's pings. Where a connection was made and has
    # ended, it would dial at once: the wait with a random part is ours, so that thousands do not come at once.
    dials = connect(url, ssl=context, max_size=MAX_MESSAGE, process_exception=lambda fault: print(fault, file=sys.stderr))
    async for socket in dials:
        try:
            await serve(socket)
        except ConnectionClosed as closed:
            print("closed:", closed.rcvd and closed.rcvd.reason, flush=True)
        await asyncio.sleep(random.uniform(1, 5))


asyncio.run(main(*sys.argv[1:]))

"""A client of the control API: lists the sessions, then tells of each change until it is stopped.

    python3 control.py HOST:5051 admin.pkeycert.pem root.cert.pem control.binpb

Needs the packages `grpcio` and `protobuf`, and no generated code: `proto/control.binpb` describes the whole contract.
"""

import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "micronets.wsproxy.control.v1"


def contract(path):
    pool = descriptor_pool.DescriptorPool()
    with open(path, "rb") as image:
        for file in descriptor_pb2.FileDescriptorSet.FromString(image.read()).file:
            pool.Add(file)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))


def main(server, certificate, root, image):
    message = contract(image)
    own = open(certificate, "rb").read()
    credentials = grpc.ssl_channel_credentials(open(root, "rb").read(), own, own)
    with grpc.secure_channel(server, credentials) as channel:

        def call(make, name):
            answer = message(f"{name}Response").FromString
            return make(f"/{PACKAGE}.ControlService/{name}", lambda request: request.SerializeToString(), answer)

        listed = call(channel.unary_unary, "ListSessions")(message("ListSessionsRequest")(), timeout=10)
        for session in listed.sessions:
            print("live", session.meetup_id, flush=True)
        # A stream that breaks can go on after its last `resume_token`.
        for event in call(channel.unary_stream, "WatchSessions")(message("WatchSessionsRequest")()):
            kind = event.DESCRIPTOR.fields_by_name["type"].enum_type.values_by_number[event.type].name
            print(kind, event.session.meetup_id, flush=True)


try:
    main(*sys.argv[1:])
except grpc.RpcError as fault:
    sys.exit(f"{fault.code().name}: {fault.details()}")

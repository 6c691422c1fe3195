"""usage: GATE_URL=https://gate.example.com GATE_KEY=<key of keyturn> PHONE_NUMBER_ID=106540352242922 python pywa_sender.py < messages

pywa as it is: its session goes to the gate in place of the platform, and the token is a key of keyturn with the scope `send`. Sends each line
{"to", "text"} of standard input, and prints what came of it."""

import json
import os
import sys

import httpx
from pywa import WhatsApp
from pywa.errors import WhatsAppError


class ThroughTheGate(httpx.HTTPTransport):
    """Sends what is meant for the platform to the gate."""

    def __init__(self, gate: str) -> None:
        super().__init__()
        self.gate = httpx.URL(gate)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme=self.gate.scheme, host=self.gate.host, port=self.gate.port)
        request.headers["host"] = request.url.netloc.decode()
        return super().handle_request(request)


sender = WhatsApp(
    phone_id=os.environ["PHONE_NUMBER_ID"],
    token=os.environ["GATE_KEY"],
    session=httpx.Client(transport=ThroughTheGate(os.environ["GATE_URL"]), timeout=60),
)
for line in sys.stdin:
    message = json.loads(line)
    try:
        outcome = {"id": sender.send_message(to=message["to"], text=message["text"]).id}
    except WhatsAppError as error:
        outcome = {"status": error.status_code, "error": error.raw}
    except httpx.RequestError as error:
        outcome = {"unknown": type(error).__name__}
    print(json.dumps({"to": message["to"], **outcome}), flush=True)

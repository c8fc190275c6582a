"""The control addresses: what tests and demos in another process can do to a running simulator."""

from collections.abc import Callable, Mapping

import msgspec

from console.simulator.auth import Gate
from console.simulator.catalogue import Catalogue
from console.simulator.counters import Counters
from console.simulator.faults import FaultError, Faults
from console.simulator.messages import CONTROL_PREFIX, Reply, Request, error_reply, json_reply


class Control:
    """Answers what no API of the world would. It asks for no credentials: only this machine can reach it.

    - `GET /_control/faults` lists the faults that are on, `PUT` sets them to a JSON list of texts,
      `DELETE` clears them;
    - `POST /_control/advance` moves the catalogue on to its next generation;
    - `GET /_control/counters` tells what was asked and answered, `DELETE` starts to count anew;
    - `DELETE /_control/tokens` makes all tokens worthless.
    """

    def __init__(self, faults: Faults, catalogue: Catalogue, gate: Gate, counters: Counters) -> None:
        self._faults = faults
        self._catalogue = catalogue
        self._gate = gate
        self._counters = counters
        self._routes: Mapping[tuple[bytes, str], Callable[[bytes], Reply]] = {
            (b"GET", "faults"): self._get_faults,
            (b"PUT", "faults"): self._put_faults,
            (b"DELETE", "faults"): self._delete_faults,
            (b"POST", "advance"): self._advance,
            (b"GET", "counters"): self._get_counters,
            (b"DELETE", "counters"): self._delete_counters,
            (b"DELETE", "tokens"): self._delete_tokens,
        }

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        route = self._routes.get((request.method, request.path.removeprefix(CONTROL_PREFIX)))
        return route(request.body) if route else error_reply(404, "WRONGURL", "Wrong control address")

    def _get_faults(self, _body: bytes) -> Reply:
        return json_reply([str(fault) for fault in self._faults.active])

    def _put_faults(self, body: bytes) -> Reply:
        try:
            self._faults.set(*msgspec.json.decode(body, type=list[str]))
        except (FaultError, msgspec.DecodeError) as error:
            return error_reply(400, "BR01", str(error))
        return self._get_faults(body)

    def _delete_faults(self, body: bytes) -> Reply:
        self._faults.clear()
        return self._get_faults(body)

    def _advance(self, _body: bytes) -> Reply:
        return json_reply(self._catalogue.advance())

    def _get_counters(self, _body: bytes) -> Reply:
        return json_reply(self._counters)

    def _delete_counters(self, body: bytes) -> Reply:
        self._counters.reset()
        return self._get_counters(body)

    def _delete_tokens(self, _body: bytes) -> Reply:
        self._gate.revoke_all()
        return json_reply([])

"""A G2A Export API of our own, over real HTTP on loopback, for the demo and the tests.

It shares no code with the client it is asked by: what both sides know of the API they know each for themselves.

- `console.simulator.config`: `SimulatorConfig`, everything that can be chosen before it starts;
- `console.simulator.server`: `Simulator`, for programs that run an event loop;
- `console.simulator.thread`: `SimulatorThread`, for programs that do not;
- `console.simulator.serve`: `serve`, a whole process that does nothing else;
- `console.simulator.faults`: `Fault`, `parse_fault` and the names of everything that can be made to go wrong.

Importing this package loads none of them.
"""

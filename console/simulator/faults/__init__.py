"""Everything that can be made to go wrong, by name, at a rate, on given pages or a number of times."""

from console.simulator.faults.fault import NAMES, Fault, FaultError, parse_fault
from console.simulator.faults.schedule import Faults

__all__ = ["NAMES", "Fault", "FaultError", "Faults", "parse_fault"]

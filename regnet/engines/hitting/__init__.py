"""Hitting sets by incremental SAT: which sets of interventions are still worth a look.

Three solvers that talk to each other through `regnet.analysis.control`. `Candidates` proposes sets
of interventions, smallest first, that no refutation known so far rules out. `TrapSpaces` answers
whether the network under such a set has a trap space in which a condition fails, and `Walks`
whether every state of a trap space is able to break it; what holds that up is then a refutation of
many sets at once (implicit hitting sets: Moreno-Centeno and Karp 2013, doi 10.1287/opre.1120.1139).
Each is kept from the first set to the last, with all that it has learned.
"""

from regnet.engines.hitting.candidates import Candidates
from regnet.engines.hitting.traps import Edge, TrapSpaces
from regnet.engines.hitting.walks import Step, Walks

__all__ = ["Candidates", "Edge", "Step", "TrapSpaces", "Walks"]

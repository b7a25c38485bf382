"""The dispatch engine: arrays in, answers with proofs out. No Django, no database; usable from a notebook.

Rooms, in the order of the method: `costs` (readable integer parts), `candidates` (exact nearest qualified),
`kernel` and `assignment` (shortest augmenting paths with integer duals, repaired after every event),
`certificate` (optimal over all pairs, and an independent checker), `explain`, `side` (what a network
cannot say), `fairness` (convex load), `tours`, `cover`, `policy`, `simulate`.

Units everywhere: kilometres on a plane, whole centi-minutes of cost, slots as bits of an availability mask.
"""

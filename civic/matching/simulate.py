"""Compare policies of offering in the same worlds: clerk, first come, luck, broadcast, greedy, batches, ours.

All policies of one seed meet the same orders, people and coins; every figure is a mean over seeds, and fill
is a share of the clairvoyant bound of its own world. The honest reading: with people who may refuse,
batching alone gains little; automation round the clock, learned chances and a second offer at the right
moment do.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from civic.matching.reliability import Bin, diagram
from civic.matching.simulate_bound import clairvoyant
from civic.matching.simulate_ours import Ours
from civic.matching.simulate_policies import Batch, Broadcast, Clerk, OneByOne
from civic.matching.simulate_run import Outcome, Policy, Run
from civic.matching.simulate_world import World, make

MAKERS: dict[str, Callable[[World], Policy]] = {
    "clerk": lambda _: Clerk(),
    "nearest": lambda _: OneByOne("nearest", "distance"),
    "luck": lambda _: OneByOne("luck", "luck"),
    "broadcast": lambda _: Broadcast(),
    "greedy": lambda _: OneByOne("greedy", "value"),
    "batch15": lambda _: Batch("batch15", 0.25),
    "batch60": lambda _: Batch("batch60", 1.0),
    "batch24": lambda _: Batch("batch24", 24.0),
    "unlimited": lambda world: Ours(world, limited=False),
    "ours": Ours,
}


class Level(NamedTuple):
    """How many can help: `people`, or teams."""

    key: str
    people: int
    teams: bool = False


SCARCE, PLENTY, TEAMS, OVERLOAD = (
    Level("scarce", 20_000),
    Level("plenty", 60_000),
    Level("teams", 1_500, teams=True),
    Level("overload", 700, teams=True),
)
STANDARD = SCARCE, PLENTY, TEAMS, OVERLOAD
QUICK = SCARCE, TEAMS
ORDERS = 6_000


@dataclass
class Summary:
    """One policy at one level: its outcomes and shares of the bound, one per seed."""

    policy: str
    outcomes: list[Outcome] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def mean(self, name: str) -> float:
        """Mean over seeds of `share` or of a figure of `Outcome`."""
        values = self.shares if name == "share" else [getattr(one, name) for one in self.outcomes]
        return float(np.mean(values))

    @property
    def spread(self) -> float:
        """Standard deviation of the share over seeds."""
        return float(np.std(self.shares))


@dataclass
class Comparison:
    """All policies at one level; `forecasts` of ours, (chance foretold, came true)."""

    level: Level
    orders: int
    bounds: list[float] = field(default_factory=list)
    by_policy: dict[str, Summary] = field(default_factory=dict)
    forecasts: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def reliability(self) -> list[Bin]:
        """The diagram of what our policy foretold."""
        return diagram(self.forecasts)


def compare(
    level: Level,
    *,
    orders: int = ORDERS,
    days: int = 14,
    seeds: int = 3,
    first: int = 1,
    policies: Iterable[str] = tuple(MAKERS),
) -> Comparison:
    """Run the named policies at one level, on worlds `first`, `first` + 1, …

    The constants of ours were compared on worlds 1 to 6 and 11 to 13.

    Raises KeyError for an unknown name, ValueError for an empty world.
    """
    found = Comparison(level, orders)
    names = list(policies)
    for seed in range(first, first + seeds):
        world = make(people=level.people, orders=orders, days=days, seed=seed, teams=level.teams)
        bound = clairvoyant(world)
        found.bounds.append(bound)
        for name in names:
            policy = MAKERS[name](world)
            outcome = Run(world, policy).play()
            summary = found.by_policy.setdefault(name, Summary(name))
            summary.outcomes.append(outcome)
            summary.shares.append(outcome.weighted / bound if bound else 1.0)
            if isinstance(policy, Ours) and policy.limited:
                found.forecasts += policy.forecasts
    return found


class Check(NamedTuple):
    """One promise at one level: what was wanted, what came, and whether it holds."""

    name: str
    wanted: float
    measured: float
    met: bool


def checks(found: Comparison) -> Iterator[Check]:
    """Our four promises against the clerk and the broadcast of the same worlds."""
    ours, clerk, broadcast = (found.by_policy[name] for name in ("ours", "clerk", "broadcast"))
    gain = ours.mean("share") - clerk.mean("share")
    yield Check("share", 0.12, gain, gain >= 0.12)
    for name, peer, most in (
        ("offers_per_fill", broadcast, 0.35),
        ("median_wait", clerk, 0.25),
        ("unneeded", broadcast, 0.10),
    ):
        ratio = ours.mean(name) / max(1e-9, peer.mean(name))
        yield Check(name, most, ratio, ratio <= most)

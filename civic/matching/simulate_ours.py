"""Our policy in the simulator: `policy` decides how many and when, readable costs decide whom.

It knows nothing at the start. Chances are learned from its own offers; costs see only group means, so
nobody's own refusals change her place in the line. Every 15 minutes by day the open orders are assigned
together, exactly; a refusal or silence is replaced at once; nothing is sent between 22 and 7.
"""

import numpy as np

from civic.matching import costs, policy
from civic.matching.costs import Ints
from civic.matching.policy import Acceptance, Answer
from civic.matching.simulate_policies import assigned
from civic.matching.simulate_run import Run
from civic.matching.simulate_world import World

AHEAD = 3  # chances are averaged over the next so many people per missing head
PER_JOB = 300  # centi-minutes for every job a person has: 1.5 minutes of load, 1.5 of fairness


class Ours:
    """Tick of 15 minutes, exact, acceptance learned. `limited`: at most three offers a week to a person."""

    tick = 0.25

    def __init__(self, world: World, *, limited: bool = True) -> None:
        self.key = "ours" if limited else "unlimited"
        self.limited = limited
        self.world = world
        self.seen = Acceptance()
        self.travel = costs.travel(world.km)
        self.dread = np.zeros(len(world.groups), np.int64)  # cost of the chance, by group
        self.forecasts: list[tuple[float, bool]] = []  # (chance foretold, yes) of every ended offer
        self.log: list[Answer] = []
        self._read = 0
        self._foretold: dict[int, float] = {}
        self._group: list[int] = world.group.tolist()
        self._who: list[int] = world.who.tolist()
        self._refresh()

    def placed(self, run: Run, order: int, now: float) -> None:
        """Urgent orders do not wait for the tick."""
        if policy.is_urgent(now, run.starts[order], int(self.world.priority[order])):
            self._ask(run, order, now)

    def answered(self, run: Run, order: int, now: float) -> None:
        """Learn, and replace at once."""
        self._learn(run)
        self._ask(run, order, now)

    def ticked(self, run: Run, now: float) -> None:
        """All open orders together."""
        self._learn(run)
        if now % 24 < self.tick:
            self._refresh()
        if policy.is_quiet(now % 24) or not run.open:
            return
        orders = list(run.open)
        start, pairs = run.free_of(orders)
        cost = self._cost(run, pairs)
        heads = np.zeros(len(orders), np.int64)
        for n in np.flatnonzero(np.diff(start)).tolist():
            heads[n] = self._wanted(run, orders[n], pairs[start[n] : start[n + 1]], now)
        if heads.any():
            penalty = costs.UNSERVED[self.world.priority[orders]]
            column = self.world.column[pairs]
            for n, pair in assigned(start, pairs, column, cost, (heads, penalty)):
                self._offer(run, pair, orders[n], now)

    def _ask(self, run: Run, order: int, now: float) -> None:
        """One order by itself: its cheapest people."""
        if policy.is_quiet(now % 24) or run.left(order, now) <= policy.CLOSING_HOURS:
            return
        pairs = run.free(order)
        if not len(pairs):
            return
        count = self._wanted(run, order, pairs, now)
        if count:
            for pair in pairs[np.argsort(self._cost(run, pairs), kind="stable")][:count].tolist():
                self._offer(run, pair, order, now)

    def _cost(self, run: Run, pairs: Ints) -> Ints:
        jobs = run.state.jobs[self.world.who[pairs]]
        return self.travel[pairs] + self.dread[self.world.group[pairs]] + PER_JOB * jobs

    def _wanted(self, run: Run, order: int, pairs: Ints, now: float) -> int:
        """Offers to add now, at the mean chance of the nearest askable people."""
        heads = run.missing[order]
        near = pairs[: AHEAD * heads].tolist()
        chance = sum(self.seen.probability(self._who[e], self._group[e]) for e in near) / len(near)
        rounds = policy.rounds_left(now, run.starts[order])
        silent = [policy.daytime_hours(at % 24, now - at) for at in run.sent[order].values()]
        return policy.offers_to_send(heads, chance, rounds, silent, people=len(pairs))

    def _offer(self, run: Run, pair: int, order: int, now: float) -> None:
        self._foretold[pair] = self.seen.probability(self._who[pair], self._group[pair])
        run.offer(pair, order, now, policy.hours_to_answer(now % 24, run.left(order, now)))

    def _learn(self, run: Run) -> None:
        for pair, yes in run.answers[self._read :]:
            self.log.append(Answer(self._who[pair], self._group[pair], yes))
            self.seen.learn(self.log[-1])
            self.forecasts.append((self._foretold[pair], yes))
        self._read = len(run.answers)

    def _refresh(self) -> None:
        """Every night everything is fitted anew to the whole log, and costs take the new group means."""
        self.seen = Acceptance.fit(self.log)
        means = [self.seen.group_mean(group) for group in range(len(self.world.groups))]
        self.dread = costs.acceptance(means)

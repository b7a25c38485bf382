"""T13: what our policy of offering achieves against a clerk and a broadcast in the same simulated fortnights.

Means of three worlds per level of supply that the constants were not chosen on, though not fully blind: their
result was seen once before the last change. Every world is shared by all policies.
"""

from bench.matching_rows import Row
from civic.matching import simulate
from civic.matching.simulate import Check, Comparison, Level

APART = 21  # constants were compared on worlds 1 to 6 and 11 to 13
WORDS = {
    "share": ("share of the clairvoyant bound", "≥ clerk + 12 points at every level"),
    "offers_per_fill": ("offers per filled head", "≤ 0.35 × broadcast at every level"),
    "median_wait": ("median wait", "≤ 0.25 × clerk at every level"),
    "unneeded": ("yeses that were not needed", "≤ 0.1 × broadcast at every level"),
}
NAMES = {"scarce": "20 k people", "plenty": "60 k people", "teams": "1,500 teams", "overload": "700 teams"}


def measure(quick: bool) -> list[Row]:
    """One row per promise, kept when it holds at every level; `quick`: one world, half the levels."""
    levels: tuple[Level, ...] = simulate.QUICK if quick else simulate.STANDARD
    peers = ("clerk", "broadcast", "nearest", "batch15", "unlimited", "ours")
    found = [
        simulate.compare(level, seeds=1 if quick else 3, first=APART, policies=peers) for level in levels
    ]
    checked = [{check.name: check for check in simulate.checks(one)} for one in found]
    return [_row(name, found, [one[name] for one in checked]) for name in WORDS]


def _row(name: str, found: list[Comparison], checks: list[Check]) -> Row:
    what, wanted = WORDS[name]
    return Row(
        target="T13",
        what=f"online policy: {what}",
        wanted=wanted,
        measured="; ".join(_told(one, check) for one, check in zip(found, checks, strict=True)),
        peer="; ".join(f"{NAMES[one.level.key]}: {_peers(one, name)}" for one in found),
        met=all(check.met for check in checks),
    )


def _told(found: Comparison, check: Check) -> str:
    figure = f"{100 * check.measured:+.1f}" if check.name == "share" else f"{check.measured:.3f}"
    return f"{NAMES[found.level.key]} {figure}{'' if check.met else ' ✗'}"


def _peers(found: Comparison, name: str) -> str:
    form = "{:.3f}" if name == "share" else "{:.0f}" if name == "unneeded" else "{:.2f}"
    return ", ".join(f"{key} {form.format(one.mean(name))}" for key, one in found.by_policy.items())

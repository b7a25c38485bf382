"""How much memory a tree of processes really takes (Linux). Shared pages count once, in equal parts (PSS)."""

from pathlib import Path


def tree(*roots: int) -> set[int]:
    """These processes and all their descendants that live now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry.parent.name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children.get(pid, [])
    return found


def pss(pid: int) -> int:
    """Bytes of one process; 0 when it is gone or may not be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def name(pid: int) -> str:
    """The command line of a process, in short."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode(errors="replace")
            .strip()[:100]
        )
    except OSError:
        return ""


def report(*roots: int) -> dict[int, tuple[str, int]]:
    """Each process of these trees: its command and its bytes."""
    return {pid: (name(pid), pss(pid)) for pid in sorted(tree(*roots))}


def total(*roots: int) -> int:
    """Bytes of these trees together."""
    return sum(pss(pid) for pid in tree(*roots))

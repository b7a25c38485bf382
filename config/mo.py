"""Compiles gettext catalogues (.po to .mo) in plain Python: the machine that runs Civic needs no gettext."""

import ast
import struct
from pathlib import Path


def messages(catalogue: str) -> dict[bytes, bytes]:
    """The finished entries of a catalogue: key (with context and plural) to translation."""
    found: dict[bytes, bytes] = {}
    for block in catalogue.split("\n\n"):
        entry: dict[str, str] = {}
        field, fuzzy = "", False
        for line in block.splitlines():
            fuzzy |= line.startswith("#,") and "fuzzy" in line
            if line.startswith("msg"):
                field = line.split(" ", 1)[0]
            text = line.removeprefix(f"{field} ")
            if field and text.startswith('"'):
                entry[field] = entry.get(field, "") + ast.literal_eval(text)
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if "msgid" in entry and any(forms) and not (fuzzy and entry["msgid"]):
            context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
            key = "\0".join(
                [context + entry["msgid"], *([entry["msgid_plural"]] if "msgid_plural" in entry else [])]
            )
            found[key.encode()] = "\0".join(forms).encode()
    return found


def compiled(text: str) -> bytes:
    """The binary catalogue, keys in order as readers expect."""
    pairs = sorted(messages(text).items())
    tables, body = [b"", b""], b""
    start = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<2I", len(pair[column]), start + len(body))
            body += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + body


def compile_all(root: Path) -> int:
    """Compile every catalogue under `root` that is newer than its compiled file; answer how many."""
    stale = 0
    for source in root.glob("**/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            beside = target.with_suffix(".new")
            beside.write_bytes(compiled(source.read_text(encoding="utf-8")))
            beside.replace(target)
            stale += 1
    return stale


if __name__ == "__main__":
    compile_all(Path(__file__).resolve().parent.parent / "civic")

"""Backup and restore: database and uploaded files in one tar file, with what is needed to prove it whole.

The tar holds `manifest.json` (versions, row counts of the same snapshot, fingerprints of the keys),
`database.dump` (pg_dump custom format) and `media/…`. Restoring happens in one transaction: the counts are
compared before COMMIT, so a restore that fails leaves the old database as it was. No Django here.
"""

import argparse
import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from civic.core import env
from config import embedded, keys
from config.supervisor import say

FORMAT = 1
OWN_RELATIONS = """
    SELECT c.relname, c.relkind FROM pg_class c
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname"""
CLEAR = """
DO $clear$ DECLARE words text; BEGIN
    FOR words IN
        SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW'
                      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                      {schema}, c.relname)
        FROM pg_class c
        WHERE c.relnamespace = {schema}::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relkind = 'S'
    LOOP EXECUTE words; END LOOP;
    FOR words IN
        SELECT format('DROP ROUTINE IF EXISTS %I.%I(%s) CASCADE', {schema}, p.proname,
                      pg_get_function_identity_arguments(p.oid))
        FROM pg_proc p WHERE p.pronamespace = {schema}::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE words; END LOOP;
    FOR words IN
        SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', {schema}, t.typname)
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typnamespace = {schema}::regnamespace AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    LOOP EXECUTE words; END LOOP;
END $clear$;
"""


class BackupError(SystemExit):
    """A backup or restore that did not happen; the text says why."""


@dataclass(frozen=True)
class Source:
    """What is backed up: a schema of a database and the folder of uploaded files."""

    url: str
    schema: str
    media: Path

    def environment(self) -> dict[str, str]:
        """The address for PostgreSQL's tools, out of sight of the process list."""
        names = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER"}
        names |= {"password": "PGPASSWORD", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
        given = conninfo_to_dict(self.url)
        return os.environ | {names[key]: str(value) for key, value in given.items() if key in names}


def tool(name: str, major: int) -> str:
    """The path of a PostgreSQL tool that fits a server of this major version."""
    folder = embedded.tools(major)
    if folder is None or not (folder / name).exists():
        raise BackupError(
            f"{name} of PostgreSQL {major} or newer was not found. Install postgresql-client-{major}."
        )
    return str(folder / name)


def fingerprints() -> dict[str, str]:
    """A mark of each key that sealed data needs; the keys themselves never go into a backup."""
    secrets = {f"field:{name}": key for name, key in env.keys("CIVIC_FIELD_KEYS").items()}
    secrets["hash"] = env.text("CIVIC_HASH_KEY").encode()
    return {name: hashlib.sha256(b"civic backup\0" + key).hexdigest()[:16] for name, key in secrets.items()}


def _counts(connection: psycopg.Connection, schema: str) -> dict[str, int]:
    counts = {}
    for table, kind in connection.execute(OWN_RELATIONS, [schema]).fetchall():
        if kind in {b"r", b"p", "r", "p"}:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
            counts[table] = connection.execute(query).fetchone()[0]
    return counts


def backup(source: Source, target: Path) -> dict:
    """Write the backup; answer its manifest. The file appears under its name only when it is complete."""
    beside = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / "database.dump"
        manifest = _dump(source, dump)
        found = source.media.rglob("*") if source.media.exists() else []
        files = sorted(path for path in found if path.is_file())
        manifest["media_count"] = len(files)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                member = tarfile.TarInfo("manifest.json")
                member.size, member.mode = len(text), 0o600
                tar.addfile(member, io.BytesIO(text))
                tar.add(dump, "database.dump")
                for path in files:
                    tar.add(path, f"media/{path.relative_to(source.media)}")
            file.flush()
            os.fsync(file.fileno())
    beside.replace(target)
    return manifest


def _dump(source: Source, dump: Path) -> dict:
    """Dump the schema and count its rows as of the same instant."""
    with psycopg.connect(source.url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        extensions = connection.execute(
            "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"
        ).fetchall()
        major = connection.info.server_version // 10000
        command = [tool("pg_dump", major), "-Fc", "-n", source.schema, "--snapshot", snapshot]
        command += ["-f", str(dump), "--no-owner", "--no-privileges"]
        made = subprocess.run(  # noqa: S603 - our own arguments
            command, env=source.environment(), capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise BackupError(f"pg_dump failed:\n{made.stderr.strip()}")
        return {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "postgresql": major,
            "schema": source.schema,
            "extensions": [name for (name,) in extensions],
            "keys": fingerprints(),
            "dump_sha256": _sha256(dump),
            "counts": _counts(connection, source.schema),
        }


def restore(target: Source, file: Path, *, replace: bool = False, other_keys: bool = False) -> dict:
    """Bring a backup back into an empty database, or over a full one with `replace`; answer its manifest."""
    with tarfile.open(file) as tar, tempfile.TemporaryDirectory(dir=target.media.parent) as name:
        folder = Path(name)
        manifest = json.loads(_member(tar, "manifest.json").read())
        _check(manifest, target, other_keys=other_keys)
        dump = folder / "database.dump"
        with dump.open("wb") as copy:
            shutil.copyfileobj(_member(tar, "database.dump"), copy)
        if _sha256(dump) != manifest["dump_sha256"]:
            raise BackupError(f"{file} is damaged: the database part is not what was written.")
        if _unpack_media(tar, folder / "media") != manifest["media_count"]:
            raise BackupError(f"{file} is damaged: uploaded files are missing.")
        _load(target, dump, manifest, _room(target, manifest, replace=replace))
        _swap_media(folder / "media", target.media)
    return manifest


def _room(target: Source, manifest: dict, *, replace: bool) -> int:
    """The server's major version, once it is known that the backup may go there."""
    with psycopg.connect(target.url) as connection:
        major = connection.info.server_version // 10000
        full = connection.execute(OWN_RELATIONS, [target.schema]).fetchone()
    if major < manifest["postgresql"]:
        raise BackupError(f"The backup needs PostgreSQL {manifest['postgresql']}; this server has {major}.")
    if full and not replace:
        raise BackupError("数据库不是空的 / The database is not empty. To overwrite it, add --replace.")
    return major


def _swap_media(fresh: Path, media: Path) -> None:
    """Put the restored files in place; files that were there are kept beside, never deleted."""
    if media.exists() and any(media.iterdir()):
        media.rename(media.with_name(f"{media.name}.before-{datetime.now(UTC):%Y%m%d%H%M%S%f}"))
    elif media.exists():
        media.rmdir()
    fresh.rename(media)


def _check(manifest: dict, target: Source, *, other_keys: bool) -> None:
    if manifest["format"] != FORMAT:
        raise BackupError(
            f"The backup has format {manifest['format']}; this version of Civic reads {FORMAT}."
        )
    if manifest["schema"] != target.schema:
        raise BackupError(f"The backup is of {manifest['schema']!r}, this installation is {target.schema!r}.")
    ours = fingerprints()
    lost = [name for name, mark in manifest["keys"].items() if ours.get(name) != mark]
    if lost and not other_keys:
        raise BackupError(
            f"The keys of this installation differ from those of the backup ({', '.join(lost)}): "
            "sealed personal data could not be read. Put the old secrets.env in place first, "
            "or add --other-keys to go on."
        )


def _load(target: Source, dump: Path, manifest: dict, major: int) -> None:
    """Clear, load and count in one transaction; COMMIT is only sent when all of it went well."""
    psql = subprocess.Popen(  # noqa: S603 - our own arguments
        [tool("psql", major), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=target.environment(),
    )
    try:
        psql.stdin.write(_opening(target.schema, manifest).encode())
        _pour(dump, psql.stdin, major)
        psql.stdin.write(_closing(target.schema, manifest).encode())
    except (BrokenPipeError, BackupError):
        psql.kill()
        said = psql.communicate()[1].decode(errors="replace").strip()
        raise BackupError(f"The backup could not be loaded; the database is as it was.\n{said}") from None
    said = psql.communicate()[1].decode(errors="replace").strip()
    if psql.returncode != 0:
        raise BackupError(f"The backup could not be loaded; the database is as it was.\n{said}")


def _opening(schema: str, manifest: dict) -> str:
    name = sql.Identifier(schema).as_string(None)
    extensions = [sql.Identifier(one).as_string(None) for one in manifest["extensions"]]
    return (
        "BEGIN;\nSET LOCAL lock_timeout = '15s';\nSET LOCAL client_min_messages = 'warning';\n"
        + CLEAR.replace("{schema}", sql.Literal(schema).as_string(None))
        + f"CREATE SCHEMA IF NOT EXISTS {name};\n"
        + "".join(f"CREATE EXTENSION IF NOT EXISTS {one};\n" for one in extensions)
    )


def _closing(schema: str, manifest: dict) -> str:
    lines = []
    for table, count in manifest["counts"].items():
        check = sql.SQL(
            "IF (SELECT count(*) FROM {}) <> {} THEN RAISE EXCEPTION 'row count differs: %', {}; END IF;\n"
        )
        filled = check.format(sql.Identifier(schema, table), sql.Literal(int(count)), sql.Literal(table))
        lines.append(filled.as_string(None))
    return f"DO $count$ BEGIN\n{''.join(lines)}END $count$;\nCOMMIT;\nANALYZE;\n"


def _pour(dump: Path, into: IO[bytes], major: int) -> None:
    """Send the dump as statements, without the schema itself and what an older server does not know."""
    program = tool("pg_restore", major)
    contents = subprocess.run([program, "-l", dump], capture_output=True, text=True, check=True).stdout  # noqa: S603
    chosen = dump.with_suffix(".list")
    chosen.write_text("".join(f"{line}\n" for line in contents.splitlines() if " SCHEMA - " not in line))
    command = [program, "-f", "-", "-L", str(chosen), "--no-owner", "--no-privileges", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as source:  # noqa: S603 - our own arguments
        for number, line in enumerate(source.stdout):
            if number < 60 and major < 17 and line.startswith(b"SET transaction_timeout"):
                continue
            into.write(line)
    if source.returncode != 0:
        raise BackupError("pg_restore failed.")


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise BackupError(f"This is not a backup of Civic: it has no {name}.")
    return found


def _unpack_media(tar: tarfile.TarFile, folder: Path) -> int:
    """Copy plain files only, and only to places inside the folder."""
    folder.mkdir()
    count = 0
    for member in tar:
        parts = Path(member.name).parts
        if member.isfile() and len(parts) > 1 and parts[0] == "media" and ".." not in parts:
            place = folder.joinpath(*parts[1:])
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as copy:
                shutil.copyfileobj(_member(tar, member.name), copy)
            count += 1
    return count


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _service_stopped(data: Path) -> Iterator[None]:
    with (data / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("请先停止服务再恢复 / Stop `civic serve` before restoring.") from None
        yield


def _source() -> Source:
    data = embedded.default_data()
    keys.load(data)
    return Source(embedded.database_url(), env.text("CIVIC_CITY", "public"), data / "media")


def main_backup(arguments: Sequence[str]) -> int:
    """`civic backup FILE`."""
    parser = argparse.ArgumentParser(prog="civic backup")
    parser.add_argument("file", type=Path)
    target = parser.parse_args(arguments).file.resolve()
    manifest = backup(_source(), target)
    # Shown on the health page.
    (embedded.default_data() / "last-backup").write_text(f"{datetime.now(UTC).isoformat()} {target}\n")
    rows = sum(manifest["counts"].values())
    say(
        f"已备份 / Backed up: {target} ({target.stat().st_size / 1e6:.1f} MB; "
        f"{len(manifest['counts'])} tables, {rows} rows, {manifest['media_count']} files)\n"
        f"密钥不在备份里，请另存 / The keys are not in it, keep them: {keys.place(embedded.default_data())}"
    )
    return 0


def main_restore(arguments: Sequence[str]) -> int:
    """`civic restore FILE [--replace]`."""
    parser = argparse.ArgumentParser(prog="civic restore")
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="overwrite a database that is not empty")
    parser.add_argument("--other-keys", action="store_true", help="go on although sealed data cannot be read")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        raise BackupError(f"{options.file} 不存在 / does not exist.")
    source = _source()
    with _service_stopped(embedded.default_data()):
        manifest = restore(source, options.file, replace=options.replace, other_keys=options.other_keys)
    rows = sum(manifest["counts"].values())
    say(
        f"已恢复，行数一致 / Restored, row counts agree: {len(manifest['counts'])} tables, {rows} rows, "
        f"{manifest['media_count']} files, made {manifest['made_at']}"
    )
    return 0

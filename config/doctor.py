"""`civic doctor`: looks at everything that usually goes wrong and says what to do about it."""

import argparse
import fcntl
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from civic.core import env
from config import embedded, keys
from config.cli import answer
from config.supervisor import say

FREE_BYTES = 1_000_000_000
CLOCK_SECONDS = 2.0
HEARTBEAT_SECONDS = 60
GOOD, FAIR, BAD = "✓", "!", "✗"


@dataclass(frozen=True)
class Finding:
    """One line of the report. Only BAD makes the doctor fail."""

    mark: str
    about: str
    text: str
    advice: str = ""

    def line(self) -> str:
        """For people."""
        tail = f"\n    → {self.advice}" if self.advice else ""
        return f"{self.mark} {self.about}: {self.text}{tail}"


def secrets_kept(data: Path) -> Finding:
    """Whether the three secrets exist and nobody else may read them."""
    about, file = "密钥 secrets", keys.place(data)
    try:
        keys.load(data)
        env.keys("CIVIC_FIELD_KEYS")
    except env.BadSetting as error:
        return Finding(BAD, about, str(error), "civic secrets")
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(BAD, about, f"别人也能读 {file} / others may read it", f"chmod 600 {file}")
    if env.text("CIVIC_ENV") == "production" and env.flag("CIVIC_DEMO"):
        return Finding(BAD, about, "生产环境打开了演示模式 / demo mode in production", "unset CIVIC_DEMO")
    return Finding(GOOD, about, str(file) if file.exists() else "来自环境变量 / from the environment")


def disk(data: Path) -> Finding:
    """Whether the data folder can be written and has room."""
    about, usage = "磁盘 disk", shutil.disk_usage(data)
    text = f"{data} 剩余 {usage.free / 1e9:.1f} GB / {usage.free / 1e9:.1f} GB free"
    if not os.access(data, os.W_OK):
        return Finding(BAD, about, f"{data} 不可写 / cannot be written", f"chown -R $(id -un) {data}")
    if usage.free < FREE_BYTES:
        return Finding(BAD, about, text, "清理旧备份或扩容 / Remove old backups or enlarge the disk.")
    return Finding(GOOD, about, text)


def server(data: Path) -> Finding:
    """Whether the database answers, and how old it is."""
    import psycopg  # noqa: PLC0415 - a machine without the driver still gets the other lines

    about, private = "数据库 database", not env.text("DATABASE_URL")
    if private and not embedded.running(data):
        return Finding(BAD, about, "没有运行 / is not running", "civic serve")
    try:
        with psycopg.connect(env.text("DATABASE_URL") or embedded.url(data), connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]
    except psycopg.OperationalError as error:
        advice = "检查 DATABASE_URL 和数据库服务 / Check DATABASE_URL and the database service."
        return Finding(BAD, about, f"连不上 / cannot be reached: {str(error).strip()}", advice)
    if version < embedded.OLDEST_MAJOR:
        return Finding(
            BAD, about, f"PostgreSQL {version}", f"升级到 {embedded.OLDEST_MAJOR} 以上 / Upgrade it."
        )
    kind = "自带 private" if private else "外部 external"
    return Finding(GOOD, about, f"PostgreSQL {version} ({kind}), {size / 1e6:.0f} MB")


def migrations(_: Path) -> Finding:
    """Whether the tables fit this version of the code."""
    from django.db import connection  # noqa: PLC0415 - after the settings are known to be readable
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        about = "迁移 migrations"
        names = ", ".join(f"{step.app_label}.{step.name}" for step, _backwards in plan[:3])
        return Finding(BAD, about, f"{len(plan)} 个未执行 / not applied: {names}…", "civic migrate")
    return Finding(GOOD, "迁移 migrations", "已是最新 / up to date")


def _row(query: str) -> tuple:
    from django.db import connection  # noqa: PLC0415 - as above

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def worker(_: Path) -> Finding:
    """Whether a job worker lives, and whether jobs wait too long."""
    about = "后台任务 worker"
    if _row("SELECT to_regclass('procrastinate_workers')")[0] is None:
        return Finding(BAD, about, "任务表不存在 / the job tables are missing", "civic migrate")
    age = _row("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")[0]
    if age is None or age > HEARTBEAT_SECONDS:
        seen = "从未 / never" if age is None else f"{age:.0f} s"
        return Finding(
            BAD, about, f"没有运行，最近一次心跳 / not running, last heartbeat: {seen}", "civic serve"
        )
    late = _row(
        "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at, "
        "(SELECT min(at) FROM procrastinate_events WHERE job_id = j.id)) < now() - interval '10 minutes'"
    )[0]
    if late:
        advice = "civic procrastinate shell"
        return Finding(FAIR, about, f"{late} 个任务等待超过十分钟 / jobs wait over ten minutes", advice)
    return Finding(GOOD, about, f"心跳 {age:.0f} 秒前 / heartbeat {age:.0f} s ago")


def clock(_: Path) -> Finding:
    """Whether this machine and the database agree on the time."""
    about = "时钟 clock"
    difference = abs((_row("SELECT clock_timestamp()")[0] - datetime.now(UTC)).total_seconds())
    if difference > CLOCK_SECONDS:
        advice = "打开时间同步 / Turn on time synchronisation: timedatectl set-ntp true"
        return Finding(BAD, about, f"与数据库相差 / differs from the database by {difference:.1f} s", advice)
    return Finding(GOOD, about, f"与数据库一致 / agrees with the database ({difference * 1000:.0f} ms)")


def web(data: Path) -> Finding:
    """Whether the service runs and its address answers."""
    about = "网站 web"
    with (data / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return Finding(BAD, about, "没有运行 / is not running", "civic serve")
        except BlockingIOError:
            lock.seek(0)
            host, _, port = lock.read().strip().rpartition(":")
    status = answer(host, int(port)) if port.isdigit() else 0
    if status >= 500:
        advice = "看 civic serve 的输出 / See what civic serve printed."
        return Finding(BAD, about, f"{host}:{port} 首页出错 / the first page fails: {status}", advice)
    if not status:
        return Finding(
            BAD, about, f"{host}:{port} 无应答 / does not answer", "看 civic serve 的输出 / See its output."
        )
    return Finding(GOOD, about, f"http://{host}:{port}/")


def fonts(_: Path) -> Finding:
    """Whether a font with Chinese characters is there for printed documents."""
    about, advice = "中文字体 fonts", "apt-get install fonts-noto-cjk"
    program = shutil.which("fc-list")
    if program is None:
        return Finding(
            FAIR, about, "无法检查，没有 fc-list / cannot be checked", "apt-get install fontconfig"
        )
    found = subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    names = sorted({line.split(",")[0] for line in found.stdout.splitlines() if line.strip()})
    if not names:
        return Finding(FAIR, about, "没有，打印件会缺字 / none: printed pages lack characters", advice)
    return Finding(GOOD, about, names[0])


def findings(data: Path) -> Iterator[Finding]:
    """All lines; those that need the database only when it answers."""
    data.mkdir(parents=True, exist_ok=True)
    secret = secrets_kept(data)
    yield secret
    yield disk(data)
    base = server(data)
    yield base
    if secret.mark == GOOD and base.mark == GOOD:
        yield from _with_database(data)
    yield web(data)
    yield fonts(data)


def _with_database(data: Path) -> Iterator[Finding]:
    import django  # noqa: PLC0415 - the settings were not known to be readable before

    os.environ["CIVIC_POOL"] = "no"
    try:
        django.setup()
    except (SystemExit, Exception) as error:  # noqa: BLE001 - the doctor reports whatever is wrong
        yield Finding(BAD, "设置 settings", str(error), ".env.example")
        return
    checks: list[Callable[[Path], Finding]] = [migrations, worker, clock]
    for check in checks:
        try:
            yield check(data)
        except Exception as error:  # noqa: BLE001 - as above: one broken check must not hide the others
            yield Finding(BAD, check.__name__, f"{type(error).__name__}: {error}")


def main(arguments: Sequence[str] = ()) -> int:
    """Print the report; 1 when something is bad."""
    argparse.ArgumentParser(prog="civic doctor", description=__doc__).parse_args(arguments)
    found = []
    for finding in findings(embedded.default_data()):
        say(finding.line())
        found.append(finding)
    bad = sum(finding.mark == BAD for finding in found)
    say(f"\n{bad} 处需要处理 / to be put right" if bad else "\n一切正常 / All is well")
    return 1 if bad else 0

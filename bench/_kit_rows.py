"""A hundred thousand orders as rows, loaded by plain SQL: two years, the whole network, mostly ended."""

from pathlib import Path

import psycopg

from config import embedded

# Ids of loaded rows begin here; nothing else reaches so far.
FIRST = 1_000_000
# What an old order looks like: mostly closed, some ended otherwise. One in 250 is still open.
SPREAD = """
CREATE TEMPORARY TABLE spread AS
SELECT %(first)s + n AS id, n,
       villages.ids[1 + (n * 7919) %% villages.found] AS place_id,
       items.ids[1 + (n * 31) %% items.found] AS item_id,
       teams.ids[1 + (n * 13) %% teams.found] AS team_id,
       %(first)s + n %% %(residents)s AS resident_id,
       CASE WHEN n %% 250 = 0
            THEN (ARRAY['submitted', 'screened', 'dispatched', 'accepted', 'served'])[1 + (n / 250) %% 5]
            WHEN n %% 17 = 0 THEN 'withdrawn' WHEN n %% 29 = 0 THEN 'rejected' ELSE 'closed' END AS state,
       CASE WHEN n %% 250 = 0 THEN now() - (n %% 2000) * interval '1 minute'
            ELSE now() - interval '1 hour' - n * interval '10.5 minutes' END AS placed_at
FROM generate_series(1, %(count)s) AS n,
     (SELECT array_agg(id ORDER BY id) AS ids, count(*) AS found
      FROM places_place WHERE level = 'village') AS villages,
     (SELECT array_agg(id ORDER BY id) AS ids, count(*) AS found FROM orders_item) AS items,
     (SELECT array_agg(id ORDER BY id) AS ids, count(*) AS found FROM volunteers_team) AS teams
"""
PERSONS = """
INSERT INTO people_person (id, name, password, phone, phone_hash, id_number, address, home_id, is_active,
       is_demo, totp_secret, totp_last_step, language, mode, joined_at)
SELECT %(first)s + n, '张桂兰', '!no password', 'sealed', 'loaded' || n, '', '', place_id, true, false,
       '', 0, '', '', now()
FROM spread WHERE n <= %(residents)s
"""
ORDERS = """
INSERT INTO orders_order (id, number, place_id, item_id, words, channel, resident_id, placed_at, placed_by_id,
       contact_name, contact_phone, contact_phone_hash, "where", address, wanted_half, is_urgent, state,
       reason, referred_to, due_at, rework_count, changed_at, current_id)
SELECT id, to_char(placed_at, 'YYYYMMDD') || '-' || lpad(n::text, 7, '0'), place_id, item_id,
       '电饭锅不通电了，想请师傅来看看', 'web', resident_id, placed_at, resident_id,
       '张桂兰', '', md5(n::text), 'home', '', 'any', n %% 40 = 0, state,
       CASE WHEN state = 'rejected' THEN '辖区内没有能办的队伍' ELSE '' END, '',
       CASE WHEN state IN ('submitted', 'screened', 'dispatched', 'accepted')
            THEN placed_at + interval '2 days' END,
       0, placed_at, CASE WHEN state IN ('dispatched', 'accepted', 'served', 'closed') THEN id END
FROM spread ORDER BY n
"""
DISPATCHES = """
INSERT INTO orders_dispatch (id, order_id, team_id, state, reasons, dispatched_at, dispatched_by_id,
       answered_at, answered_by_id, note)
SELECT spread.id, spread.id, team_id,
       CASE spread.state WHEN 'dispatched' THEN 'offered' WHEN 'closed' THEN 'done' ELSE 'accepted' END, '[]',
       placed_at, leader_id, CASE WHEN spread.state <> 'dispatched' THEN placed_at END,
       CASE WHEN spread.state <> 'dispatched' THEN leader_id END, ''
FROM spread JOIN volunteers_team team ON team.id = team_id
WHERE spread.state IN ('dispatched', 'accepted', 'served', 'closed')
"""
EVENTS = """
INSERT INTO orders_event (order_id, at, by_id, what, state, note, actor, is_internal)
SELECT id, placed_at + step * interval '1 hour', resident_id,
       (ARRAY['place', 'screen', 'dispatch', 'accept'])[step], state, '', '', false
FROM spread, generate_series(1, 4) AS step
"""
NOTICES = """
INSERT INTO notices_notice (person_id, kind, params, url, about_type, about_id, at, read_at)
SELECT resident_id, 'orders.placed', '{"number": "1120-0037", "item": "理发"}',
       '/my/orders/' || id || '/', 'orders.order', id, placed_at, placed_at
FROM spread
"""


def load(data: Path, count: int, *, residents: int = 20_000) -> None:
    """Put `count` orders of other people behind what is there, with dispatches, events and notices.

    Foreign keys and triggers sleep meanwhile, which takes the superuser; rows are right by construction.
    """
    values = {"first": FIRST, "count": count, "residents": residents}
    with _superuser(data, "civic") as database:
        database.execute("SET session_replication_role = replica")
        for statement in (SPREAD, PERSONS, ORDERS, DISPATCHES, EVENTS, NOTICES):
            database.execute(statement, values)


def copy(data: Path, name: str, to: str) -> None:
    """A second database, the same as the first; nobody may be connected to that."""
    with _superuser(data, "postgres") as database:
        database.execute(f"CREATE DATABASE {to} TEMPLATE {name} OWNER civic")


def tidy(data: Path, name: str) -> None:
    """What autovacuum would do in its own time: statistics, and a map of what is visible to all."""
    with _superuser(data, name) as database:
        database.execute("VACUUM ANALYZE")


def _superuser(data: Path, name: str) -> psycopg.Connection[tuple[object, ...]]:
    address = embedded.url(data).replace("civic@/civic", f"postgres@/{name}", 1)
    return psycopg.connect(address, autocommit=True)

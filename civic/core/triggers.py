"""Triggers as migration operations: small SQL, one place to read it.

Every function fixes its search_path (one city is one schema), touches only its own city, calls no other
user function, and raises with SQLSTATE 23000 so that Django reports an IntegrityError.
"""

from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL


def append_only(table: str) -> Operation:
    """Refuse UPDATE, DELETE and (outside tests) TRUNCATE on `table`."""
    return RunSQL(
        sql=[
            f"""
            CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql
            SET search_path FROM CURRENT AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' AND current_setting('civic.allow_truncate', true) = 'yes' THEN
                    RETURN NULL;
                END IF;
                RAISE EXCEPTION '{table} is append-only: % refused', TG_OP USING ERRCODE = '23000';
            END $$
            """,
            f"""
            CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()
            """,
            f"""
            CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()
            """,
        ],
        reverse_sql=[
            f"DROP TRIGGER {table}_no_truncate ON {table}",
            f"DROP TRIGGER {table}_no_change ON {table}",
            f"DROP FUNCTION {table}_is_append_only()",
        ],
    )

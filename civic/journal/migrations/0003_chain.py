"""The hash chain and the refusal to change a line."""

from django.db import migrations

from civic.core.triggers import append_only

# The text that is hashed; `civic journal verify` builds the same from the stored row.
LINE = """
    concat_ws(E'\\x1f', {row}.previous, {row}.id::text, {row}.lane::text,
        to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        coalesce({row}.by_id::text, '-'), coalesce({row}.on_behalf_of_id::text, '-'), {row}.what,
        {row}.about_type, coalesce({row}.about_id::text, '-'), {row}.place_path,
        {row}.details::text, {row}.address)
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                f"""
                CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql
                SET search_path FROM CURRENT AS $$
                BEGIN
                    INSERT INTO journal_lane (id, head, entry_count) VALUES (NEW.lane, '', 0)
                        ON CONFLICT (id) DO NOTHING;
                    SELECT lane.head INTO NEW.previous FROM journal_lane lane WHERE lane.id = NEW.lane FOR UPDATE;
                    NEW.hash := encode(sha256(convert_to({LINE.format(row="NEW")}, 'UTF8')), 'hex');
                    UPDATE journal_lane SET head = NEW.hash, entry_count = entry_count + 1 WHERE id = NEW.lane;
                    RETURN NEW;
                END $$
                """,
                """
                CREATE TRIGGER journal_entry_chain BEFORE INSERT ON journal_entry
                FOR EACH ROW EXECUTE FUNCTION journal_chain()
                """,
            ],
            reverse_sql=["DROP TRIGGER journal_entry_chain ON journal_entry", "DROP FUNCTION journal_chain()"],
        ),
        append_only("journal_entry"),
    ]

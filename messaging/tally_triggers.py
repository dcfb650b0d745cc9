"""The database's triggers that keep CampaignTally: whatever writes messages, its counts are written in the same act."""

from __future__ import annotations

from django.db import connections

_TABLE = "messaging_message"


def install(using: str, **kwargs: object) -> None:
    """Create what is missing. After every migration, for SQLite drops triggers with a table that it rebuilds."""
    connection = connections[using]
    if _TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'message_counted_in'")
            if cursor.fetchone() is None:
                cursor.execute(_POSTGRESQL)
            return
        for statement in _SQLITE:
            cursor.execute(statement)


_SQLITE = [
    # A new message.
    """
    CREATE TRIGGER IF NOT EXISTS message_counted_in AFTER INSERT ON messaging_message
    BEGIN
        INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
        VALUES (NEW.campaign_id, NEW.state, 1, NEW.parts, 1)
        ON CONFLICT (campaign_id, state) WHERE is_sum
        DO UPDATE SET number = number + 1, parts = parts + excluded.parts;
    END
    """,
    # Another status.
    """
    CREATE TRIGGER IF NOT EXISTS message_counted_on AFTER UPDATE OF state, parts ON messaging_message
    WHEN OLD.state <> NEW.state OR OLD.parts <> NEW.parts
    BEGIN
        UPDATE messaging_campaigntally SET number = number - 1, parts = parts - OLD.parts
        WHERE campaign_id = OLD.campaign_id AND state = OLD.state AND is_sum;
        INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
        VALUES (NEW.campaign_id, NEW.state, 1, NEW.parts, 1)
        ON CONFLICT (campaign_id, state) WHERE is_sum
        DO UPDATE SET number = number + 1, parts = parts + excluded.parts;
    END
    """,
    # Gone.
    """
    CREATE TRIGGER IF NOT EXISTS message_counted_out AFTER DELETE ON messaging_message
    BEGIN
        UPDATE messaging_campaigntally SET number = number - 1, parts = parts - OLD.parts
        WHERE campaign_id = OLD.campaign_id AND state = OLD.state AND is_sum;
    END
    """,
]

# Once for a statement, whatever number of rows it writes; without a change of status nothing is added.
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION messaging_count_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
        SELECT campaign_id, state, count(*), sum(parts), false FROM came GROUP BY 1, 2;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
        SELECT campaign_id, state, -count(*), -sum(parts), false FROM gone GROUP BY 1, 2;
    ELSE
        INSERT INTO messaging_campaigntally (campaign_id, state, number, parts, is_sum)
        SELECT campaign_id, state, sum(number), sum(parts), false
        FROM (
            SELECT campaign_id, state, 1 AS number, parts FROM came
            UNION ALL
            SELECT campaign_id, state, -1, -parts FROM gone
        ) AS moved
        GROUP BY 1, 2 HAVING sum(number) <> 0 OR sum(parts) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER message_counted_in AFTER INSERT ON messaging_message
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION messaging_count_messages();
CREATE TRIGGER message_counted_on AFTER UPDATE ON messaging_message
    REFERENCING OLD TABLE AS gone NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION messaging_count_messages();
CREATE TRIGGER message_counted_out AFTER DELETE ON messaging_message
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION messaging_count_messages();
"""

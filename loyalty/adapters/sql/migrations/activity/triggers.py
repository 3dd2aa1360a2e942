"""Triggers that keep the summary's copies of profile, account and consents, and note who was touched."""

from alembic import op

_COPIED = (
    "is_listed",
    "source",
    "created_at",
    "enrolled_at",
    "balance",
    "email_reach",
    "is_reached_by_sms",
    "birth_month",
    "birth_day",
)
_CONSENT = (
    "(SELECT e.state FROM consent_entries e WHERE e.customer_id = c.id AND e.purpose = '{purpose}' "
    "ORDER BY e.at DESC, e.id DESC LIMIT 1)"
)
_SUPPRESSED = "EXISTS (SELECT 1 FROM message_suppressions s WHERE s.address = {address})"
_EMAIL_REACH = (
    "CASE WHEN c.email_address IS NULL OR c.email_address = '' OR c.email_bounced_at IS NOT NULL THEN NULL "
    f"WHEN {_CONSENT.format(purpose='marketing_email')} = 'withdrawn' THEN NULL "
    f"WHEN {_SUPPRESSED.format(address='c.email_address')} THEN NULL "
    "WHEN c.is_email_private THEN 'private' ELSE 'public' END"
)
_SMS = (
    "coalesce(a.phone_number, c.phone_number) IS NOT NULL "
    f"AND coalesce({_CONSENT.format(purpose='marketing_sms')} = 'granted', {{no}}) "
    f"AND NOT {_SUPPRESSED.format(address='coalesce(a.phone_number, c.phone_number)')}"
)
_SQLITE_MICROSECONDS = (
    "CAST(strftime('%s', {at}) AS INTEGER) * 1000000 + CAST(substr({at} || '000000', 21, 6) AS INTEGER)"
)
_POSTGRESQL_MICROSECONDS = "CAST(round(extract(epoch FROM {at}) * 1000000) AS bigint)"
_OF_CUSTOMER = (
    "email_address, email_bounced_at, is_email_private, phone_number, merged_into, erased_at, source"
)
_CHANGES = (
    ("customers", f"UPDATE OF {_OF_CUSTOMER}", "NEW.id"),
    ("loyalty_accounts", "INSERT", "NEW.customer_id"),
    ("loyalty_accounts", "UPDATE OF phone_number", "NEW.customer_id"),
    ("consent_entries", "INSERT", "NEW.customer_id"),
    ("customer_birthdays", "INSERT", "NEW.customer_id"),
    ("customer_birthdays", "UPDATE", "NEW.customer_id"),
    ("customer_birthdays", "DELETE", "OLD.customer_id"),
)
_TOUCHES = (
    ("custom_values", "INSERT", "NEW.customer_id"),
    ("custom_values", "UPDATE", "NEW.customer_id"),
    ("custom_values", "DELETE", "OLD.customer_id"),
    ("group_members", "INSERT", "NEW.customer_id"),
    ("group_members", "DELETE", "OLD.customer_id"),
    ("customer_summaries", "INSERT", "NEW.customer_id"),
    ("customer_summaries", "UPDATE", "NEW.customer_id"),
)
_BEARERS = (
    "SELECT id FROM customers WHERE email_address = {address} OR phone_number = {address} "
    "UNION SELECT customer_id FROM loyalty_accounts WHERE phone_number = {address}"
)


def refresh(customers: str, *, is_postgresql: bool) -> str:
    """The statement that copies anew for customers; ``customers`` follows ``customer_id``."""
    microseconds = _POSTGRESQL_MICROSECONDS if is_postgresql else _SQLITE_MICROSECONDS
    values = ", ".join(
        (
            "c.merged_into IS NULL AND c.erased_at IS NULL",
            "c.source",
            microseconds.format(at="c.created_at"),
            microseconds.format(at="a.enrolled_at"),
            "a.balance",
            _EMAIL_REACH,
            _SMS.format(no="false" if is_postgresql else "0"),
            "b.month",
            "b.day",
        )
    )
    return (
        f"UPDATE customer_summaries SET ({', '.join(_COPIED)}) = (SELECT {values} FROM customers c "
        "LEFT JOIN loyalty_accounts a ON a.customer_id = c.id "
        "LEFT JOIN customer_birthdays b ON b.customer_id = c.id "
        f"WHERE c.id = customer_summaries.customer_id) WHERE customer_id {customers}"
    )


def touch(customers: str) -> str:
    """The statement that notes customers, given as a query with one column ``id``."""
    return (
        f"INSERT INTO customers_touched (customer_id) SELECT n.id FROM ({customers}) n "
        "WHERE NOT EXISTS (SELECT 1 FROM customers_touched t WHERE t.customer_id = n.id)"
    )


def create() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _create_on_postgresql()
    else:
        _create_on_sqlite()


def _create_on_sqlite() -> None:
    def trigger(table: str, change: str, body: str, when: str = "") -> None:
        name = f"{table}_{change.split(' ', maxsplit=1)[0].lower()}"
        name += "_balance" if change.endswith("OF balance") else "_summary"
        op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} {when} BEGIN {body}; END")

    trigger(
        "customers",
        "INSERT",
        "INSERT INTO customer_summaries (customer_id) VALUES (NEW.id); "
        + refresh("= NEW.id", is_postgresql=False),
    )
    for table, change, customer in _CHANGES:
        trigger(table, change, refresh(f"= {customer}", is_postgresql=False))
    trigger(
        "loyalty_accounts",
        "UPDATE OF balance",
        "UPDATE customer_summaries SET balance = NEW.balance WHERE customer_id = NEW.customer_id",
        "WHEN NEW.balance <> OLD.balance",
    )
    for change, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        bearers = _BEARERS.format(address=f"{row}.address")
        trigger("message_suppressions", change, refresh(f"IN ({bearers})", is_postgresql=False))
    for table, change, customer in _TOUCHES:
        trigger(table, change, touch(f"SELECT {customer} AS id"))


def _create_on_postgresql() -> None:
    def function(name: str, body: str) -> None:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$"
        )

    def trigger(table: str, change: str, name: str, when: str = "") -> None:
        suffix = f"{change.split(' ', maxsplit=1)[0].lower()}_{name}"
        op.execute(
            f"CREATE TRIGGER {table}_{suffix} AFTER {change} ON {table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION {name}()"
        )

    function(
        "add_summary",
        "INSERT INTO customer_summaries (customer_id) VALUES (NEW.id); "
        + refresh("= NEW.id", is_postgresql=True),
    )
    trigger("customers", "INSERT", "add_summary")
    for row, column in (("new", "id"), ("new", "customer_id"), ("old", "customer_id")):
        function(
            f"refresh_summary_of_{row}_{column}", refresh(f"= {row.upper()}.{column}", is_postgresql=True)
        )
    for table, change, customer in _CHANGES:
        trigger(table, change, f"refresh_summary_of_{customer.replace('.', '_').lower()}")
    function(
        "copy_balance",
        "UPDATE customer_summaries SET balance = NEW.balance WHERE customer_id = NEW.customer_id",
    )
    trigger("loyalty_accounts", "UPDATE OF balance", "copy_balance", "WHEN (NEW.balance <> OLD.balance)")
    for change, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        name = f"refresh_bearers_of_{row.lower()}"
        bearers = _BEARERS.format(address=f"{row}.address")
        function(name, refresh(f"IN ({bearers})", is_postgresql=True))
        trigger("message_suppressions", change, name)
    for row in ("NEW", "OLD"):
        function(
            f"touch_{row.lower()}",
            f"INSERT INTO customers_touched (customer_id) VALUES ({row}.customer_id) ON CONFLICT DO NOTHING",
        )
    for table, change, customer in _TOUCHES:
        trigger(table, change, f"touch_{customer.split('.')[0].lower()}")

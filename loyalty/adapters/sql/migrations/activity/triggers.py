"""Triggers that keep the summary's copies of profile, account and consents, and note who was touched."""

from collections.abc import Iterator

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
UNLESS_WITHDRAWN = (
    "CASE WHEN c.email_address IS NULL OR c.email_address = '' OR c.email_bounced_at IS NOT NULL THEN NULL "
    f"WHEN {_CONSENT.format(purpose='marketing_email')} = 'withdrawn' THEN NULL "
    f"WHEN {_SUPPRESSED.format(address='c.email_address')} THEN NULL "
    "WHEN c.is_email_private THEN 'private' ELSE 'public' END"
)
"""How an address was reached at first: unless its owner had unsubscribed."""
ONCE_GRANTED = UNLESS_WITHDRAWN.replace(
    "ELSE 'public' END", f"WHEN {_CONSENT.format(purpose='marketing_email')} = 'granted' THEN 'public' END"
)
"""A public address is reached once its owner agreed."""
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
_ADD = "INSERT INTO customer_summaries (customer_id) VALUES (NEW.id); "
_BEARERS = (
    "SELECT id FROM customers WHERE email_address = {address} OR phone_number = {address} "
    "UNION SELECT customer_id FROM loyalty_accounts WHERE phone_number = {address}"
)


def refresh(customers: str, *, is_postgresql: bool, email_reach: str = UNLESS_WITHDRAWN) -> str:
    """The statement that copies anew for customers; ``customers`` follows ``customer_id``."""
    values = ", ".join(
        (
            "c.merged_into IS NULL AND c.erased_at IS NULL",
            "c.source",
            microseconds("c.created_at", is_postgresql=is_postgresql),
            microseconds("a.enrolled_at", is_postgresql=is_postgresql),
            "a.balance",
            email_reach,
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


def microseconds(at: str, *, is_postgresql: bool) -> str:
    """A column of ``UtcDateTime`` as microseconds since 1970."""
    return (_POSTGRESQL_MICROSECONDS if is_postgresql else _SQLITE_MICROSECONDS).format(at=at)


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


def copy_email_reach_as(email_reach: str) -> None:
    """Let the triggers that copy do it by another expression from now on."""
    if op.get_bind().dialect.name == "postgresql":
        for name, body in _copying_functions(email_reach):
            _put_function(name, body)
        return
    for table, change, body in _copying_on_sqlite(email_reach):
        op.execute(f"DROP TRIGGER {_sqlite_name(table, change)}")
        _put_on_sqlite(table, change, body)


def stated_email_consent() -> str:
    """What the customer ``c`` said last of news by e-mail, as an expression."""
    return _CONSENT.format(purpose="marketing_email")


def _sqlite_name(table: str, change: str) -> str:
    name = f"{table}_{change.split(' ', maxsplit=1)[0].lower()}"
    return name + ("_balance" if change.endswith("OF balance") else "_summary")


def _put_on_sqlite(table: str, change: str, body: str, when: str = "") -> None:
    name = _sqlite_name(table, change)
    op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} {when} BEGIN {body}; END")


def _copying_on_sqlite(email_reach: str) -> Iterator[tuple[str, str, str]]:
    """Table, change and body of each trigger that copies."""

    def copied(customers: str) -> str:
        return refresh(customers, is_postgresql=False, email_reach=email_reach)

    yield "customers", "INSERT", _ADD + copied("= NEW.id")
    for table, change, customer in _CHANGES:
        yield table, change, copied(f"= {customer}")
    for change, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        yield "message_suppressions", change, copied(f"IN ({_BEARERS.format(address=f'{row}.address')})")


def _create_on_sqlite() -> None:
    for table, change, body in _copying_on_sqlite(UNLESS_WITHDRAWN):
        _put_on_sqlite(table, change, body)
    _put_on_sqlite(
        "loyalty_accounts",
        "UPDATE OF balance",
        "UPDATE customer_summaries SET balance = NEW.balance WHERE customer_id = NEW.customer_id",
        "WHEN NEW.balance <> OLD.balance",
    )
    for table, change, customer in _TOUCHES:
        _put_on_sqlite(table, change, touch(f"SELECT {customer} AS id"))


def _put_function(name: str, body: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body}; RETURN NULL; END $$"
    )


def _copying_functions(email_reach: str) -> Iterator[tuple[str, str]]:
    """Name and body of each function that copies."""

    def copied(customers: str) -> str:
        return refresh(customers, is_postgresql=True, email_reach=email_reach)

    yield "add_summary", _ADD + copied("= NEW.id")
    for row, column in (("new", "id"), ("new", "customer_id"), ("old", "customer_id")):
        yield f"refresh_summary_of_{row}_{column}", copied(f"= {row.upper()}.{column}")
    for row in ("NEW", "OLD"):
        bearers = _BEARERS.format(address=f"{row}.address")
        yield f"refresh_bearers_of_{row.lower()}", copied(f"IN ({bearers})")


def _create_on_postgresql() -> None:
    def trigger(table: str, change: str, name: str, when: str = "") -> None:
        suffix = f"{change.split(' ', maxsplit=1)[0].lower()}_{name}"
        op.execute(
            f"CREATE TRIGGER {table}_{suffix} AFTER {change} ON {table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION {name}()"
        )

    for name, body in _copying_functions(UNLESS_WITHDRAWN):
        _put_function(name, body)
    trigger("customers", "INSERT", "add_summary")
    for table, change, customer in _CHANGES:
        trigger(table, change, f"refresh_summary_of_{customer.replace('.', '_').lower()}")
    _put_function(
        "copy_balance",
        "UPDATE customer_summaries SET balance = NEW.balance WHERE customer_id = NEW.customer_id",
    )
    trigger("loyalty_accounts", "UPDATE OF balance", "copy_balance", "WHEN (NEW.balance <> OLD.balance)")
    for change, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
        trigger("message_suppressions", change, f"refresh_bearers_of_{row.lower()}")
    for row in ("NEW", "OLD"):
        _put_function(
            f"touch_{row.lower()}",
            f"INSERT INTO customers_touched (customer_id) VALUES ({row}.customer_id) ON CONFLICT DO NOTHING",
        )
    for table, change, customer in _TOUCHES:
        trigger(table, change, f"touch_{customer.split('.')[0].lower()}")

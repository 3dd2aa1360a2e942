"""Tables, one module a noun. Constraints hold what must never be wrong: signs, uniqueness, one open sale."""

from loyalty.adapters.sql.schema.after_sale import (
    audit_entries,
    customer_birthdays,
    daily_digests,
    linked_cards,
    refunds,
)
from loyalty.adapters.sql.schema.base import metadata
from loyalty.adapters.sql.schema.day_closes import day_close_refunds, day_closes
from loyalty.adapters.sql.schema.delivery import dead_letters, outbound_messages, processed_events
from loyalty.adapters.sql.schema.directory import (
    card_steps,
    consent_entries,
    customers,
    group_members,
    groups,
    membership_cards,
)
from loyalty.adapters.sql.schema.importing import (
    customer_import_failures,
    customer_import_prints,
    customer_imports,
    customer_start_figures,
)
from loyalty.adapters.sql.schema.messages import (
    member_messages,
    message_decisions,
    message_suppressions,
    opt_out_links,
    status_links,
)
from loyalty.adapters.sql.schema.points import ledger_entries, lot_uses, lots, loyalty_accounts
from loyalty.adapters.sql.schema.profiles import custom_fields, custom_values, customer_addresses
from loyalty.adapters.sql.schema.programme import (
    job_runs,
    loyalty_settings,
    programme_drafts,
    promotion_uses,
    promotions,
)
from loyalty.adapters.sql.schema.sales import (
    counters,
    ended_sessions,
    identifications,
    sale_lines,
    sale_rewards,
    sales,
)
from loyalty.adapters.sql.schema.shop import (
    categories,
    item_tax_rates,
    item_variations,
    items,
    lanes,
    programme_versions,
    reward_tiers,
    setup_revision,
    shop_settings,
    tax_rates,
)
from loyalty.adapters.sql.schema.staff import owner_claims, roles, sign_in_attempts, staff, staff_sessions

__all__ = [
    "audit_entries",
    "card_steps",
    "categories",
    "consent_entries",
    "counters",
    "custom_fields",
    "custom_values",
    "customer_addresses",
    "customer_birthdays",
    "customer_import_failures",
    "customer_import_prints",
    "customer_imports",
    "customer_start_figures",
    "customers",
    "daily_digests",
    "day_close_refunds",
    "day_closes",
    "dead_letters",
    "ended_sessions",
    "group_members",
    "groups",
    "identifications",
    "item_tax_rates",
    "item_variations",
    "items",
    "job_runs",
    "lanes",
    "ledger_entries",
    "linked_cards",
    "lot_uses",
    "lots",
    "loyalty_accounts",
    "loyalty_settings",
    "member_messages",
    "membership_cards",
    "message_decisions",
    "message_suppressions",
    "metadata",
    "opt_out_links",
    "outbound_messages",
    "owner_claims",
    "processed_events",
    "programme_drafts",
    "programme_versions",
    "promotion_uses",
    "promotions",
    "refunds",
    "reward_tiers",
    "roles",
    "sale_lines",
    "sale_rewards",
    "sales",
    "setup_revision",
    "shop_settings",
    "sign_in_attempts",
    "staff",
    "staff_sessions",
    "status_links",
    "tax_rates",
]

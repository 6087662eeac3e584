"""Names of fields that nobody may set, and parts of an address that no library would write."""

from __future__ import annotations

EXTRA_KEYS = (
    "id", "version", "created_at", "updated_at", "created_by", "is_admin", "admin", "role", "x_roles",
    "permissions", "owner",
    "tenant_id", "company_id", "total", "exact_total", "paid", "invoiced", "open", "held", "receivable",
    "on_hand", "reserved",
    "posted_on", "payment_state", "credit_limit", "exposure", "price_trace", "trace_data",
    "password_hash", "_internal",
    "__class__", "__proto__", "constructor", "conversation_id",
)  # fmt: skip

RAW_QUERIES = (
    "%", "%2", "%zz", "%00", "%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "a&limit=1&limit=2", "a&=1",
    "a;b=1", "a%26b=1", "+", "%20",
    "[]", "x" * 9_000, "&".join(f"p{n}=1" for n in range(200)), "%u0041", "a#fragment",
)  # fmt: skip

RAW_PATHS = (
    ".", "..", "%2e", "%2e%2e", "%2e%2e%2f%2e%2e", "..%2f", "..;", "%00", "%0a", "%0d%0aX-Injected:1",
    "%ff", "%c0%ae", "%ed%a0%80",
    "%", "%2", "%zz", "%25%32%65", "a%2fb", "a%5cb", "a\\b", "//", "a;jsessionid=1", "a?x=1", "x" * 7_000,
    "*", "~", "@", "%E2%80%AE",
    "{id}", "[1]", "00000000-0000-7000-8000-00000000DEAD", "00000000-0000-7000-8000-00000000dead%00",
)  # fmt: skip

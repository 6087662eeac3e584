"""Text that becomes code when somebody pastes it into a query, a template, a path, a header or a sheet."""

from __future__ import annotations

from tests.security.corpus.payload import Payload, of

ID = "00000000-0000-7000-8000-00000000dead"

INJECTIONS: list[Payload] = [
    *of(
        "sql", "'", "''", "\"", "';--", "1 OR 1=1", "' OR '1'='1", "1; DROP TABLE sales_order;--",
        "' UNION SELECT null,null--",
        "admin'--", "%", "%%", "_", "a%' --",
        "\\", "\\'", "/**/", "1) OR (1=1", "(SELECT 1)", "pg_sleep(10)", "'||pg_sleep(10)--",
        "1 AND 1=randomblob(900000000)", "name; SELECT 1", "-id", "id desc", "number,(select 1)", "x'41'",
        "$1", ":id", "%s", "%(id)s", "?",
        "*", "* LIKE", "(?i)a", "(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "[", "a" * 60 + "!",
    ),
    *of(
        "template", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{''.__class__.__mro__}}",
        "{0.__class__}", "{id}", "%n%n%n", "%x",
        "${jndi:ldap://127.0.0.1:9/a}", "__import__('os').system('id')", "`id`", "$(id)", "; id", "| id",
        "&& id", "=1+1", "=HYPERLINK(\"x\")",
        "+1+1", "@SUM(1)", "-1+1", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "javascript:alert(1)", "<!--", "]]>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
    ),
    *of(
        "path", "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "%2e%2e%2f", "..%2f", "..%252f",
        "%00", "file:///etc/passwd", ".", "..",
        "C:\\", "CON", "http://127.0.0.1:1/", "//evil.example", "http://[::1]/", "\\\\host\\share", "a/../b",
        "orders/..",
    ),
    *of(
        "id", ID, ID.upper(), "{" + ID + "}", ID.replace("-", ""), "urn:uuid:" + ID, ID + "\u0000",
        ID + " ", ID[:-1], ID + "0", "0", "-1", "1",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "9223372036854775808", "null", "me", "*",
        "\uff10" * 8 + ID[8:],
    ),
]  # fmt: skip

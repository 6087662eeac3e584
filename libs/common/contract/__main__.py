"""``python -m libs.common.contract services.sales ...``: write the contracts of these packages.

Exit status: 0 written or unchanged, 1 a change would break subscribers within a major version, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from libs.common.contract.writing import BreakingChange, write_contracts


def main(arguments: list[str] | None = None) -> int:
    """Write contracts and say what changed."""
    parser = argparse.ArgumentParser(prog="python -m libs.common.contract", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="as in services.sales")
    parser.add_argument(
        "--replace", action="store_true", help="break the old contract: nobody has seen it yet"
    )
    options = parser.parse_args(arguments)
    status = 0
    for package in options.packages:
        try:
            for path in write_contracts(package, replace=options.replace):
                sys.stdout.write(f"{'wrote' if path.exists() else 'removed'} {path}\n")
        except BreakingChange as error:
            sys.stderr.write(
                f"{package}: this breaks subscribers; make a new major version instead\n{error}\n"
            )
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())

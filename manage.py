#!/usr/bin/env python
"""Django's usual entry; `civic` is the same and more."""

import sys

from config.cli import manage

if __name__ == "__main__":
    raise SystemExit(manage(sys.argv))

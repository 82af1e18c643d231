"""`python -m privgym` is `privgym`."""

import sys

from privgym.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""The real worker, with the method of the tests on its list."""

import sys

from scdyn_core.runs.worker import main
from tests.runs.line_method import register

register()
sys.exit(main())

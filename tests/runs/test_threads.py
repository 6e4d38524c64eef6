import os
import subprocess
import sys

import pytest

from scdyn_core.runs.threads import VARIABLES, available_cores, set_threads


@pytest.mark.parametrize(("wanted", "given"), [(3, 3), (0, max(1, available_cores() - 1))])
def test_zero_threads_leave_a_core_free(monkeypatch, wanted, given):
    for variable in VARIABLES:
        monkeypatch.setenv(variable, "99")
    assert set_threads(wanted) == given
    assert {os.environ[variable] for variable in VARIABLES} == {str(given)}


@pytest.mark.parametrize("module", ["scdyn_core.runs.worker", "scdyn_core.cli.app"])
def test_nothing_that_reads_the_number_of_threads_is_imported_before_it_is_set(module):
    code = f"import sys, {module}; sys.exit(bool({{'numpy', 'torch'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

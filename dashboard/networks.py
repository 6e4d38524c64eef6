"""Gene networks: what acts on what in a trained run, and what belongs together."""

from dashboard._ui.dynamics_choice import titled_choice
from dashboard._ui.network_view import show_network

run, replicate = titled_choice("Gene networks")
show_network(run, replicate)

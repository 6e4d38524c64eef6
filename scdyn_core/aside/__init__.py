"""Work of seconds beside the dashboard, in a process of its own."""

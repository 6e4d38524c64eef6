"""What can be done aside: a module a task, each with one function ``work``.

``work(request, folder, reporter) -> dict``: JSON in, JSON out; arrays and tables lie in ``folder``.
"""

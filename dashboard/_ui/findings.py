"""The report of a check: slot, what was found, what to do; worst first."""

from __future__ import annotations

import streamlit as st

from dashboard._ui.text import count, plain
from scdyn_core.data.findings import Finding, Level, Report

_LOOK: dict[Level, tuple[str, str, str]] = {
    "error": (":material/error:", "red", "to mend"),
    "warning": (":material/warning:", "orange", "to look at"),
    "info": (":material/info:", "blue", "to know"),
}
_MOST_SHOWN = 12


def show_report(report: Report) -> None:
    """Show every finding of a report, or that there is none."""
    if not report.findings:
        st.markdown(":green[:material/check_circle:] Every check passed; nothing to mend.")
        return
    with st.container(horizontal=True, gap="small"):
        for level, (icon, colour, words) in _LOOK.items():
            if found := report.of_level(level):
                st.badge(f"{count(len(found), 'thing')} {words}", icon=icon, color=colour)
    ordered = [finding for level in _LOOK for finding in report.of_level(level)]
    _rows(ordered[:_MOST_SHOWN])
    if rest := ordered[_MOST_SHOWN:]:
        with st.expander(f"{len(rest)} more"):
            _rows(rest)


def _rows(findings: list[Finding]) -> None:
    for finding in findings:
        icon, colour, _ = _LOOK[finding.level]
        text = f":{colour}[{icon}] **{plain(finding.slot)}** {plain(finding.found)}"
        if finding.fix:
            text += f"  \n:gray[What to do:] {plain(finding.fix)}"
        st.markdown(text)

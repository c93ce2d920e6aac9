"""Reads compliance findings with the models of the format, and prints how many there are."""

import json
import os

from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

with open(os.environ["EVENTS"], encoding="utf-8") as file:
    events = json.load(file)
for event in events:
    ComplianceFinding(**event)
print(len(events))

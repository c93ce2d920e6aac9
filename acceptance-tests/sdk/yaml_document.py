"""Reads a YAML file and prints it as JSON."""

import json
import os

import yaml

with open(os.environ["FILE"], encoding="utf-8") as file:
    print(json.dumps(yaml.safe_load(file)))

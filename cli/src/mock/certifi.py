"""Stands in for certifi, whose certificates several SDKs trust whatever the environment says. These are those of the system
and that of the mock of the cloud, which wrote this file."""

import os

__all__ = ["contents", "where"]
__version__ = "2000.01.01"


def where():
    """The path of the certificates."""
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.join(os.path.dirname(os.path.dirname(here)), "ca-bundle.pem")


def contents():
    """The certificates in PEM."""
    with open(where(), encoding="ascii") as file:
        return file.read()

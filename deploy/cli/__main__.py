"""`python -m deploy.cli`: the same as `throughline`."""

from deploy.cli import app

app()

"""A Redis database for each of the processes that tests run in, since they empty it: loaded before the settings."""

import os

if url := os.environ.get("REDIS_URL"):
    address, _, first = url.rpartition("/")
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{address}/{int(first) + number}"

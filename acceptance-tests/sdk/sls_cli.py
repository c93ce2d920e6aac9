"""The official command line of SLS, as the guide says to use it."""

import json
import os
import subprocess
import sys
import tempfile

from common import KEY, REGION, SECRET, equal

PROJECT = "sdk-log-cli"
# It keeps its settings in the home directory unless the environment has them.
ENVIRONMENT = {**os.environ, "HOME": tempfile.mkdtemp(), "ALIYUN_LOG_CLI_ACCESSID": KEY, "ALIYUN_LOG_CLI_ACCESSKEY": SECRET,
               "ALIYUN_LOG_CLI_ENDPOINT": f"http://{REGION}.log.aliyuncs.com"}


def aliyunlog(operation, **options):
    """Runs an operation and gives what it prints, read as JSON."""
    command = [sys.executable, "-m", "aliyunlogcli.cli", "log", operation]
    command += [f"--{name}={value}" for name, value in options.items()]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(ran.stdout or ran.stderr or "null")


aliyunlog("create_project", project_name=PROJECT, project_des="by the command line")
equal(aliyunlog("get_project", project_name=PROJECT)["description"], "by the command line", "shows the description")
aliyunlog("create_logstore", project_name=PROJECT, logstore_name="audit", ttl=30, shard_count=2)
equal(aliyunlog("list_logstore", project_name=PROJECT)["logstores"], ["audit"], "names alone are listed")
equal(aliyunlog("get_logstore", project_name=PROJECT, logstore_name="none")["errorCode"], "LogStoreNotExist",
      "an unknown logstore is refused")
aliyunlog("delete_project", project_name=PROJECT)

"""Lists the tasks of the demo instance with the official SDK, page by page; prints what it got as JSON."""

import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkdcs.v2 import DcsClient, ListBigkeyScanTasksRequest

PROJECT = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71"
INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79"


def main():
    client = (
        DcsClient.new_builder()
        .with_credentials(BasicCredentials("access", "secret", PROJECT))
        .with_endpoints([sys.argv[1]])
        .build()
    )

    def page(**parameters):
        return client.list_bigkey_scan_tasks(ListBigkeyScanTasksRequest(**{"instance_id": INSTANCE, **parameters}))

    tasks = []
    while True:
        answer = page(limit=20, offset=len(tasks))
        tasks += answer.records
        if len(tasks) >= answer.count or not answer.records:
            break
    failed = page(status="failed", limit=1000)
    try:
        page(instance_id="fail-400-dcs-4919")
        refusal = None
    except ClientRequestException as error:
        refusal = [error.status_code, error.error_code, error.error_msg]
    print(
        json.dumps(
            {
                "count": answer.count,
                "tasks": [task.to_dict() for task in tasks],
                "failed": [task.status for task in failed.records],
                "failed_count": failed.count,
                "refusal": refusal,
            }
        )
    )


main()

"""Prints, as JSON lines, what the official SDK really sends for a few list calls.

A local server takes the calls down (request line and headers, as they came) and answers an empty list.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdcs.v2 import DcsClient, ListBigkeyScanTasksRequest

PROJECT = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71"
INSTANCE = "5560df16-cebf-4473-95c4-d1b573c16e79"


class Capture(BaseHTTPRequestHandler):
    def do_GET(self):
        print(json.dumps({"method": self.command, "target": self.path, "headers": self.headers.items()}), flush=True)
        body = json.dumps({"instance_id": INSTANCE, "count": 0, "records": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    access_key, secret_key = sys.argv[1], sys.argv[2]
    server = HTTPServer(("127.0.0.1", 0), Capture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = (
        DcsClient.new_builder()
        .with_credentials(BasicCredentials(access_key, secret_key, PROJECT))
        .with_endpoints([f"http://127.0.0.1:{server.server_port}"])
        .build()
    )
    for parameters in (
        {},
        {"limit": 10, "offset": 0},
        {"limit": 1000, "offset": 20, "status": "success"},
        {"status": "failed"},
    ):
        client.list_bigkey_scan_tasks(ListBigkeyScanTasksRequest(instance_id=INSTANCE, **parameters))
    server.shutdown()


main()

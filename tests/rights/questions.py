"""What is asked of each route, with all that it takes beside its path."""

import json

from tests.rights.asking import Question
from tests.rights.world import CLIENT_NAME, EMPTY, SIGN_IN

PASSWORD = "correct horse battery"
DAYS = {"from": "2026-01-01", "to": "2026-01-31"}
CODE = "123456"
GROUP = {"name": "Class 7c"}
ROOM = {"name": "B-102", "rows": 4, "columns": 4}
SAID = {"text": "Open again.", "starts_at": "2026-01-01T00:00:00Z"}
SNAPSHOT = json.loads(EMPTY)
CONFIGURATION = {"name": "Maths", "image": "registry.example.org/maths:1"}
ACCOUNT = {"username": "joan", "email": "joan@example.org", "password": "a longer pass phrase"}
NAMED = {"name": CLIENT_NAME}
FORM = {"username": "ada", "password": PASSWORD}
TEMPLATE = {
    "name": "Maths",
    "category": "Desktops",
    "memory_mb": 1024,
    "least_memory_mb": 512,
    "most_memory_mb": 2048,
    "cpus": 1,
    "least_cpus": 1,
    "most_cpus": 2,
}
CREDENTIAL = {"credential": {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}}
PAIRING = {
    "code": "ABCD-EFGH",
    "name": "laptop",
    "system": "linux",
    "system_release": "6",
    "system_version": "1",
    "architecture": "x86_64",
    "mac_address": None,
}


def _body(body: object) -> Question:
    return Question(body=body)


QUESTIONS = {
    "POST /api/v1/pings": _body({"pings": [{"sign_in": str(SIGN_IN), "next_ping_seconds": 60}]}),
    "POST /api/v1/auth/sign-up": _body({"username": "joan", "password": "a longer pass phrase"}),
    "POST /api/v1/auth/sign-in": _body(FORM),
    "POST /api/v1/auth/link": _body({"token": "1"}),
    "POST /api/v1/auth/token": _body(FORM),
    "POST /api/v1/auth/token/refresh": _body({"refresh_token": "1"}),
    "POST /api/v1/auth/oidc/callback": _body({"code": "1", "state": "1"}),
    "POST /api/v1/auth/oidc/{provider}/back-channel": Question(form={"logout_token": "1"}),
    "POST /api/v1/auth/second-step": _body({"code": CODE}),
    "POST /api/v1/auth/second-step/app/confirm": _body({"code": CODE}),
    "POST /api/v1/auth/passkey": _body(CREDENTIAL),
    "POST /api/v1/auth/forgotten-password": _body({"email": "ada@example.org"}),
    "POST /api/v1/auth/new-password": _body({"token": "1", "new_password": "a longer pass phrase"}),
    "POST /api/v1/auth/verify": _body({"token": "1"}),
    "PUT /api/v1/users/{user_id}/role": _body({"role": "user"}),
    "POST /api/v1/tokens": _body({"name": "Backups", "scopes": ["desktops:read"]}),
    "POST /api/v1/service-tokens": _body({"name": "Backups", "scopes": ["desktops:read"], "username": "backups"}),
    "PATCH /api/v1/profile": _body({"full_name": "Ada Lovelace"}),
    "PUT /api/v1/profile/password": _body({"password": PASSWORD, "new_password": "a longer pass phrase"}),
    "POST /api/v1/profile/proof": _body({"password": PASSWORD}),
    "POST /api/v1/profile/proof/passkey": _body(CREDENTIAL),
    "POST /api/v1/profile/second-step/app/confirm": _body({"code": CODE}),
    "POST /api/v1/profile/passkeys": _body({"name": "Key", **CREDENTIAL}),
    "PATCH /api/v1/profile/passkeys/{passkey_id}": _body({"name": "Key"}),
    "POST /api/v1/groups": _body(GROUP),
    "PUT /api/v1/groups/{group_id}": _body(GROUP),
    "POST /api/v1/groups/{group_id}/members": _body({"members": [{"user_id": 1}]}),
    "POST /api/v1/announcements": _body(SAID),
    "PUT /api/v1/announcements/{announcement_id}": _body(SAID),
    "POST /api/v1/agent/pair": _body(PAIRING),
    "PATCH /api/v1/devices/mine/{device_id}": _body({"name": "laptop"}),
    "POST /api/v1/rooms": _body(ROOM),
    "PUT /api/v1/rooms/{room_id}": _body(ROOM),
    "PUT /api/v1/rooms/{room_id}/opening-hours": _body({"week": []}),
    "POST /api/v1/devices/codes": _body({}),
    "POST /api/v1/devices/import": Question(text="name\npc-2\n"),
    "POST /api/v1/sign-ins": _body({"id": str(SIGN_IN), "username": "ada", "next_ping_seconds": 60}),
    "GET /api/v1/sign-ins": Question(query={"user_id": "{user_id}"}),
    "GET /api/v1/activity": Question(query={"user_id": "{user_id}", **DAYS}),
    "GET /api/v1/reports/hours": Question(query={"user_id": "{user_id}", **DAYS}),
    "GET /api/v1/reports/hours.csv": Question(query={"user_id": "{user_id}", **DAYS}),
    "POST /api/v1/heartbeat": _body({"next_ping_seconds": 60}),
    "POST /api/v1/devices": _body({"name": "pc-2"}),
    "POST /api/v1/devices/enrol": _body({"code": "ABCD-EFGH", "name": "pc-2"}),
    "PUT /api/v1/devices/{device_id}": _body({"name": "pc-2"}),
    "GET /api/v1/map": Question(query={"token": "1"}),
    "POST /api/v1/templates": _body(TEMPLATE),
    "PUT /api/v1/templates/order": _body({"ids": [1]}),
    "PUT /api/v1/templates/{template_id}": _body(TEMPLATE),
    "PATCH /api/v1/desktops/{desktop_id}": _body({"name": "Physics"}),
    "POST /api/v1/desktops/{desktop_id}/extend": _body({"until": "2030-01-01T00:00:00Z"}),
    "POST /api/v1/desktops/{desktop_id}/transfer": _body({"user_id": 1}),
    "POST /api/v1/desktops/{desktop_id}/message": _body({"text": "We close at five."}),
    "PUT /api/v1/desktops/{desktop_id}/schedule": _body({"days": ["mon"], "starts_at": "08:00", "zone": "UTC"}),
    "POST /api/v1/desktops": _body({"template": "desktop"}),
    "POST /api/v1/allowances": _body({"user_id": 1, "desktops": 2}),
    "PUT /api/v1/allowances/{allowance_id}": _body({"user_id": 1, "desktops": 2}),
    "POST /api/v1/runtimes": _body({"slug": "second", "kind": "local"}),
    "PUT /api/v1/runtimes/{runtime_id}": _body({"is_drained": True}),
    "POST /api/v1/volumes": _body({"name": "Drawer", "size_mb": 100}),
    "PATCH /api/v1/volumes/{volume_id}": _body({"name": "Drawer"}),
    "PUT /api/v1/volumes/{volume_id}/shares": _body({"users": []}),
    "PUT /api/v1/volumes/{volume_id}/templates": _body({"template_ids": []}),
    "POST /api/v1/sessions": _body({"name": "Physics", "device_id": "{device_id}"}),
    "PATCH /api/v1/sessions/{session_id}": _body({"name": "Physics"}),
    "POST /api/v1/sessions/{session_id}/deactivate": _body({}),
    "PUT /api/v1/sessions/{session_id}/tracking": _body({"enabled": False}),
    "POST /api/v1/sessions/{session_id}/clone": _body({}),
    "POST /api/v1/sessions/{session_id}/copies": _body({"user_ids": [1]}),
    "POST /api/v1/sessions/import": _body({"name": "Physics", "saves": []}),
    "GET /api/v1/sessions/{session_id}/compare": Question(query={"from": "{save_id}", "to": "{save_id}"}),
    "POST /api/v1/sessions/{session_id}/restore": _body({"device_id": "{device_id}"}),
    "PUT /api/v1/tracking": _body({"consent": True}),
    "POST /api/v1/agent/reports": _body({"agent": "1", "sent_at": "2026-01-01T00:00:00Z", "sign_in": str(SIGN_IN)}),
    "POST /api/v1/agent/snapshots/{snapshot_id}": _body(SNAPSHOT),
    "POST /api/v1/agent/restores/{run}": _body({}),
    "POST /api/v1/agent/input": _body({"idle_seconds": 1}),
    "POST /api/session-manager/users": _body([{"name": "joan"}]),
    "POST /api/session-manager/computers": _body([{"name": "pc-3"}]),
    "POST /api/session-manager/session": _body({"comp_name": "pc-1", "login": "ada", "next_ping_sec": 60}),
    "POST /api/session-manager/activity": _body({"session_id": str(SIGN_IN), "next_ping_sec": 60}),
    "GET /api/session-manager/activity": Question(query={"login": "ada"}),
    "POST /auth/signup": _body({"name": "Joan", "surname": "Clarke", **ACCOUNT}),
    "POST /auth/token": Question(form=FORM),
    "POST /session": _body({"name": "Physics"}),
    "POST /session/": _body({"name": "Physics"}),
    "POST /session/{slug}/clone": _body({"name": "Physics"}),
    "POST /active-session/clone": _body({"name": "Physics"}),
    "POST /api/auth/login": _body(FORM),
    "POST /api/auth/register": _body({"username": "joan", "password": "a longer pass phrase"}),
    "POST /api/auth/oidc/callback": _body({"code": "1", "state": "1"}),
    "POST /api/users/createuser": _body({"username": "joan", "password": "a longer pass phrase"}),
    "POST /api/users/removeuser": _body({"username": "bob"}),
    "POST /api/tokens": _body({"name": "Backups"}),
    "POST /api/token": _body({"name": "Backups"}),
    "POST /api/tokens/api-login": _body({"token": "1"}),
    "POST /api/token/api-login": _body({"token": "1"}),
    "POST /api/connections/scaleup": _body({"name": CLIENT_NAME}),
    "POST /api/connections/scaledown": _body(NAMED),
    "POST /api/connections/resume": _body(NAMED),
    "POST /api/connections/permanent-delete": _body(NAMED),
    "POST /api/connections/attach-pvc": _body({"connection_id": "{connection_id}", "pvc_id": "{pvc_id}"}),
    "POST /api/connections/detach-pvc": _body({"connection_id": "{connection_id}"}),
    "POST /api/desktop-config/create": _body(CONFIGURATION),
    "PUT /api/desktop-config/update/{config_id}": _body(CONFIGURATION),
    "POST /api/storage-pvcs/create": _body({"name": "drawer"}),
    "POST /api/storage-pvcs/{pvc_id}/access": _body({"is_public": False}),
    "POST /register": _body({"username": "joan", "email": "joan@example.org", "password": "alongerpassphrase"}),
    "POST /token": Question(form=FORM),
    "POST /users/container": _body({"container_image": "desktop", "password": "alongerpassphrase"}),
    "DELETE /users/container": Question(query={"container_id": "{desktop_id}"}),
    "POST /api/v1/roles": _body({"name": "Watchers", "rights": ["activity:read!all"]}),
    "PUT /api/v1/roles/{role_id}": _body({"name": "Watchers", "rights": ["activity:read!all"]}),
}
"""Those that take more than a path. A text in braces is the id that a path would have there."""

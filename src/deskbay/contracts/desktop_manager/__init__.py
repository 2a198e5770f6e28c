"""The desktop manager's API: remote desktops on a cluster, for clients that sign in by password or by OIDC."""

from deskbay.contracts.desktop_manager import configurations, connections, identity, tokens, volumes

routers = (identity.router, *tokens.routers, connections.router, configurations.router, volumes.router)

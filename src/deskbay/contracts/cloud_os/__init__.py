"""Cloud OS' API: a browser or a desktop in a container, for a while. It only translates."""

from deskbay.contracts.cloud_os import accounts, containers

routers = (accounts.router, containers.router)

"""A desktop that any runtime can launch."""

from uuid import uuid4

from deskbay.desktops.runtimes import LaunchSpec, Network


def a_desktop(image: str | None = None) -> LaunchSpec:
    return LaunchSpec(
        desktop=uuid4(),
        owner=uuid4(),
        owner_id=10,
        owner_name="Ann",
        name="Ann's desktop",
        profile="desktop",
        network=Network.INTERNET,
        memory_mb=1024,
        cpus=2.0,
        image=image,
    )
